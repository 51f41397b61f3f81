// Internal. Keys of AES-GCM: a connection holds the few bytes of one, the thread the form of a
// kilobyte that the code needs, for as many as it used last.
#pragma once

#include <cstdint>
#include <span>

#include "tls/wide_gcm.h"

namespace sluice {

// GcmKey belongs to one context. Copies are the same key.
class GcmKey {
 public:
  GcmKey() = default;
  GcmKey(const GcmKey&) = default;
  GcmKey& operator=(const GcmKey&) = delete;
  ~GcmKey();  // wipes the key, and what the calling thread has of it

  void Set(std::span<const uint8_t> key);  // up to 32 bytes
  bool is_set() const { return number_ != 0; }
  // Expanded returns what the functions take. It is good until the thread asks for another key's.
  const gcm_key_data* Expanded(const WideGcm& functions) const;

 private:
  uint64_t number_ = 0;  // no other key of the process has it; 0: none is set
  uint8_t bytes_[32] = {};
};

}  // namespace sluice
