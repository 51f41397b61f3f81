#include "bind/task/permission.h"

#include <algorithm>

#include "engine/denied.h"
#include "grant/load.h"

namespace sluice::js {

int SetSubject(Call& call, const std::string& file, size_t permission, TaskOptions& options) {
  std::shared_ptr<const grant::Policy> mine = grant::Current().policy;
  if (mine && !file.empty()) {
    if (int error = grant::ToPath(file, grant::kTask).error()) return error;
    // Who may start it may load it.
    auto with = std::make_shared<grant::Policy>(*mine);
    with->AddLoadable(file);
    mine = std::move(with);
  } else if (mine) {
    if (int error = grant::ToUse(grant::Scope::kTask).error()) return error;
  }
  options.subject.policy = mine;
  if (call.is_undefined(permission)) return 0;
  auto policy = std::make_shared<grant::Policy>();
  std::string wrong = policy->AddJson(call.string(permission));
  if (!wrong.empty()) {
    call.ThrowTypeError("permission " + wrong, "ERR_INVALID_ARG_VALUE");
    return 0;
  }
  if (mine) {
    if (auto missing = mine->MissingOf(*policy); missing && !mine->audit())
      return grant::RefuseMore(*missing);
    policy->set_audit(mine->audit());
    for (const auto& path : mine->loadable()) policy->AddLoadable(path.text());
  } else {
    for (const std::string& path : grant::LoadableOf(file)) policy->AddLoadable(path);
  }
  policy->set_above(std::move(mine));
  options.subject.policy = std::move(policy);
  return 0;
}

void SetQuota(Call& call, size_t i, TaskOptions& options) {
  auto count = [&](size_t at) {
    return static_cast<size_t>(std::max<int64_t>(call.integer(at), 0));
  };
  if (call.size() <= i) return;
  options.quota = {count(i), count(i + 1), count(i + 2), count(i + 3),
                   std::max(call.number(i + 4), 0.0)};
}

bool MayEnd(const Task& mine, const Task& task) {
  if (!grant::Restricted()) return true;
  int parent = task.id();
  while (parent != mine.id() && parent != 0) {
    auto one = Task::Find(parent);
    parent = one ? one->parent() : 0;
  }
  return parent == mine.id() ||
         grant::ToUse(grant::Scope::kSignal, "task:" + std::to_string(task.id())).error() == 0;
}

JSValueRef CheckStart(Call& call) {
  int error = grant::ToPath(call.string(0), grant::kTask).error();
  return error == -kAccessDenied ? ThrowDenied(call) : call.undefined();
}

}  // namespace sluice::js
