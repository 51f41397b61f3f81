// libFuzzer: policy files, and what they say of paths, names and addresses.
#include <cstdlib>
#include <memory>
#include <string>

#include "grant/grant.h"

using sluice::grant::Policy;
using sluice::grant::Scope;

namespace {

void Must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  auto policy = std::make_shared<Policy>();
  if (!policy->AddJson(text).empty()) return 0;
  // What is in force reads as itself, and allows no more and no less.
  Policy again;
  Must(again.AddJson(policy->Json()).empty());
  Must(again.Json() == policy->Json());
  Must(!policy->MissingOf(Policy()));
  Policy child;
  child.set_above(policy);
  for (size_t i = 0; i < sluice::grant::kScopes; ++i) {
    auto scope = static_cast<Scope>(i);
    for (const char* value :
         {"/etc/passwd", "127.0.0.1:80", "HOME", "1", "example.com", "unix:/x"}) {
      bool allowed = policy->Allows(scope, value);
      Must(allowed == again.Allows(scope, value));
      // A child of it has never more.
      Policy all;
      (void)all.Allow(scope, std::nullopt);
      all.set_above(policy);
      if (!allowed) Must(!all.Allows(scope, value));
      Must(!child.Allows(scope, value));
      Policy less = *policy;
      if (less.Deny(scope, value).empty()) Must(!less.Allows(scope, value));
    }
    Policy none = *policy;
    (void)none.Deny(scope, std::nullopt);
    Must(!none.Allows(scope, std::nullopt) && !none.Allows(scope, "/etc/passwd"));
  }
  return 0;
}
