#include "grant/run.h"

#include <algorithm>
#include <cstdlib>

namespace sluice::grant {
namespace {

// Whether a variable decides what code a program runs before its own.
bool LoadsCode(std::string_view name) {
  constexpr std::string_view kNames[] = {"GCONV_PATH", "GLIBC_TUNABLES", "NODE_OPTIONS", "BASH_ENV",
                                         "ENV",        "PYTHONSTARTUP",  "PYTHONPATH",   "PERL5OPT",
                                         "PERL5LIB",   "RUBYOPT",        "OPENSSL_CONF"};
  return name.starts_with("LD_") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool IsInherited(const std::string& entry, const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr && entry == name + "=" + value;
}

}  // namespace

PathGrant ToRun(std::string_view path, const std::vector<std::string>& environment) {
  const Subject& subject = Current();
  if (!subject.policy || Allows(*subject.policy, Scope::kRun, std::nullopt))
    return ToPath(path, kRun);
  for (const std::string& entry : environment) {
    std::string name = entry.substr(0, entry.find('='));
    if (LoadsCode(name) && !IsInherited(entry, name))
      return RefusePath(path, Scope::kRun, std::string(path) + " with " + name);
  }
  return ToPath(path, kRun);
}

void Inherit(std::vector<std::string>& environment) {
  const auto& policy = Current().policy;
  if (!policy || policy->audit()) return;
  std::string start = std::string(kInherited) + "=";
  std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(start); });
  environment.push_back(start + policy->Json(true));
}

}  // namespace sluice::grant
