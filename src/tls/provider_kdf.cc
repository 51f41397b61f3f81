// The provider's TLS13-KDF, the key schedule of TLS 1.3 (RFC 8446, section 7.1). OpenSSL asks for
// it some twenty times in a handshake. Names and meanings: EVP_KDF-TLS13_KDF(7).
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/proverr.h>
#include <strings.h>

#include <array>
#include <new>
#include <string_view>
#include <vector>

#include "tls/hkdf.h"
#include "tls/provider.h"
#include "tls/traffic_secrets.h"

namespace sluice {
namespace {

// What a derivation is made from. Bytes that were not given are null.
struct Inputs {
  using Bytes = std::span<const uint8_t>;
  enum Digest : uint8_t { kNone, kSha256, kSha384 };

  int mode = EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND;
  Digest digest = kNone;
  Bytes key, salt, prefix, label, data;
};

struct Field {
  std::string_view name;
  Inputs::Bytes Inputs::*bytes;
};
constexpr Field kFields[] = {
    {OSSL_KDF_PARAM_KEY, &Inputs::key},       {OSSL_KDF_PARAM_SALT, &Inputs::salt},
    {OSSL_KDF_PARAM_PREFIX, &Inputs::prefix}, {OSSL_KDF_PARAM_LABEL, &Inputs::label},
    {OSSL_KDF_PARAM_DATA, &Inputs::data},
};

// ---- The arithmetic

template <class Hash>
std::array<uint8_t, Hash::kSize> DigestOfNothing() {
  std::array<uint8_t, Hash::kSize> digest;
  typename Hash::State state;
  Hash::Init(&state);
  Hash::Final(&state, digest.data());
  return digest;
}

// The next secret of the schedule: what was derived from the one before, and new material. Either
// may lack; then zeros take its place.
template <class Hash>
bool NextSecret(const Inputs& from, uint8_t (&out)[Hash::kSize]) {
  static constexpr uint8_t kZeros[Hash::kSize] = {};
  uint8_t salt[Hash::kSize];
  size_t salt_size = 0;
  if (from.salt.data() != nullptr) {
    static const auto of_nothing = DigestOfNothing<Hash>();
    if (!ExpandLabel<Hash>(from.salt, from.prefix, from.label, of_nothing, salt)) return false;
    salt_size = sizeof salt;
  }
  HkdfExtract<Hash>({salt, salt_size},
                    from.key.data() != nullptr ? from.key : Inputs::Bytes(kZeros), out);
  OPENSSL_cleanse(salt, sizeof salt);
  return true;
}

template <class Hash>
bool ExpandKey(const Inputs& from, std::span<uint8_t> out) {
  if (from.key.data() == nullptr ||
      !ExpandLabel<Hash>(from.key, from.prefix, from.label, from.data, out))
    return false;
  if (TrafficSecrets* listener = TrafficSecrets::listener()) listener->Note(from.label, out);
  return true;
}

template <class Hash>
int Derive(const Inputs& from, std::span<uint8_t> out) {
  if (from.mode == EVP_KDF_HKDF_MODE_EXPAND_ONLY)
    return ExpandKey<Hash>(from, out);
  if (from.mode != EVP_KDF_HKDF_MODE_EXTRACT_ONLY) return 0;
  if (out.size() != Hash::kSize) return Refuse(PROV_R_WRONG_OUTPUT_BUFFER_SIZE);
  return NextSecret<Hash>(from, *reinterpret_cast<uint8_t(*)[Hash::kSize]>(out.data()));
}

// ---- Parameters

bool ReadMode(const OSSL_PARAM* parameter, int* mode) {
  if (parameter->data_type == OSSL_PARAM_UTF8_STRING) {
    const char* name = static_cast<const char*>(parameter->data);
    *mode = strcasecmp(name, "EXTRACT_ONLY") == 0  ? EVP_KDF_HKDF_MODE_EXTRACT_ONLY
            : strcasecmp(name, "EXPAND_ONLY") == 0 ? EVP_KDF_HKDF_MODE_EXPAND_ONLY
                                                   : EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND;
  } else if (OSSL_PARAM_get_int(parameter, mode) != 1) {
    return false;
  }
  return *mode == EVP_KDF_HKDF_MODE_EXTRACT_ONLY || *mode == EVP_KDF_HKDF_MODE_EXPAND_ONLY;
}

// The suites of TLS 1.3 have no other digest.
Inputs::Digest ReadDigest(const OSSL_PARAM* parameter) {
  if (parameter->data_type != OSSL_PARAM_UTF8_STRING) return Inputs::kNone;
  const char* name = static_cast<const char*>(parameter->data);
  for (const char* one : {"SHA2-384", "SHA384", "SHA-384"})
    if (strcasecmp(name, one) == 0) return Inputs::kSha384;
  for (const char* one : {"SHA2-256", "SHA256", "SHA-256"})
    if (strcasecmp(name, one) == 0) return Inputs::kSha256;
  return Inputs::kNone;
}

// Takes over what the parameters name; the bytes stay where they are.
int Read(const OSSL_PARAM parameters[], Inputs* inputs) {
  if (parameters == nullptr || parameters->key == nullptr) return 1;
  inputs->data = {};  // holds for one derivation
  for (const OSSL_PARAM* each = parameters; each->key != nullptr; ++each) {
    const std::string_view name = each->key;
    if (name == OSSL_KDF_PARAM_MODE) {
      if (!ReadMode(each, &inputs->mode)) return Refuse(PROV_R_INVALID_MODE);
      continue;
    }
    if (name == OSSL_KDF_PARAM_DIGEST) {
      inputs->digest = ReadDigest(each);
      if (inputs->digest == Inputs::kNone) return Refuse(PROV_R_DIGEST_NOT_ALLOWED);
      continue;
    }
    for (const Field& field : kFields) {
      if (name != field.name) continue;
      if (each->data_type != OSSL_PARAM_OCTET_STRING || each->data == nullptr) return 0;
      inputs->*field.bytes = {static_cast<const uint8_t*>(each->data), each->data_size};
      break;
    }
  }
  return 1;
}

// ---- What OpenSSL calls

// Context holds what was set before a derivation. libssl gives everything with it.
struct Context {
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    for (auto& bytes : kept) OPENSSL_cleanse(bytes.data(), bytes.size());
  }

  Inputs inputs;                           // into kept
  std::vector<std::vector<uint8_t>> kept;  // every value that was set
};

void* New(void*) {
  return new (std::nothrow) Context;
}
void Free(void* context) {
  delete static_cast<Context*>(context);
}
void Reset(void* context) {
  static_cast<Context*>(context)->~Context();
  new (context) Context;
}

int Set(void* context, const OSSL_PARAM parameters[]) {
  Context& self = *static_cast<Context*>(context);
  Inputs read = self.inputs;
  if (Read(parameters, &read) != 1) return 0;
  for (const Field& field : kFields) {
    Inputs::Bytes& bytes = read.*field.bytes;
    if (bytes.data() == nullptr || bytes.data() == (self.inputs.*field.bytes).data()) continue;
    auto& copy = self.kept.emplace_back(bytes.size() + 1);  // one more: never null
    if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
    bytes = {copy.data(), bytes.size()};
  }
  self.inputs = read;
  return 1;
}

int Derive(void* context, unsigned char* out, size_t size, const OSSL_PARAM parameters[]) {
  Inputs inputs = static_cast<Context*>(context)->inputs;
  if (Read(parameters, &inputs) != 1) return 0;
  switch (inputs.digest) {
    case Inputs::kSha256:
      return Derive<Sha256>(inputs, {out, size});
    case Inputs::kSha384:
      return Derive<Sha384>(inputs, {out, size});
    case Inputs::kNone:
      break;
  }
  return Refuse(PROV_R_MISSING_MESSAGE_DIGEST);
}

int Get(void* context, OSSL_PARAM parameters[]) {
  const Inputs& inputs = static_cast<Context*>(context)->inputs;
  OSSL_PARAM* size = OSSL_PARAM_locate(parameters, OSSL_KDF_PARAM_SIZE);
  if (size == nullptr) return -2;
  if (inputs.mode != EVP_KDF_HKDF_MODE_EXTRACT_ONLY) return OSSL_PARAM_set_size_t(size, SIZE_MAX);
  if (inputs.digest == Inputs::kNone) return Refuse(PROV_R_MISSING_MESSAGE_DIGEST);
  return OSSL_PARAM_set_size_t(size,
                               inputs.digest == Inputs::kSha256 ? Sha256::kSize : Sha384::kSize);
}

const OSSL_PARAM* Settable(void*, void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_MODE, nullptr, 0),
      OSSL_PARAM_int(OSSL_KDF_PARAM_MODE, nullptr),
      OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_PROPERTIES, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_PREFIX, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_LABEL, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_KDF_PARAM_DATA, nullptr, 0),
      OSSL_PARAM_END};
  return parameters;
}

const OSSL_PARAM* Gettable(void*, void*) {
  static const OSSL_PARAM parameters[] = {OSSL_PARAM_size_t(OSSL_KDF_PARAM_SIZE, nullptr),
                                          OSSL_PARAM_END};
  return parameters;
}

}  // namespace

const OSSL_ALGORITHM* KdfAlgorithms() {
  static const OSSL_DISPATCH functions[] = {
      ProviderEntry(OSSL_FUNC_KDF_NEWCTX, New),
      ProviderEntry(OSSL_FUNC_KDF_FREECTX, Free),
      ProviderEntry(OSSL_FUNC_KDF_RESET, Reset),
      ProviderEntry<int(void*, unsigned char*, size_t, const OSSL_PARAM*)>(OSSL_FUNC_KDF_DERIVE,
                                                                           Derive),
      ProviderEntry(OSSL_FUNC_KDF_SET_CTX_PARAMS, Set),
      ProviderEntry(OSSL_FUNC_KDF_GET_CTX_PARAMS, Get),
      ProviderEntry(OSSL_FUNC_KDF_SETTABLE_CTX_PARAMS, Settable),
      ProviderEntry(OSSL_FUNC_KDF_GETTABLE_CTX_PARAMS, Gettable),
      {0, nullptr}};
  static const OSSL_ALGORITHM algorithms[] = {
      {"TLS13-KDF", kProviderProperties, functions, "the key schedule of TLS 1.3"},
      {nullptr, nullptr, nullptr, nullptr}};
  return algorithms;
}

}  // namespace sluice
