// Internal. One direction of a TLS 1.3 connection: its secret, the key and IV made of it, and the
// number of the next record (RFC 8446, sections 5.2, 5.3 and 7.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tls/record_aead.h"

namespace sluice {

// RecordCipher is wiped at its end. Loop thread.
class RecordCipher {
 public:
  static constexpr size_t kHeaderSize = 5;
  static constexpr size_t kMostData = 16384;
  static constexpr size_t kMostSealed = kMostData + 256;                     // without header
  static constexpr size_t kOverhead = kHeaderSize + 1 + kRecordTagSize;      // of a record
  static constexpr size_t kMostRecord = kHeaderSize + kMostSealed;
  static constexpr size_t kMostSecret = 48;

  // secret has RecordDigestSize(suite) bytes.
  RecordCipher(RecordSuite suite, std::span<const uint8_t> secret, uint64_t sequence);
  RecordCipher(const RecordCipher&) = delete;
  RecordCipher& operator=(const RecordCipher&) = delete;
  ~RecordCipher();

  // Seal makes a record of a type and up to kMostData bytes at out, which has data.size() +
  // kOverhead; false if OpenSSL fails, or there is no number left.
  bool Seal(uint8_t type, std::span<const uint8_t> data, uint8_t* out);
  // Open decrypts a whole record with its header, of at least kOverhead bytes: the last byte, its
  // type where it has no padding, to *last, and record.size() - kOverhead bytes before it to out.
  // False, with zeros there, if it is not the peer's next one.
  bool Open(std::span<const uint8_t> record, uint8_t* out, uint8_t* last);
  // Update goes on with the next keys.
  void Update();

  RecordSuite suite() const { return aead_.suite(); }
  std::span<const uint8_t> secret() const { return {secret_, RecordDigestSize(aead_.suite())}; }
  uint64_t sequence() const { return sequence_; }

 private:
  void MakeKeys();
  void Nonce(uint8_t (&nonce)[kRecordNonceSize]) const;

  uint64_t sequence_;
  uint8_t secret_[kMostSecret] = {};
  uint8_t iv_[kRecordNonceSize];
  RecordAead aead_;
};

}  // namespace sluice
