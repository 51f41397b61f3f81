#include "grant/scope.h"

#include <algorithm>
#include <string>

namespace sluice::grant {
namespace {

constexpr const char* kScopeNames[kScopes] = {"listen", "connect", "fs.read", "fs.write",
                                              "env",    "run",     "task",    "signal",
                                              "dns",    "capture", "control", "inspect"};

}  // namespace

const char* ScopeName(Scope scope) {
  return kScopeNames[static_cast<size_t>(scope)];
}

std::optional<Scope> FindScope(std::string_view name) {
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '-', '.');
  for (size_t i = 0; i < kScopes; ++i)
    if (plain == kScopeNames[i]) return static_cast<Scope>(i);
  return std::nullopt;
}

}  // namespace sluice::grant
