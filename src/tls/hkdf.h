// Internal. HMAC and HKDF (RFC 2104, RFC 5869) by the digests of TLS 1.3, without the objects that
// OpenSSL makes for each.
#pragma once

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>

namespace sluice {

struct Sha256 {
  using State = SHA256_CTX;
  static constexpr size_t kSize = 32;
  static constexpr size_t kBlockSize = 64;
  static void Init(State* state);
  static void Update(State* state, std::span<const uint8_t> data);
  static void Final(State* state, uint8_t* out);
};

struct Sha384 {
  using State = SHA512_CTX;
  static constexpr size_t kSize = 48;
  static constexpr size_t kBlockSize = 128;
  static void Init(State* state);
  static void Update(State* state, std::span<const uint8_t> data);
  static void Final(State* state, uint8_t* out);
};

// Hmac computes any number of MACs under one key.
template <class Hash>
class Hmac {
 public:
  explicit Hmac(std::span<const uint8_t> key) {
    uint8_t block[Hash::kBlockSize] = {};
    if (key.size() > sizeof block) {
      Hash::Init(&inner_);
      Hash::Update(&inner_, key);
      Hash::Final(&inner_, block);
    } else if (!key.empty()) {
      std::memcpy(block, key.data(), key.size());
    }
    Begin(&inner_, block, 0x36);
    Begin(&outer_, block, 0x36 ^ 0x5c);
    OPENSSL_cleanse(block, sizeof block);
  }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  ~Hmac() { OPENSSL_cleanse(this, sizeof *this); }

  // Of all parts, one after the other; out may be one of them.
  void Mac(std::initializer_list<std::span<const uint8_t>> parts, uint8_t (&out)[Hash::kSize]) {
    typename Hash::State state = inner_;
    for (std::span<const uint8_t> part : parts) Hash::Update(&state, part);
    Hash::Final(&state, out);
    state = outer_;
    Hash::Update(&state, out);
    Hash::Final(&state, out);
    OPENSSL_cleanse(&state, sizeof state);
  }

 private:
  static void Begin(typename Hash::State* state, uint8_t (&block)[Hash::kBlockSize], uint8_t pad) {
    for (uint8_t& byte : block) byte ^= pad;
    Hash::Init(state);
    Hash::Update(state, block);
  }

  typename Hash::State inner_;
  typename Hash::State outer_;
};

template <class Hash>
void HkdfExtract(std::span<const uint8_t> salt, std::span<const uint8_t> secret,
                 uint8_t (&out)[Hash::kSize]) {
  Hmac<Hash>(salt).Mac({secret}, out);
}

// HkdfExpand returns false if out is longer than 255 digests.
template <class Hash>
bool HkdfExpand(std::span<const uint8_t> key, std::span<const uint8_t> info,
                std::span<uint8_t> out) {
  if (out.size() > 255 * Hash::kSize) return false;
  Hmac<Hash> hmac(key);
  uint8_t last[Hash::kSize];
  uint8_t counter = 0;
  while (!out.empty()) {
    std::span<const uint8_t> before(last, counter == 0 ? 0 : sizeof last);
    ++counter;
    hmac.Mac({before, info, {&counter, 1}}, last);
    size_t size = std::min(out.size(), sizeof last);
    std::memcpy(out.data(), last, size);
    out = out.subspan(size);
  }
  OPENSSL_cleanse(last, sizeof last);
  return true;
}

// ExpandLabel is HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1), prefix "tls13 ". Length of the
// result, label and data go before the data in few bytes; false if they do not fit there.
template <class Hash>
bool ExpandLabel(std::span<const uint8_t> key, std::span<const uint8_t> prefix,
                 std::span<const uint8_t> label, std::span<const uint8_t> data,
                 std::span<uint8_t> out) {
  constexpr size_t kLargest = 255;
  const size_t label_size = prefix.size() + label.size();
  if (label_size > kLargest || data.size() > kLargest || out.size() > 0xffff) return false;
  uint8_t info[4 + 2 * kLargest];
  size_t size = 0;
  auto add = [&](std::span<const uint8_t> bytes) {
    if (!bytes.empty()) std::memcpy(info + size, bytes.data(), bytes.size());
    size += bytes.size();
  };
  info[size++] = static_cast<uint8_t>(out.size() >> 8);
  info[size++] = static_cast<uint8_t>(out.size());
  info[size++] = static_cast<uint8_t>(label_size);
  add(prefix);
  add(label);
  info[size++] = static_cast<uint8_t>(data.size());
  add(data);
  return HkdfExpand<Hash>(key, {info, size}, out);
}

}  // namespace sluice
