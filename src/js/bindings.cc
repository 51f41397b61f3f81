#include "js/value.h"

namespace sluice::js {

void BindBuffer(Binder& binder);
void BindModule(Binder& binder);
void BindRuntime(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"buffer", BindBuffer},
      {"module", BindModule},
      {"runtime", BindRuntime},
  };
  return table;
}

}  // namespace sluice::js
