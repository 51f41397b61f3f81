#include "js/value.h"

namespace sluice::js {

void BindBuffer(Binder& binder);
void BindCryptoHash(Binder& binder);
void BindCryptoRandom(Binder& binder);
void BindDns(Binder& binder);
void BindFs(Binder& binder);
void BindIosched(Binder& binder);
void BindModule(Binder& binder);
void BindNet(Binder& binder);
void BindOs(Binder& binder);
void BindProcess(Binder& binder);
void BindRuntime(Binder& binder);
void BindSignal(Binder& binder);
void BindStdio(Binder& binder);
void BindTask(Binder& binder);
void BindTls(Binder& binder);
void BindTypes(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"buffer", BindBuffer},
      {"crypto_hash", BindCryptoHash},
      {"crypto_random", BindCryptoRandom},
      {"dns", BindDns},
      {"fs", BindFs},
      {"iosched", BindIosched},
      {"module", BindModule},
      {"net", BindNet},
      {"os", BindOs},
      {"process", BindProcess},
      {"runtime", BindRuntime},
      {"signal", BindSignal},
      {"stdio", BindStdio},
      {"task", BindTask},
      {"tls", BindTls},
      {"types", BindTypes},
  };
  return table;
}

}  // namespace sluice::js
