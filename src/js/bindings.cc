#include "js/value.h"

namespace sluice::js {

void BindDns(Binder& binder);
void BindIosched(Binder& binder);
void BindModule(Binder& binder);
void BindNet(Binder& binder);
void BindRuntime(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"dns", BindDns},
      {"iosched", BindIosched},
      {"module", BindModule},
      {"net", BindNet},
      {"runtime", BindRuntime},
  };
  return table;
}

}  // namespace sluice::js
