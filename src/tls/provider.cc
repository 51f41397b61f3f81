#include "tls/provider.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <memory>
#include <string_view>

#include "base/switch.h"

namespace sluice {
namespace {

constexpr char kName[] = "sluice";
constexpr char kSwitch[] = "SLUICE_TLS_PROVIDER";
// A name of our own: `provider` would take the place of one in the configuration's properties.
constexpr char kPrefer[] = "?sluice.tls=yes";

const OSSL_ALGORITHM* Query(void*, int operation, int* no_cache) {
  *no_cache = 0;
  if (operation == OSSL_OP_KDF) return KdfAlgorithms();
  if (operation == OSSL_OP_KEYMGMT) return KeyAlgorithms();
  if (operation == OSSL_OP_KEYEXCH) return ExchangeAlgorithms();
#ifdef SLUICE_FAST_GCM
  if (operation == OSSL_OP_CIPHER) return GcmAlgorithms();
#endif
  return nullptr;
}

int Capabilities(void*, const char* name, OSSL_CALLBACK* take, void* argument) {
  return std::string_view(name) != "TLS-GROUP" || TellGroups(take, argument);
}

const OSSL_PARAM* Described(void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_NAME, OSSL_PARAM_UTF8_PTR, nullptr, 0),
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_STATUS, OSSL_PARAM_INTEGER, nullptr, 0), OSSL_PARAM_END};
  return parameters;
}

int Describe(void*, OSSL_PARAM parameters[]) {
  OSSL_PARAM* name = OSSL_PARAM_locate(parameters, OSSL_PROV_PARAM_NAME);
  if (name != nullptr && OSSL_PARAM_set_utf8_ptr(name, kName) != 1) return 0;
  OSSL_PARAM* status = OSSL_PARAM_locate(parameters, OSSL_PROV_PARAM_STATUS);
  return status == nullptr || OSSL_PARAM_set_int(status, 1) == 1;
}

int Init(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH*, const OSSL_DISPATCH** out,
         void** context) {
  static const OSSL_DISPATCH functions[] = {
      ProviderEntry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, Query),
      ProviderEntry(OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, Described),
      ProviderEntry(OSSL_FUNC_PROVIDER_GET_PARAMS, Describe),
      ProviderEntry(OSSL_FUNC_PROVIDER_GET_CAPABILITIES, Capabilities),
      {0, nullptr}};
  *out = functions;
  *context = const_cast<OSSL_CORE_HANDLE*>(handle);  // any pointer: the provider has no state
  return 1;
}

bool IsDefault(const OSSL_PROVIDER* provider) {
  return provider != nullptr && std::string_view(OSSL_PROVIDER_get0_name(provider)) == "default";
}

// Whether OpenSSL's default provider has what ours would take the place of. If the configuration
// puts another in its place, such as that of FIPS, that one stays. Of equal implementations OpenSSL
// takes the one that it knew first: those that are fetched here remain what everything but TLS
// gets.
bool DefaultIsInUse() {
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), EVP_CIPHER_free);
  std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "TLS13-KDF", nullptr), EVP_KDF_free);
  std::unique_ptr<EVP_KEYMGMT, decltype(&EVP_KEYMGMT_free)> keys(
      EVP_KEYMGMT_fetch(nullptr, "X25519", nullptr), EVP_KEYMGMT_free);
  std::unique_ptr<EVP_KEYEXCH, decltype(&EVP_KEYEXCH_free)> exchange(
      EVP_KEYEXCH_fetch(nullptr, "X25519", nullptr), EVP_KEYEXCH_free);
  return cipher && IsDefault(EVP_CIPHER_get0_provider(cipher.get())) && kdf &&
         IsDefault(EVP_KDF_get0_provider(kdf.get())) && keys &&
         IsDefault(EVP_KEYMGMT_get0_provider(keys.get())) && exchange &&
         IsDefault(EVP_KEYEXCH_get0_provider(exchange.get()));
}

// Returns OpenSSL's object of the provider, which stays until the process ends, or null.
OSSL_PROVIDER* Load() {
  if (TurnedOff(kSwitch)) return nullptr;
  OSSL_PROVIDER* loaded = nullptr;
  if (DefaultIsInUse() && OSSL_PROVIDER_add_builtin(nullptr, kName, Init) == 1)
    loaded = OSSL_PROVIDER_try_load(nullptr, kName, 1);
  ERR_clear_error();
  return loaded;
}

}  // namespace

const char* TlsProperties() {
  static OSSL_PROVIDER* const provider = Load();
  return provider != nullptr ? kPrefer : nullptr;
}

}  // namespace sluice
