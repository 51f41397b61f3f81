// Internal. binding('permission'): what the program of this task may do, and what it was refused.
#include <atomic>
#include <string>
#include <utility>

#include "engine/denied.h"
#include "engine/value.h"
#include "grant/grant.h"
#include "grant/landlock.h"

namespace sluice::js {
namespace {

// Reports tells JavaScript of what is only audited: (scope, resource, stack). It may be used by
// workers after the engine has ended.
class Reports final : public grant::Auditor, public std::enable_shared_from_this<Reports> {
 public:
  Reports(Engine& engine, JSObjectRef listener)
      : engine_(engine), mailbox_(engine.loop().mailbox()), listener_(listener) {
    JSValueProtect(engine.context(), listener);
  }

  void Told(grant::Scope scope, const std::string& resource) override {
    if (Engine::Current() == &engine_) {
      JSContextRef context = engine_.context();
      std::string stack;
      JSValueRef error = MakeError(context, "Error", "", nullptr);
      if (JSValueIsObject(context, error))
        stack = Text(context, Get(context, JSValueToObject(context, error, nullptr), "stack"));
      Tell(scope, resource, stack, true);
      return;
    }
    // A worker does what was asked for before.
    mailbox_->Post(
        [self = shared_from_this(), scope, resource] { self->Tell(scope, resource, "", false); });
  }

 private:
  // On the engine's thread, within a call of JavaScript's or from its loop. The listener only makes
  // a note for the next tick.
  void Tell(grant::Scope scope, const std::string& resource, const std::string& stack,
            bool within) {
    if (Engine::Current() != &engine_) return;
    JSContextRef context = engine_.context();
    JSValueRef arguments[] = {MakeString(context, grant::ScopeName(scope)),
                              MakeString(context, resource), MakeString(context, stack)};
    if (within)
      JSObjectCallAsFunction(context, listener_, nullptr, std::size(arguments), arguments, nullptr);
    else
      engine_.Call(listener_, arguments);
  }

  Engine& engine_;
  std::shared_ptr<Mailbox> mailbox_;
  JSObjectRef listener_;  // protected for as long as the engine lives
};

// denied(): the error of what was refused last
JSValueRef Denied(Call& call) {
  return MakeDenied(call.context());
}

std::optional<std::string> ValueAt(Call& call, size_t i) {
  if (call.is_undefined(i)) return std::nullopt;
  return call.string(i);
}

// has(scope, value): whether it is allowed; undefined for no scope
JSValueRef Has(Call& call) {
  auto scope = grant::FindScope(call.string(0));
  auto value = ValueAt(call, 1);
  if (call.failed() || !scope) return call.undefined();
  const auto& policy = grant::Current().policy;
  return call.boolean_value(!policy || policy->Allows(*scope, value));
}

// drop(scope, value): "", or what is wrong with them
JSValueRef Drop(Call& call) {
  auto scope = grant::FindScope(call.string(0));
  auto value = ValueAt(call, 1);
  grant::Subject subject = grant::Current();
  if (call.failed() || !scope || !subject.policy) return call.undefined();
  auto policy = std::make_shared<grant::Policy>(*subject.policy);
  std::string wrong = policy->Deny(*scope, value);
  if (!wrong.empty()) return call.string_value(wrong);
  subject.policy = std::move(policy);
  grant::Become(std::move(subject));
  return call.string_value("");
}

// policy(): what is in force, as the JSON of a policy file
JSValueRef PolicyText(Call& call) {
  if (const auto& policy = grant::Current().policy) return call.string_value(policy->Json());
  grant::Policy all;
  for (size_t i = 0; i < grant::kScopes; ++i)
    (void)all.Allow(static_cast<grant::Scope>(i), std::nullopt);
  return call.string_value(all.Json());
}

// audit(listener): what is only audited goes there
JSValueRef Audit(Call& call) {
  JSObjectRef listener = call.object(0);
  if (call.failed()) return call.undefined();
  grant::Subject subject = grant::Current();
  subject.auditor = std::make_shared<Reports>(call.engine(), listener);
  grant::Become(std::move(subject));
  return call.undefined();
}

// confined(): what the kernel refuses besides, as bits: files, listen, connect, signal
JSValueRef Confined(Call& call) {
  const grant::Confinement& done = grant::Confined();
  return call.number_value((done.files ? 1 : 0) | (done.listen ? 2 : 0) | (done.connect ? 4 : 0) |
                           (done.signal ? 8 : 0));
}

// use(scope, name): throws if it is not allowed
JSValueRef Use(Call& call) {
  auto scope = grant::FindScope(call.string(0));
  std::string name = call.is_undefined(1) ? "" : call.string(1);
  if (call.failed() || !scope) return call.undefined();
  return grant::ToUse(*scope, name).error() != 0 ? ThrowDenied(call) : call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"denied", Guarded<Denied>},     {"has", Guarded<Has>},     {"drop", Guarded<Drop>},
    {"policy", Guarded<PolicyText>}, {"audit", Guarded<Audit>}, {"use", Guarded<Use>},
    {"confined", Guarded<Confined>},
};

}  // namespace

void BindPermission(Binder& binder) {
  binder.Functions(kFunctions);
  std::string scopes;
  for (size_t i = 0; i < grant::kScopes; ++i)
    scopes += (i > 0 ? " " : "") + std::string(grant::ScopeName(static_cast<grant::Scope>(i)));
  binder.Text("scopes", scopes);
}

}  // namespace sluice::js
