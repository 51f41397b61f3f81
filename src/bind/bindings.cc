#include "bind/bindings.h"

namespace sluice::js {

void BindBuffer(Binder& binder);
void BindChannel(Binder& binder);
void BindChild(Binder& binder);
void BindCryptoCipher(Binder& binder);
void BindCryptoConstants(Binder& binder);
void BindCryptoDh(Binder& binder);
void BindCryptoGenerate(Binder& binder);
void BindCryptoHash(Binder& binder);
void BindCryptoKem(Binder& binder);
void BindCryptoKeys(Binder& binder);
void BindCryptoRandom(Binder& binder);
void BindCryptoSign(Binder& binder);
void BindCryptoSpkac(Binder& binder);
void BindCryptoX509(Binder& binder);
void BindDgram(Binder& binder);
void BindDns(Binder& binder);
void BindFs(Binder& binder);
void BindGroup(Binder& binder);
void BindHealth(Binder& binder);
void BindHttp2(Binder& binder);
void BindIosched(Binder& binder);
void BindLedger(Binder& binder);
void BindMetrics(Binder& binder);
void BindModule(Binder& binder);
void BindNet(Binder& binder);
void BindOs(Binder& binder);
void BindPermission(Binder& binder);
void BindPorts(Binder& binder);
void BindProcess(Binder& binder);
void BindProxy(Binder& binder);
void BindResolver(Binder& binder);
void BindRuntime(Binder& binder);
void BindSignal(Binder& binder);
void BindSim(Binder& binder);
void BindStdio(Binder& binder);
void BindTask(Binder& binder);
void BindTls(Binder& binder);
void BindTraces(Binder& binder);
void BindTypes(Binder& binder);
void BindVm(Binder& binder);
void BindWaiters(Binder& binder);
void BindWatch(Binder& binder);
void BindZlib(Binder& binder);

std::span<const BindingEntry> Bindings() {
  static const BindingEntry table[] = {
      {"buffer", BindBuffer},
      {"channel", BindChannel},
      {"child", BindChild},
      {"crypto_cipher", BindCryptoCipher},
      {"crypto_constants", BindCryptoConstants},
      {"crypto_dh", BindCryptoDh},
      {"crypto_generate", BindCryptoGenerate},
      {"crypto_hash", BindCryptoHash},
      {"crypto_kem", BindCryptoKem},
      {"crypto_keys", BindCryptoKeys},
      {"crypto_random", BindCryptoRandom},
      {"crypto_sign", BindCryptoSign},
      {"crypto_spkac", BindCryptoSpkac},
      {"crypto_x509", BindCryptoX509},
      {"dgram", BindDgram},
      {"dns", BindDns},
      {"fs", BindFs},
      {"group", BindGroup},
      {"health", BindHealth},
      {"http2", BindHttp2},
      {"iosched", BindIosched},
      {"ledger", BindLedger},
      {"metrics", BindMetrics},
      {"module", BindModule},
      {"net", BindNet},
      {"os", BindOs},
      {"permission", BindPermission},
      {"ports", BindPorts},
      {"process", BindProcess},
      {"proxy", BindProxy},
      {"resolver", BindResolver},
      {"runtime", BindRuntime},
      {"signal", BindSignal},
      {"sim", BindSim},
      {"stdio", BindStdio},
      {"task", BindTask},
      {"tls", BindTls},
      {"traces", BindTraces},
      {"types", BindTypes},
      {"vm", BindVm},
      {"waiters", BindWaiters},
      {"watch", BindWatch},
      {"zlib", BindZlib},
  };
  return table;
}

}  // namespace sluice::js
