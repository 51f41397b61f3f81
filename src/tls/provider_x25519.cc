// The provider's X25519: keys (provider-keymgmt(7)), the agreement (provider-keyexch(7)), and the
// group of TLS (provider-base(7), CAPABILITIES). By vectors, a server makes its key with the
// client's as the template, and multiplies both points by the new secret at once; the agreement is
// then there already. Without them keys come of a table, and agreements are OpenSSL's, to which
// libcrypto exports the keys.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/proverr.h>
#include <openssl/rand.h>
#include <openssl/tls1.h>
#include <strings.h>

#include <algorithm>
#include <new>
#include <optional>
#include <tuple>

#include "tls/provider.h"
#include "tls/x25519.h"
#include "tls/x25519_ahead.h"

namespace sluice {
namespace {

using Bytes = X25519::Bytes;
constexpr char kGroup[] = "x25519";

bool HasKeys() {
  return X25519::Usable() || X25519Base::Usable();
}

struct Key {
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key() {
    OPENSSL_cleanse(secret.data(), secret.size());
    OPENSSL_cleanse(agreed.data(), agreed.size());
  }

  Bytes secret{}, share{};
  bool has_secret = false, has_share = false;
  Bytes agreed{};             // with the peer, if there is one
  std::optional<Bytes> peer;  // its share
};

Key& KeyOf(void* key) {
  return *static_cast<Key*>(key);
}
const Key& KeyOf(const void* key) {
  return *static_cast<const Key*>(key);
}

void* NewKey(void*) {
  return new (std::nothrow) Key;
}
void FreeKey(void* key) {
  delete static_cast<Key*>(key);
}

void* Duplicate(const void* from, int selection) {
  auto* key = new (std::nothrow) Key(KeyOf(from));
  if (key == nullptr) return nullptr;
  if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) return key;
  *key = Key();
  if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0) {
    key->share = KeyOf(from).share;
    key->has_share = KeyOf(from).has_share;
  }
  return key;
}

// Null has nothing: OpenSSL asks for keys that have no data yet.
int Has(const void* key, int selection) {
  if (key == nullptr) return 0;
  const Key& self = KeyOf(key);
  return ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0 || self.has_share) &&
         ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 || self.has_secret);
}

int Match(const void* one, const void* other, int selection) {
  const Key& a = KeyOf(one);
  const Key& b = KeyOf(other);
  if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return 1;
  if (a.has_share && b.has_share) return a.share == b.share;
  return a.has_secret && b.has_secret &&
         CRYPTO_memcmp(a.secret.data(), b.secret.data(), X25519::kSize) == 0;
}

// ---- Bytes of keys

// The 32 bytes of a parameter.
std::optional<Bytes> Read(const OSSL_PARAM& parameter) {
  Bytes bytes;
  if (parameter.data_type != OSSL_PARAM_OCTET_STRING || parameter.data == nullptr ||
      parameter.data_size != bytes.size()) {
    Refuse(PROV_R_INVALID_KEY_LENGTH);
    return std::nullopt;
  }
  std::copy_n(static_cast<const uint8_t*>(parameter.data), bytes.size(), bytes.begin());
  return bytes;
}

int SetShare(void* key, const OSSL_PARAM parameters[]) {
  const OSSL_PARAM* share = OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY);
  if (share == nullptr) return 1;
  auto bytes = Read(*share);
  if (!bytes) return 0;
  KeyOf(key) = Key();  // a secret was of another share
  KeyOf(key).share = *bytes;
  KeyOf(key).has_share = true;
  return 1;
}

const OSSL_PARAM* Settable(void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, nullptr, 0), OSSL_PARAM_END};
  return parameters;
}

bool Tell(OSSL_PARAM parameters[], const char* name, const Bytes& bytes, bool known) {
  OSSL_PARAM* one = OSSL_PARAM_locate(parameters, name);
  return one == nullptr || !known ||
         OSSL_PARAM_set_octet_string(one, bytes.data(), bytes.size()) == 1;
}

bool Tell(OSSL_PARAM parameters[], const char* name, int number) {
  OSSL_PARAM* one = OSSL_PARAM_locate(parameters, name);
  return one == nullptr || OSSL_PARAM_set_int(one, number) == 1;
}

int Get(void* key, OSSL_PARAM parameters[]) {
  constexpr int kBits = 253, kSecurityBits = 128;  // as OpenSSL says
  const Key& self = KeyOf(key);
  return Tell(parameters, OSSL_PKEY_PARAM_BITS, kBits) &&
         Tell(parameters, OSSL_PKEY_PARAM_SECURITY_BITS, kSecurityBits) &&
         Tell(parameters, OSSL_PKEY_PARAM_MAX_SIZE, X25519::kSize) &&
         Tell(parameters, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, self.share, self.has_share) &&
         Tell(parameters, OSSL_PKEY_PARAM_PUB_KEY, self.share, self.has_share) &&
         Tell(parameters, OSSL_PKEY_PARAM_PRIV_KEY, self.secret, self.has_secret);
}

const OSSL_PARAM* Gettable(void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, nullptr),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, nullptr, 0),
      OSSL_PARAM_END};
  return parameters;
}

// What goes from and to other providers.
const OSSL_PARAM* Movable(int selection) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, nullptr, 0), OSSL_PARAM_END};
  return (selection & OSSL_KEYMGMT_SELECT_KEYPAIR) != 0 ? parameters : nullptr;
}

int Import(void* key, int selection, const OSSL_PARAM parameters[]) {
  const OSSL_PARAM* share = OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_PUB_KEY);
  const OSSL_PARAM* secret = (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0
                                 ? OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_PRIV_KEY)
                                 : nullptr;
  if ((selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0 || (share == nullptr && secret == nullptr))
    return 0;
  Key read;
  for (auto [parameter, bytes, has] : {std::tuple{share, &read.share, &read.has_share},
                                       std::tuple{secret, &read.secret, &read.has_secret}}) {
    if (parameter == nullptr) continue;
    auto given = Read(*parameter);
    if (!given) return 0;
    *bytes = *given;
    *has = true;
    OPENSSL_cleanse(given->data(), given->size());
  }
  if (!read.has_share && X25519::Usable())
    read.share = X25519::Multiply(read.secret, X25519::kBase);
  else if (!read.has_share)
    X25519Base::Multiply(&read.secret, &read.share, 1);
  read.has_share = true;
  KeyOf(key) = read;
  return 1;
}

int Export(void* key, int selection, OSSL_CALLBACK* take, void* argument) {
  Key& self = KeyOf(key);
  OSSL_PARAM parameters[3];
  size_t count = 0;
  auto add = [&](const char* name, Bytes& bytes) {
    parameters[count++] = OSSL_PARAM_construct_octet_string(name, bytes.data(), bytes.size());
  };
  if (self.has_share) add(OSSL_PKEY_PARAM_PUB_KEY, self.share);
  if (self.has_secret && (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0)
    add(OSSL_PKEY_PARAM_PRIV_KEY, self.secret);
  parameters[count] = OSSL_PARAM_construct_end();
  return take(parameters, argument);
}

// ---- Making keys

struct Generation {
  int selection;
  std::optional<Bytes> peer;  // the template's share
};

int SetGeneration(void*, const OSSL_PARAM parameters[]) {
  const OSSL_PARAM* group = OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_GROUP_NAME);
  if (group == nullptr) return 1;
  return (group->data_type == OSSL_PARAM_UTF8_STRING && group->data != nullptr &&
          strcasecmp(static_cast<const char*>(group->data), kGroup) == 0) ||
         Refuse(ERR_R_PASSED_INVALID_ARGUMENT);
}

const OSSL_PARAM* SettableOfGeneration(void*, void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0), OSSL_PARAM_END};
  return parameters;
}

void* BeginGeneration(void*, int selection, const OSSL_PARAM parameters[]) {
  if (SetGeneration(nullptr, parameters) != 1) return nullptr;
  return new (std::nothrow) Generation{selection, std::nullopt};
}

int SetTemplate(void* generation, void* key) {
  if (key != nullptr && KeyOf(key).has_share)
    static_cast<Generation*>(generation)->peer = KeyOf(key).share;
  return 1;
}

// By vectors. peer is what the key will first agree with, if that is known.
bool Make(Key* key, const std::optional<Bytes>& peer) {
  if (RAND_priv_bytes(key->secret.data(), X25519::kSize) != 1) return false;
  X25519::Clamp(&key->secret);  // as OpenSSL keeps it
  if (!peer) {
    key->share = X25519::Multiply(key->secret, X25519::kBase);
    return true;
  }
  Bytes products[2];
  X25519::MultiplyBoth(key->secret, {X25519::kBase, *peer}, products);
  key->share = products[0];
  key->agreed = products[1];
  key->peer = peer;
  OPENSSL_cleanse(products, sizeof products);
  return true;
}

void* Generate(void* generation, OSSL_CALLBACK*, void*) {
  const Generation& self = *static_cast<Generation*>(generation);
  auto* key = new (std::nothrow) Key;
  if (key == nullptr || (self.selection & OSSL_KEYMGMT_SELECT_KEYPAIR) == 0) return key;
  key->has_secret = key->has_share = true;
  if (X25519::Usable() ? Make(key, self.peer) : NextX25519Key(&key->secret, &key->share))
    return key;
  delete key;
  return nullptr;
}

void EndGeneration(void* generation) {
  delete static_cast<Generation*>(generation);
}

// ---- The agreement

struct Exchange {
  std::optional<Key> own;
  std::optional<Bytes> peer;
};

void* NewExchange(void*) {
  return new (std::nothrow) Exchange;
}
void FreeExchange(void* exchange) {
  delete static_cast<Exchange*>(exchange);
}
void* DuplicateExchange(void* exchange) {
  return new (std::nothrow) Exchange(*static_cast<Exchange*>(exchange));
}

int BeginExchange(void* exchange, void* key, const OSSL_PARAM[]) {
  if (key == nullptr || !KeyOf(key).has_secret) return Refuse(PROV_R_MISSING_KEY);
  static_cast<Exchange*>(exchange)->own = KeyOf(key);
  return 1;
}

int SetPeer(void* exchange, void* key) {
  if (key == nullptr || !KeyOf(key).has_share) return Refuse(PROV_R_MISSING_KEY);
  static_cast<Exchange*>(exchange)->peer = KeyOf(key).share;
  return 1;
}

int Agree(void* exchange, unsigned char* secret, size_t* size, size_t room) {
  const auto& [own, peer] = *static_cast<Exchange*>(exchange);
  if (!own || !peer) return Refuse(PROV_R_MISSING_KEY);
  *size = X25519::kSize;
  if (secret == nullptr) return 1;
  if (room < X25519::kSize) return Refuse(PROV_R_OUTPUT_BUFFER_TOO_SMALL);
  Bytes agreed = own->peer == peer ? own->agreed : X25519::Multiply(own->secret, *peer);
  // A peer that chose a point of small order chose the secret (RFC 8446, section 7.4.2).
  constexpr Bytes kZeros = {};
  const bool usable = CRYPTO_memcmp(agreed.data(), kZeros.data(), agreed.size()) != 0;
  std::copy(agreed.begin(), agreed.end(), secret);
  OPENSSL_cleanse(agreed.data(), agreed.size());
  return usable || Refuse(PROV_R_FAILED_DURING_DERIVATION);
}

}  // namespace

const OSSL_ALGORITHM* KeyAlgorithms() {
  static const OSSL_DISPATCH functions[] = {
      ProviderEntry(OSSL_FUNC_KEYMGMT_NEW, NewKey),
      ProviderEntry(OSSL_FUNC_KEYMGMT_FREE, FreeKey),
      ProviderEntry(OSSL_FUNC_KEYMGMT_DUP, Duplicate),
      ProviderEntry(OSSL_FUNC_KEYMGMT_HAS, Has),
      ProviderEntry(OSSL_FUNC_KEYMGMT_MATCH, Match),
      ProviderEntry(OSSL_FUNC_KEYMGMT_SET_PARAMS, SetShare),
      ProviderEntry(OSSL_FUNC_KEYMGMT_SETTABLE_PARAMS, Settable),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GET_PARAMS, Get),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, Gettable),
      ProviderEntry(OSSL_FUNC_KEYMGMT_IMPORT, Import),
      ProviderEntry(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, Movable),
      ProviderEntry(OSSL_FUNC_KEYMGMT_EXPORT, Export),
      ProviderEntry(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, Movable),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN_INIT, BeginGeneration),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN_SET_TEMPLATE, SetTemplate),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN_SET_PARAMS, SetGeneration),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN_SETTABLE_PARAMS, SettableOfGeneration),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN, Generate),
      ProviderEntry(OSSL_FUNC_KEYMGMT_GEN_CLEANUP, EndGeneration),
      {0, nullptr}};
  static const OSSL_ALGORITHM algorithms[] = {
      {"X25519:1.3.101.110", kProviderProperties, functions, "keys of X25519"},
      {nullptr, nullptr, nullptr, nullptr}};
  return HasKeys() ? algorithms : nullptr;
}

const OSSL_ALGORITHM* ExchangeAlgorithms() {
  static const OSSL_DISPATCH functions[] = {
      ProviderEntry(OSSL_FUNC_KEYEXCH_NEWCTX, NewExchange),
      ProviderEntry(OSSL_FUNC_KEYEXCH_FREECTX, FreeExchange),
      ProviderEntry(OSSL_FUNC_KEYEXCH_DUPCTX, DuplicateExchange),
      ProviderEntry(OSSL_FUNC_KEYEXCH_INIT, BeginExchange),
      ProviderEntry(OSSL_FUNC_KEYEXCH_SET_PEER, SetPeer),
      ProviderEntry(OSSL_FUNC_KEYEXCH_DERIVE, Agree),
      {0, nullptr}};
  static const OSSL_ALGORITHM algorithms[] = {
      {"X25519:1.3.101.110", kProviderProperties, functions, "agreement by X25519"},
      {nullptr, nullptr, nullptr, nullptr}};
  return X25519::Usable() ? algorithms : nullptr;
}

// libssl takes a group only of the provider whose keys it gets.
int TellGroups(OSSL_CALLBACK* take, void* argument) {
  static unsigned id = 0x001d, bits = 128, is_kem = 0;
  static int least_tls = TLS1_VERSION, most_tls = 0, least_dtls = DTLS1_VERSION, most_dtls = 0;
  static char name[] = "x25519", algorithm[] = "X25519";
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_utf8_string(OSSL_CAPABILITY_TLS_GROUP_NAME, name, sizeof name),
      OSSL_PARAM_utf8_string(OSSL_CAPABILITY_TLS_GROUP_NAME_INTERNAL, algorithm, sizeof algorithm),
      OSSL_PARAM_utf8_string(OSSL_CAPABILITY_TLS_GROUP_ALG, algorithm, sizeof algorithm),
      OSSL_PARAM_uint(OSSL_CAPABILITY_TLS_GROUP_ID, &id),
      OSSL_PARAM_uint(OSSL_CAPABILITY_TLS_GROUP_SECURITY_BITS, &bits),
      OSSL_PARAM_uint(OSSL_CAPABILITY_TLS_GROUP_IS_KEM, &is_kem),
      OSSL_PARAM_int(OSSL_CAPABILITY_TLS_GROUP_MIN_TLS, &least_tls),
      OSSL_PARAM_int(OSSL_CAPABILITY_TLS_GROUP_MAX_TLS, &most_tls),
      OSSL_PARAM_int(OSSL_CAPABILITY_TLS_GROUP_MIN_DTLS, &least_dtls),
      OSSL_PARAM_int(OSSL_CAPABILITY_TLS_GROUP_MAX_DTLS, &most_dtls),
      OSSL_PARAM_END};
  return !HasKeys() || take(parameters, argument);
}

}  // namespace sluice
