#include "js/value.h"

namespace sluice::js {

void BindBuffer(Binder& binder);
void BindDns(Binder& binder);
void BindIosched(Binder& binder);
void BindModule(Binder& binder);
void BindNet(Binder& binder);
void BindOs(Binder& binder);
void BindRuntime(Binder& binder);
void BindTask(Binder& binder);
void BindTypes(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"buffer", BindBuffer},
      {"dns", BindDns},
      {"iosched", BindIosched},
      {"module", BindModule},
      {"net", BindNet},
      {"os", BindOs},
      {"runtime", BindRuntime},
      {"task", BindTask},
      {"types", BindTypes},
  };
  return table;
}

}  // namespace sluice::js
