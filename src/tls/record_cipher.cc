#include "tls/record_cipher.h"

#include <openssl/crypto.h>

#include <cstring>
#include <string_view>

#include "tls/hkdf.h"

namespace sluice {
namespace {

constexpr uint8_t kApplicationData = 23;  // what every encrypted record says it is

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void Expand(RecordSuite suite, std::span<const uint8_t> secret, std::string_view label,
            std::span<uint8_t> out) {
  auto expand = RecordDigestSize(suite) == Sha384::kSize ? ExpandLabel<Sha384> : ExpandLabel<Sha256>;
  expand(secret, Bytes("tls13 "), Bytes(label), {}, out);
}

}  // namespace

RecordCipher::RecordCipher(RecordSuite suite, std::span<const uint8_t> secret, uint64_t sequence)
    : sequence_(sequence), aead_(suite, {}) {
  std::memcpy(secret_, secret.data(), RecordDigestSize(suite));
  MakeKeys();
}

RecordCipher::~RecordCipher() {
  OPENSSL_cleanse(secret_, sizeof secret_);
  OPENSSL_cleanse(iv_, sizeof iv_);
}

void RecordCipher::MakeKeys() {
  uint8_t key[32];
  std::span<uint8_t> used(key, RecordKeySize(aead_.suite()));
  Expand(aead_.suite(), secret(), "key", used);
  Expand(aead_.suite(), secret(), "iv", iv_);
  aead_.SetKey(used);
  OPENSSL_cleanse(key, sizeof key);
}

void RecordCipher::Update() {
  uint8_t next[kMostSecret];
  std::span<uint8_t> used(next, RecordDigestSize(aead_.suite()));
  Expand(aead_.suite(), secret(), "traffic upd", used);
  std::memcpy(secret_, used.data(), used.size());
  OPENSSL_cleanse(next, sizeof next);
  sequence_ = 0;
  MakeKeys();
}

void RecordCipher::Nonce(uint8_t (&nonce)[kRecordNonceSize]) const {
  std::memcpy(nonce, iv_, sizeof nonce);
  for (size_t i = 0; i < 8; ++i)
    nonce[kRecordNonceSize - 1 - i] ^= static_cast<uint8_t>(sequence_ >> (8 * i));
}

bool RecordCipher::Seal(uint8_t type, std::span<const uint8_t> data, uint8_t* out) {
  if (sequence_ == UINT64_MAX) return false;
  const size_t size = data.size() + 1 + kRecordTagSize;
  const uint8_t header[kHeaderSize] = {kApplicationData, 3, 3, static_cast<uint8_t>(size >> 8),
                                       static_cast<uint8_t>(size)};
  std::memcpy(out, header, sizeof header);
  uint8_t nonce[kRecordNonceSize];
  Nonce(nonce);
  ++sequence_;  // whatever becomes of it: no number is used twice
  return aead_.Seal(nonce, header, data, type, out + kHeaderSize);
}

bool RecordCipher::Open(std::span<const uint8_t> record, uint8_t* out, uint8_t* last) {
  if (sequence_ == UINT64_MAX) return false;
  uint8_t nonce[kRecordNonceSize];
  Nonce(nonce);
  if (!aead_.Open(nonce, record.first(kHeaderSize), record.subspan(kHeaderSize), out, last))
    return false;
  ++sequence_;
  return true;
}

}  // namespace sluice
