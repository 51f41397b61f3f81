#include "js/value.h"

namespace sluice::js {

void BindFs(Binder& binder);
void BindModule(Binder& binder);
void BindOs(Binder& binder);
void BindProcess(Binder& binder);
void BindRuntime(Binder& binder);
void BindSignal(Binder& binder);
void BindStdio(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"fs", BindFs},
      {"module", BindModule},
      {"os", BindOs},
      {"process", BindProcess},
      {"runtime", BindRuntime},
      {"signal", BindSignal},
      {"stdio", BindStdio},
  };
  return table;
}

}  // namespace sluice::js
