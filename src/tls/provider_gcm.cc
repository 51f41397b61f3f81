// The provider's AES-128-GCM and AES-256-GCM: what OpenSSL calls, over GcmContext. Where names and
// meanings come from: provider-cipher(7), EVP_EncryptInit(3).
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/proverr.h>

#include <new>
#include <string_view>

#include "tls/gcm_context.h"
#include "tls/provider.h"

namespace sluice {
namespace {

GcmContext& Of(void* context) {
  return *static_cast<GcmContext*>(context);
}

template <size_t kKeySize>
void* New(void*) {
  return new (std::nothrow) GcmContext(*FindFastGcm(kKeySize), kKeySize);
}
void Free(void* context) {
  delete static_cast<GcmContext*>(context);
}
void* Duplicate(void* context) {
  return new (std::nothrow) GcmContext(Of(context));
}

// ---- Parameters

// The bytes of a parameter; none, null, if it is not of bytes.
std::span<uint8_t> Bytes(const OSSL_PARAM& parameter) {
  if (parameter.data_type != OSSL_PARAM_OCTET_STRING) return {};
  return {static_cast<uint8_t*>(parameter.data), parameter.data_size};
}

bool SetIvLength(const OSSL_PARAM& parameter) {
  size_t size = 0;
  return (OSSL_PARAM_get_size_t(&parameter, &size) == 1 && size == GcmContext::kIvSize) ||
         Refuse(PROV_R_INVALID_IV_LENGTH);
}

// Names that are not known are passed over, as OpenSSL does.
bool SetParameter(GcmContext& gcm, const OSSL_PARAM& parameter) {
  const std::string_view name = parameter.key;
  if (name == OSSL_CIPHER_PARAM_IVLEN) return SetIvLength(parameter);
  auto set = name == OSSL_CIPHER_PARAM_AEAD_TAG             ? &GcmContext::SetTag
             : name == OSSL_CIPHER_PARAM_AEAD_TLS1_AAD      ? &GcmContext::SetRecord
             : name == OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED ? &GcmContext::SetFixedIv
                                                            : nullptr;
  if (set == nullptr) return true;
  auto bytes = Bytes(parameter);
  return bytes.data() != nullptr ? (gcm.*set)(bytes) : Refuse(PROV_R_FAILED_TO_GET_PARAMETER);
}

int SetParameters(void* context, const OSSL_PARAM parameters[]) {
  for (auto* each = parameters; each != nullptr && each->key != nullptr; ++each)
    if (!SetParameter(Of(context), *each)) return 0;
  return 1;
}

bool SetSize(OSSL_PARAM* parameter, size_t value) {
  return OSSL_PARAM_set_size_t(parameter, value) == 1 || Refuse(PROV_R_FAILED_TO_SET_PARAMETER);
}

bool GetIv(const GcmContext& gcm, OSSL_PARAM* parameter) {
  uint8_t iv[GcmContext::kIvSize];
  return gcm.GetIv(iv) && (OSSL_PARAM_set_octet_string(parameter, iv, sizeof iv) == 1 ||
                           Refuse(PROV_R_FAILED_TO_SET_PARAMETER));
}

bool GetTag(const GcmContext& gcm, OSSL_PARAM* parameter) {
  auto bytes = Bytes(*parameter);
  parameter->return_size = bytes.size();
  return bytes.data() != nullptr ? gcm.GetTag(bytes) : Refuse(PROV_R_FAILED_TO_SET_PARAMETER);
}

bool GetParameter(const GcmContext& gcm, OSSL_PARAM* parameter) {
  const std::string_view name = parameter->key;
  if (name == OSSL_CIPHER_PARAM_AEAD_TAG) return GetTag(gcm, parameter);
  if (name == OSSL_CIPHER_PARAM_IVLEN) return SetSize(parameter, GcmContext::kIvSize);
  if (name == OSSL_CIPHER_PARAM_KEYLEN) return SetSize(parameter, gcm.key_size());
  if (name == OSSL_CIPHER_PARAM_AEAD_TAGLEN) return SetSize(parameter, gcm.tag_size());
  if (name == OSSL_CIPHER_PARAM_AEAD_TLS1_AAD_PAD) return SetSize(parameter, GcmContext::kTagSize);
  if (name == OSSL_CIPHER_PARAM_IV || name == OSSL_CIPHER_PARAM_UPDATED_IV)
    return GetIv(gcm, parameter);
  return true;
}

int GetParameters(void* context, OSSL_PARAM parameters[]) {
  for (auto* each = parameters; each->key != nullptr; ++each)
    if (!GetParameter(Of(context), each)) return 0;
  return 1;
}

bool GetConstant(OSSL_PARAM* parameter, size_t key_size) {
  const std::string_view name = parameter->key;
  if (name == OSSL_CIPHER_PARAM_MODE)
    return OSSL_PARAM_set_uint(parameter, EVP_CIPH_GCM_MODE) == 1 ||
           Refuse(PROV_R_FAILED_TO_SET_PARAMETER);
  if (name == OSSL_CIPHER_PARAM_AEAD || name == OSSL_CIPHER_PARAM_CUSTOM_IV)
    return OSSL_PARAM_set_int(parameter, 1) == 1 || Refuse(PROV_R_FAILED_TO_SET_PARAMETER);
  if (name == OSSL_CIPHER_PARAM_KEYLEN) return SetSize(parameter, key_size);
  if (name == OSSL_CIPHER_PARAM_IVLEN) return SetSize(parameter, GcmContext::kIvSize);
  return name != OSSL_CIPHER_PARAM_BLOCK_SIZE || SetSize(parameter, 1);
}

template <size_t kKeySize>
int GetConstants(OSSL_PARAM parameters[]) {
  for (auto* each = parameters; each->key != nullptr; ++each)
    if (!GetConstant(each, kKeySize)) return 0;
  return 1;
}

const OSSL_PARAM* Constants(void*) {
  static const OSSL_PARAM parameters[] = {OSSL_PARAM_uint(OSSL_CIPHER_PARAM_MODE, nullptr),
                                          OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
                                          OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
                                          OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_BLOCK_SIZE, nullptr),
                                          OSSL_PARAM_int(OSSL_CIPHER_PARAM_AEAD, nullptr),
                                          OSSL_PARAM_int(OSSL_CIPHER_PARAM_CUSTOM_IV, nullptr),
                                          OSSL_PARAM_END};
  return parameters;
}

const OSSL_PARAM* Gettable(void*, void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_KEYLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TAGLEN, nullptr),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_IV, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_UPDATED_IV, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0),
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_AEAD_TLS1_AAD_PAD, nullptr),
      OSSL_PARAM_END};
  return parameters;
}

const OSSL_PARAM* Settable(void*, void*) {
  static const OSSL_PARAM parameters[] = {
      OSSL_PARAM_size_t(OSSL_CIPHER_PARAM_IVLEN, nullptr),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_AAD, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, nullptr, 0), OSSL_PARAM_END};
  return parameters;
}

// ---- Operations

template <bool kEncrypts>
int Init(void* context, const unsigned char* key, size_t key_size, const unsigned char* iv,
         size_t iv_size, const OSSL_PARAM parameters[]) {
  return Of(context).Init(kEncrypts, {key, key != nullptr ? key_size : 0},
                          {iv, iv != nullptr ? iv_size : 0}) &&
         SetParameters(context, parameters);
}

int Record(GcmContext& gcm, unsigned char* out, size_t* out_size, const unsigned char* in,
           size_t size) {
  return out == in && gcm.Record({out, size}, out_size);
}

int Update(void* context, unsigned char* out, size_t* out_size, size_t space,
           const unsigned char* in, size_t size) {
  GcmContext& gcm = Of(context);
  *out_size = 0;
  if (size == 0) return 1;
  if (space < size) return Refuse(PROV_R_OUTPUT_BUFFER_TOO_SMALL);
  if (gcm.awaits_record())
    return Record(gcm, out, out_size, in, size) ? 1 : Refuse(PROV_R_CIPHER_OPERATION_FAILED);
  bool done = out == nullptr ? gcm.AddAad({in, size}) : gcm.Update(out, {in, size});
  if (!done) return Refuse(PROV_R_CIPHER_OPERATION_FAILED);
  *out_size = size;
  return 1;
}

int Final(void* context, unsigned char*, size_t* out_size, size_t) {
  *out_size = 0;
  return Of(context).Final();
}

// EVP_Cipher(): an update, or the end if there is no input.
int Cipher(void* context, unsigned char* out, size_t* out_size, size_t space,
           const unsigned char* in, size_t size) {
  return in != nullptr ? Update(context, out, out_size, space, in, size)
                       : Final(context, out, out_size, space);
}

template <size_t kKeySize>
const OSSL_DISPATCH* Functions() {
  static const OSSL_DISPATCH functions[] = {
      ProviderEntry(OSSL_FUNC_CIPHER_NEWCTX, New<kKeySize>),
      ProviderEntry(OSSL_FUNC_CIPHER_FREECTX, Free),
      ProviderEntry(OSSL_FUNC_CIPHER_DUPCTX, Duplicate),
      ProviderEntry(OSSL_FUNC_CIPHER_ENCRYPT_INIT, Init<true>),
      ProviderEntry(OSSL_FUNC_CIPHER_DECRYPT_INIT, Init<false>),
      ProviderEntry(OSSL_FUNC_CIPHER_UPDATE, Update),
      ProviderEntry(OSSL_FUNC_CIPHER_FINAL, Final),
      ProviderEntry(OSSL_FUNC_CIPHER_CIPHER, Cipher),
      ProviderEntry(OSSL_FUNC_CIPHER_GET_PARAMS, GetConstants<kKeySize>),
      ProviderEntry(OSSL_FUNC_CIPHER_GET_CTX_PARAMS, GetParameters),
      ProviderEntry(OSSL_FUNC_CIPHER_SET_CTX_PARAMS, SetParameters),
      ProviderEntry(OSSL_FUNC_CIPHER_GETTABLE_PARAMS, Constants),
      ProviderEntry(OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS, Gettable),
      ProviderEntry(OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS, Settable),
      {0, nullptr}};
  return functions;
}

}  // namespace

const OSSL_ALGORITHM* GcmAlgorithms() {
  // The names are OpenSSL's own, so that both are implementations of the same algorithm.
  static const OSSL_ALGORITHM algorithms[] = {
      {"AES-128-GCM:id-aes128-GCM:2.16.840.1.101.3.4.1.6", kProviderProperties, Functions<16>(),
       "AES-128-GCM by libIPSec_MB"},
      {"AES-256-GCM:id-aes256-GCM:2.16.840.1.101.3.4.1.46", kProviderProperties, Functions<32>(),
       "AES-256-GCM by libIPSec_MB"},
      {nullptr, nullptr, nullptr, nullptr}};
  // OpenSSL 3.1 has code for VAES itself; records of our own take these functions anyway.
  bool slow = OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0;
  return slow && FindFastGcm(16) != nullptr ? algorithms : nullptr;
}

}  // namespace sluice
