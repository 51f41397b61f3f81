#include "js/value.h"

namespace sluice::js {

void BindModule(Binder& binder);
void BindOs(Binder& binder);
void BindRuntime(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"module", BindModule},
      {"os", BindOs},
      {"runtime", BindRuntime},
  };
  return table;
}

}  // namespace sluice::js
