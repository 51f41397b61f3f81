// Internal. Keys of AEADs: a connection holds the few bytes of one, the thread the expanded form, for
// as many as it used last.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <span>

struct gcm_key_data;

namespace sluice {

struct FastGcm;

// AeadKey belongs to one direction of a connection. Copies are the same key.
class AeadKey {
 public:
  AeadKey() = default;
  AeadKey(const AeadKey&) = default;
  AeadKey& operator=(const AeadKey&) = delete;
  ~AeadKey();  // wipes the key, and what the calling thread has of it

  void Set(std::span<const uint8_t> key);  // up to 32 bytes
  bool is_set() const { return number_ != 0; }
  // Expanded returns what the functions take (tls/fast_gcm.h). It is good until the thread asks for
  // another key's.
  const gcm_key_data* Expanded(const FastGcm& functions) const;
  // Begin returns OpenSSL's context with this key and the 12 bytes of nonce, as cipher wants them,
  // or null if that fails. It is the thread's, and good until it asks for another key's. A key is
  // used for one cipher and one direction.
  EVP_CIPHER_CTX* Begin(const EVP_CIPHER* cipher, bool encrypts, const uint8_t* nonce) const;

 private:
  uint64_t number_ = 0;  // no other key of the process has it; 0: none is set
  uint8_t bytes_[32] = {};
};

}  // namespace sluice
