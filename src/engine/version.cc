#include "engine/version.h"

#include <openssl/crypto.h>

namespace sluice::js {

Versions GetVersions() {
  return {SLUICE_VERSION, JSC_VERSION, OpenSSL_version(OPENSSL_VERSION_STRING)};
}

}  // namespace sluice::js
