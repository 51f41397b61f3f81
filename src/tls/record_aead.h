// Internal. The AEADs of TLS 1.3 (RFC 8446, section 5.2): one record at a time, by code that keeps no
// state for a connection but its key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tls/aead_key.h"

namespace sluice {

// RecordSuite is a cipher suite, by its number in the protocol.
enum class RecordSuite : uint16_t {
  kAes128Gcm = 0x1301,  // with SHA-256
  kAes256Gcm = 0x1302,  // with SHA-384
  kChaCha20 = 0x1303,   // with Poly1305 and SHA-256
};

inline constexpr size_t kRecordTagSize = 16;
inline constexpr size_t kRecordNonceSize = 12;

// RecordKeySize and RecordDigestSize return bytes.
constexpr size_t RecordKeySize(RecordSuite suite) {
  return suite == RecordSuite::kAes128Gcm ? 16 : 32;
}
constexpr size_t RecordDigestSize(RecordSuite suite) {
  return suite == RecordSuite::kAes256Gcm ? 48 : 32;
}

// RecordAead seals and opens with one key, which is used in one direction only.
class RecordAead {
 public:
  RecordAead(RecordSuite suite, std::span<const uint8_t> key) : suite_(suite) { key_.Set(key); }
  void SetKey(std::span<const uint8_t> key) { key_.Set(key); }

  // Seal encrypts data and one more byte, last, and adds the tag: data.size() + 1 + kRecordTagSize
  // bytes at out, which data may not overlap. False if OpenSSL fails.
  bool Seal(const uint8_t* nonce, std::span<const uint8_t> aad, std::span<const uint8_t> data,
            uint8_t last, uint8_t* out) const;
  // Open decrypts what a tag ends: the last byte before that to *last, those before it to out.
  // False, with zeros there, if the tag is another.
  bool Open(const uint8_t* nonce, std::span<const uint8_t> aad, std::span<const uint8_t> sealed,
            uint8_t* out, uint8_t* last) const;

  RecordSuite suite() const { return suite_; }

 private:
  RecordSuite suite_;
  AeadKey key_;
};

}  // namespace sluice
