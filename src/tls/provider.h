// Internal. OpenSSL's provider `sluice`: other implementations of what TLS uses most.
#pragma once

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/err.h>

namespace sluice {

// TlsProperties returns the property query of TLS contexts. It prefers the provider, which the
// first call makes known to OpenSSL, and needs nothing of it: what the provider lacks, or what the
// configuration's own properties exclude (`fips=yes`), comes from the others. Null if the
// configuration does without OpenSSL's default provider, or the environment has
// SLUICE_TLS_PROVIDER=0. Any thread.
const char* TlsProperties();

// The parts of the provider, as OSSL_FUNC_provider_query_operation returns them.
inline constexpr char kProviderProperties[] = "provider=sluice,sluice.tls=yes";
const OSSL_ALGORITHM* KdfAlgorithms();
const OSSL_ALGORITHM* GcmAlgorithms();  // null where AES-GCM would not be faster than OpenSSL's
// X25519; null, and no group, where it would not be faster than OpenSSL's. There may be keys alone,
// with which OpenSSL agrees.
const OSSL_ALGORITHM* KeyAlgorithms();
const OSSL_ALGORITHM* ExchangeAlgorithms();
int TellGroups(OSSL_CALLBACK* take, void* argument);  // as the capability TLS-GROUP

// Refuse leaves an error of providers (openssl/proverr.h) in OpenSSL's queue; returns false.
inline bool Refuse(int reason) {
  ERR_raise(ERR_LIB_PROV, reason);
  return false;
}

template <class Function>
OSSL_DISPATCH ProviderEntry(int id, Function* function) {
  return {id, reinterpret_cast<void (*)()>(function)};
}

}  // namespace sluice
