#include "js/value.h"

namespace sluice::js {

void BindModule(Binder& binder);
void BindRuntime(Binder& binder);
void BindTypes(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"module", BindModule},
      {"runtime", BindRuntime},
      {"types", BindTypes},
  };
  return table;
}

}  // namespace sluice::js
