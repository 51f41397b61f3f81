#include "js/value.h"

namespace sluice::js {

void BindRuntime(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"runtime", BindRuntime},
  };
  return table;
}

}  // namespace sluice::js
