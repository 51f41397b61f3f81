#include "tls/gcm_context.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/proverr.h>
#include <openssl/rand.h>

#include <cstring>

#include "tls/provider.h"

namespace sluice {
namespace {

// Adds one to a number of 64 bits in network order.
void Increment(uint8_t* number) {
  for (int i = 7; i >= 0 && ++number[i] == 0;) --i;
}

}  // namespace

GcmContext::~GcmContext() {
  OPENSSL_cleanse(&state_, sizeof state_);
}

bool GcmContext::Init(bool encrypts, std::span<const uint8_t> key, std::span<const uint8_t> iv) {
  if (iv.data() != nullptr && iv.size() != kIvSize) return Refuse(PROV_R_INVALID_IV_LENGTH);
  if (key.data() != nullptr && key.size() != key_size_) return Refuse(PROV_R_INVALID_KEY_LENGTH);
  encrypts_ = encrypts;
  if (key.data() != nullptr) {
    key_.Set(key);
    if (stage_ == kBegun) stage_ = kEnded;
  }
  if (iv.data() != nullptr) {
    std::memcpy(iv_, iv.data(), kIvSize);
    stage_ = kIv;
    aad_size_ = 0;
  }
  return true;
}

bool GcmContext::AddAad(std::span<const uint8_t> aad) {
  if (stage_ != kIv || aad.size() > kAadSize - aad_size_) return false;
  std::memcpy(aad_ + aad_size_, aad.data(), aad.size());
  aad_size_ = static_cast<uint8_t>(aad_size_ + aad.size());
  return true;
}

bool GcmContext::Begin() {
  if (stage_ == kBegun) return true;
  if (!key_.is_set() || stage_ != kIv) return false;
  functions_.begin(key_.Expanded(functions_), &state_, iv_, aad_, aad_size_);
  aad_size_ = 0;
  stage_ = kBegun;
  return true;
}

void GcmContext::Crypt(uint8_t* out, const uint8_t* in, size_t size) {
  auto crypt = encrypts_ ? functions_.encrypt : functions_.decrypt;
  crypt(key_.Expanded(functions_), &state_, out, in, size);
}

void GcmContext::MakeTag(uint8_t* tag) {
  auto make = encrypts_ ? functions_.encrypted_tag : functions_.decrypted_tag;
  make(key_.Expanded(functions_), &state_, tag, kTagSize);
  stage_ = kEnded;
}

bool GcmContext::Update(uint8_t* out, std::span<const uint8_t> in) {
  if (!Begin()) return Refuse(PROV_R_CIPHER_OPERATION_FAILED);
  Crypt(out, in.data(), in.size());
  return true;
}

bool GcmContext::Final() {
  if ((!encrypts_ && tag_size_ == 0) || !Begin()) return false;
  if (encrypts_) {
    MakeTag(tag_);
    tag_size_ = kTagSize;
    return true;
  }
  uint8_t made[kTagSize];
  MakeTag(made);
  bool same = CRYPTO_memcmp(made, tag_, tag_size_) == 0;
  OPENSSL_cleanse(made, sizeof made);
  return same;
}

bool GcmContext::GetTag(std::span<uint8_t> tag) const {
  if (tag.empty() || tag.size() > kTagSize || !encrypts_ || tag_size_ == 0)
    return Refuse(PROV_R_INVALID_TAG);
  std::memcpy(tag.data(), tag_, tag.size());
  return true;
}

bool GcmContext::SetTag(std::span<const uint8_t> tag) {
  if (tag.empty() || tag.size() > kTagSize || encrypts_) return Refuse(PROV_R_INVALID_TAG);
  std::memcpy(tag_, tag.data(), tag.size());
  tag_size_ = static_cast<uint8_t>(tag.size());
  return true;
}

bool GcmContext::GetIv(std::span<uint8_t> iv) const {
  if (stage_ == kNoIv || iv.size() < kIvSize) return Refuse(PROV_R_INVALID_IV_LENGTH);
  std::memcpy(iv.data(), iv_, kIvSize);
  return true;
}

// ---- TLS 1.2

bool GcmContext::SetFixedIv(std::span<const uint8_t> fixed) {
  if (fixed.size() != kFixedIvSize) return Refuse(PROV_R_INVALID_IV_LENGTH);
  std::memcpy(iv_, fixed.data(), kFixedIvSize);
  // The writer counts on from a random number.
  if (encrypts_ && RAND_bytes(iv_ + kFixedIvSize, kExplicitIvSize) != 1) return false;
  counts_ivs_ = true;
  stage_ = kIv;
  return true;
}

bool GcmContext::SetRecord(std::span<const uint8_t> aad) {
  if (aad.size() != kTlsAadSize) return Refuse(PROV_R_INVALID_AAD);
  const size_t around = kExplicitIvSize + (encrypts_ ? 0 : kTagSize);
  size_t size = static_cast<size_t>(aad[kTlsAadSize - 2] << 8 | aad[kTlsAadSize - 1]);
  if (size < around) return Refuse(PROV_R_INVALID_AAD);
  size -= around;
  std::memcpy(aad_, aad.data(), kTlsAadSize);
  aad_[kTlsAadSize - 2] = static_cast<uint8_t>(size >> 8);
  aad_[kTlsAadSize - 1] = static_cast<uint8_t>(size);
  awaits_record_ = true;
  return true;
}

bool GcmContext::Record(std::span<uint8_t> record, size_t* size) {
  awaits_record_ = false;
  if (!counts_ivs_ || !key_.is_set() || record.size() < kExplicitIvSize + kTagSize) return false;
  uint8_t* explicit_iv = record.data();
  uint8_t* data = explicit_iv + kExplicitIvSize;
  size_t data_size = record.size() - kExplicitIvSize - kTagSize;
  uint8_t* tag = data + data_size;
  uint8_t* invocation = iv_ + kFixedIvSize;
  if (encrypts_) {
    std::memcpy(explicit_iv, invocation, kExplicitIvSize);
  } else {
    std::memcpy(invocation, explicit_iv, kExplicitIvSize);
  }
  stage_ = kIv;
  aad_size_ = kTlsAadSize;
  Begin();
  Crypt(data, data, data_size);
  if (encrypts_) {
    MakeTag(tag);
    Increment(invocation);
    *size = record.size();
    return true;
  }
  uint8_t made[kTagSize];
  MakeTag(made);
  bool same = CRYPTO_memcmp(made, tag, kTagSize) == 0;
  OPENSSL_cleanse(made, sizeof made);
  if (!same) OPENSSL_cleanse(data, data_size);
  *size = same ? data_size : 0;
  return same;
}

}  // namespace sluice
