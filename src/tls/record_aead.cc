#include "tls/record_aead.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>

#ifdef SLUICE_FAST_GCM
#include "tls/fast_gcm.h"
#endif

namespace sluice {
namespace {

#ifdef SLUICE_FAST_GCM
const FastGcm* FastOf(RecordSuite suite) {
  return suite != RecordSuite::kChaCha20 ? FindFastGcm(RecordKeySize(suite)) : nullptr;
}
#endif

// Found once: looking for an algorithm takes longer than a small record.
const EVP_CIPHER* CipherOf(RecordSuite suite) {
  static const EVP_CIPHER* const aes_128 = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  static const EVP_CIPHER* const aes_256 = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  static const EVP_CIPHER* const chacha = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  return suite == RecordSuite::kAes128Gcm   ? aes_128
         : suite == RecordSuite::kAes256Gcm ? aes_256
                                            : chacha;
}

bool SealByOpenssl(EVP_CIPHER_CTX* context, std::span<const uint8_t> aad,
                   std::span<const uint8_t> data, uint8_t last, uint8_t* out) {
  int size = 0;
  uint8_t* tag = out + data.size() + 1;
  return context != nullptr &&
         EVP_EncryptUpdate(context, nullptr, &size, aad.data(), static_cast<int>(aad.size())) ==
             1 &&
         (data.empty() ||
          EVP_EncryptUpdate(context, out, &size, data.data(), static_cast<int>(data.size())) ==
              1) &&
         EVP_EncryptUpdate(context, out + data.size(), &size, &last, 1) == 1 &&
         EVP_EncryptFinal_ex(context, tag, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kRecordTagSize, tag) == 1;
}

bool OpenByOpenssl(EVP_CIPHER_CTX* context, std::span<const uint8_t> aad,
                   std::span<const uint8_t> data, const uint8_t* end, uint8_t* out, uint8_t* last) {
  int size = 0;
  uint8_t none = 0;
  return context != nullptr &&
         EVP_DecryptUpdate(context, nullptr, &size, aad.data(), static_cast<int>(aad.size())) ==
             1 &&
         (data.empty() || EVP_DecryptUpdate(context, out, &size, data.data(),
                                            static_cast<int>(data.size())) == 1) &&
         EVP_DecryptUpdate(context, last, &size, end, 1) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kRecordTagSize,
                             const_cast<uint8_t*>(end + 1)) == 1 &&
         EVP_DecryptFinal_ex(context, &none, &size) == 1;
}

}  // namespace

bool RecordAead::Seal(const uint8_t* nonce, std::span<const uint8_t> aad,
                      std::span<const uint8_t> data, uint8_t last, uint8_t* out) const {
#ifdef SLUICE_FAST_GCM
  if (const FastGcm* fast = FastOf(suite_)) {
    const gcm_key_data* key = key_.Expanded(*fast);
    gcm_context_data state;
    fast->begin(key, &state, nonce, aad.data(), aad.size());
    if (!data.empty()) fast->encrypt(key, &state, out, data.data(), data.size());
    fast->encrypt(key, &state, out + data.size(), &last, 1);
    fast->encrypted_tag(key, &state, out + data.size() + 1, kRecordTagSize);
    OPENSSL_cleanse(&state, sizeof state);
    return true;
  }
#endif
  return SealByOpenssl(key_.Begin(CipherOf(suite_), true, nonce), aad, data, last, out);
}

bool RecordAead::Open(const uint8_t* nonce, std::span<const uint8_t> aad,
                      std::span<const uint8_t> sealed, uint8_t* out, uint8_t* last) const {
  if (sealed.size() <= kRecordTagSize) return false;
  std::span<const uint8_t> data = sealed.first(sealed.size() - kRecordTagSize - 1);
  const uint8_t* end = data.data() + data.size();  // the last byte, and the tag
  bool same = false;
#ifdef SLUICE_FAST_GCM
  if (const FastGcm* fast = FastOf(suite_)) {
    const gcm_key_data* key = key_.Expanded(*fast);
    gcm_context_data state;
    uint8_t made[kRecordTagSize];
    fast->begin(key, &state, nonce, aad.data(), aad.size());
    if (!data.empty()) fast->decrypt(key, &state, out, data.data(), data.size());
    fast->decrypt(key, &state, last, end, 1);
    fast->decrypted_tag(key, &state, made, sizeof made);
    same = CRYPTO_memcmp(made, end + 1, sizeof made) == 0;
    OPENSSL_cleanse(&state, sizeof state);
    OPENSSL_cleanse(made, sizeof made);
  } else
#endif
  {
    same = OpenByOpenssl(key_.Begin(CipherOf(suite_), false, nonce), aad, data, end, out, last);
  }
  if (same) return true;
  if (!data.empty()) OPENSSL_cleanse(out, data.size());
  *last = 0;
  return false;
}

}  // namespace sluice
