// Internal. X25519 (RFC 7748) by vectors of integers (AVX-512 IFMA).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice {

// X25519 multiplies points of Curve25519, told by their coordinate u, by a scalar. Nothing branches
// on or is addressed by a secret. Any thread.
struct X25519 {
  static constexpr size_t kSize = 32;
  using Bytes = std::array<uint8_t, kSize>;
  static constexpr Bytes kBase = {9};

  // Clamp sets the bits of a secret that multiplication takes so anyway (RFC 7748, section 5).
  static constexpr void Clamp(Bytes* secret) {
    secret->front() &= 0xf8;
    secret->back() = static_cast<uint8_t>((secret->back() & 0x7f) | 0x40);
  }

  // Whether the processor has the instructions, the code gives known answers, and the environment
  // has neither SLUICE_TLS_X25519=0 nor =base. Nothing below may be called otherwise.
  static bool Usable();

  // Multiply returns scalar × point, zeros for a point of small order.
  static Bytes Multiply(const Bytes& scalar, const Bytes& point);

  // MultiplyBoth sets products to scalar × each point, in less than the time of two.
  static void MultiplyBoth(const Bytes& scalar, const Bytes (&points)[2], Bytes (&products)[2]);
};

}  // namespace sluice
