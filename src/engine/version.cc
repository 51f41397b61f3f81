#include "engine/version.h"

#include <openssl/crypto.h>

#include "engine/engine.h"
#include "engine/jsc_spi.h"
#include "engine/self_check.h"
#include "sluice/version.h"

namespace sluice::js {

const Versions& GetVersions() {
  static const Versions versions{SLUICE_VERSION, spi::EngineVersion(), JSC_VERSION,
                                 OpenSSL_version(OPENSSL_VERSION_STRING)};
  return versions;
}

std::string FastPaths() {
  if (Engine::Current() == nullptr) {
    JSGlobalContextRef context = JSGlobalContextCreate(nullptr);
    SelfCheck(context);
    JSGlobalContextRelease(context);
  }
  return spi::FastList();
}

}  // namespace sluice::js
