// Internal. One AES-GCM context of the provider, in the two ways that libssl uses it: records of
// TLS 1.3 by steps, records of TLS 1.2 whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tls/aead_key.h"
#include "tls/fast_gcm.h"

namespace sluice {

// GcmContext belongs to one connection and direction. What returns bool returns false if it is
// asked for at the wrong time or with a wrong length, or if a tag is wrong; arguments that are
// refused leave an error in OpenSSL's queue. IVs have 12 bytes; additional data, with all pieces of
// it, up to kAadSize.
class GcmContext {
 public:
  static constexpr size_t kIvSize = 12;
  static constexpr size_t kFixedIvSize = 4;  // of TLS 1.2; the rest is in the record
  static constexpr size_t kExplicitIvSize = 8;
  static constexpr size_t kTagSize = 16;
  static constexpr size_t kAadSize = 16;
  static constexpr size_t kTlsAadSize = 13;

  GcmContext(const FastGcm& functions, size_t key_size)
      : functions_(functions), key_size_(static_cast<uint8_t>(key_size)) {}
  GcmContext(const GcmContext&) = default;  // in the same state
  GcmContext& operator=(const GcmContext&) = delete;
  ~GcmContext();

  // Init begins with what is given; null leaves what was.
  bool Init(bool encrypts, std::span<const uint8_t> key, std::span<const uint8_t> iv);
  // Steps: additional data, then data in pieces, then the end, where the tag is made or compared.
  // What Update decrypts is not to be believed before Final returns true.
  bool AddAad(std::span<const uint8_t> aad);
  bool Update(uint8_t* out, std::span<const uint8_t> in);
  bool Final();
  // Tag is what Final made, or what it is to compare with.
  bool GetTag(std::span<uint8_t> tag) const;
  bool SetTag(std::span<const uint8_t> tag);
  bool GetIv(std::span<uint8_t> iv) const;

  // TLS 1.2 (RFC 5288). SetRecord takes the 13 bytes of additional data and the record's length in
  // them; Record encrypts or decrypts explicit IV, data and tag in place and tells the result's
  // size: the record's when it encrypts, the data's when it decrypts.
  bool SetFixedIv(std::span<const uint8_t> fixed);
  bool SetRecord(std::span<const uint8_t> aad);
  bool awaits_record() const { return awaits_record_; }
  bool Record(std::span<uint8_t> record, size_t* size);

  size_t key_size() const { return key_size_; }
  size_t tag_size() const { return tag_size_ != 0 ? tag_size_ : kTagSize; }

 private:
  enum Stage : uint8_t { kNoIv, kIv, kBegun, kEnded };

  bool Begin();
  void Crypt(uint8_t* out, const uint8_t* in, size_t size);
  void MakeTag(uint8_t* tag);

  const FastGcm& functions_;
  AeadKey key_;
  gcm_context_data state_ = {};
  uint8_t iv_[kIvSize] = {};
  uint8_t tag_[kTagSize] = {};
  uint8_t aad_[kAadSize] = {};
  uint8_t aad_size_ = 0;
  uint8_t tag_size_ = 0;  // 0: there is none
  uint8_t key_size_;
  Stage stage_ = kNoIv;
  bool encrypts_ = false;
  bool counts_ivs_ = false;  // SetFixedIv was called
  bool awaits_record_ = false;
};

}  // namespace sluice
