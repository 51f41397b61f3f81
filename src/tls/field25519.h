// Internal. The field of 2^255 − 19 in words of 64 bits. Nothing branches on or is addressed by a
// number. Any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sluice::field25519 {

__extension__ using Wide = unsigned __int128;

inline constexpr uint64_t kMask = (uint64_t{1} << 51) - 1;

// A number as five limbs of 51 bits. Functions take limbs below 2^54, and return what is reduced:
// below 2^51 + 2^13. Where they say otherwise, that holds.
struct Element {
  uint64_t limb[5];
};

// A number as 32 bytes have it: its lowest 64 bits first.
using Words = std::array<uint64_t, 4>;

// 32 bytes in the processor's own order, which is that of RFC 7748.
inline Words WordsOf(const std::array<uint8_t, 32>& bytes) {
  static_assert(std::endian::native == std::endian::little);
  Words words;
  std::memcpy(words.data(), bytes.data(), sizeof words);
  return words;
}
inline std::array<uint8_t, 32> BytesOf(const Words& words) {
  std::array<uint8_t, 32> bytes;
  std::memcpy(bytes.data(), words.data(), sizeof words);
  return bytes;
}

// The uppermost bit does not count (RFC 7748, section 5).
constexpr Element FromWords(const Words& words) {
  return {{words[0] & kMask, (words[0] >> 51 | words[1] << 13) & kMask,
           (words[1] >> 38 | words[2] << 26) & kMask, (words[2] >> 25 | words[3] << 39) & kMask,
           words[3] >> 12 & kMask}};
}

// The number below p that the limbs stand for.
constexpr Words ToWords(Element from) {
  uint64_t(&limb)[5] = from.limb;
  auto carry = [&] {
    for (int i = 0; i < 4; ++i) {
      limb[i + 1] += limb[i] >> 51;
      limb[i] &= kMask;
    }
  };
  for (int i = 0; i < 2; ++i) {
    carry();
    limb[0] += 19 * (limb[4] >> 51);
    limb[4] &= kMask;
  }
  uint64_t over = (limb[0] + 19) >> 51;
  for (int i = 1; i < 5; ++i) over = (limb[i] + over) >> 51;
  limb[0] += 19 * over;
  carry();
  limb[4] &= kMask;
  return {limb[0] | limb[1] << 51, limb[1] >> 13 | limb[2] << 38, limb[2] >> 26 | limb[3] << 25,
          limb[3] >> 39 | limb[4] << 12};
}

// a + b, each limb their sum.
constexpr Element Sum(const Element& a, const Element& b) {
  Element sum{};
  for (int i = 0; i < 5; ++i) sum.limb[i] = a.limb[i] + b.limb[i];
  return sum;
}

// a − b, each limb below that of a and 2^52. b is reduced.
constexpr Element Difference(const Element& a, const Element& b) {
  constexpr uint64_t kTwicePFirst = 2 * (kMask - 18), kTwiceP = 2 * kMask;
  Element difference{};
  for (int i = 0; i < 5; ++i)
    difference.limb[i] = a.limb[i] + (i == 0 ? kTwicePFirst : kTwiceP) - b.limb[i];
  return difference;
}

// Columns of a product of limbs below 2^54 are below 2^115, the last one below 2^111.
constexpr Element Reduced(Wide a, Wide b, Wide c, Wide d, Wide e) {
  b += static_cast<uint64_t>(a >> 51);
  c += static_cast<uint64_t>(b >> 51);
  d += static_cast<uint64_t>(c >> 51);
  e += static_cast<uint64_t>(d >> 51);
  const uint64_t first = (static_cast<uint64_t>(a) & kMask) + 19 * static_cast<uint64_t>(e >> 51);
  return {{first & kMask, (static_cast<uint64_t>(b) & kMask) + (first >> 51),
           static_cast<uint64_t>(c) & kMask, static_cast<uint64_t>(d) & kMask,
           static_cast<uint64_t>(e) & kMask}};
}

constexpr Wide Wider(uint64_t a, uint64_t b) {
  return static_cast<Wide>(a) * b;
}

constexpr Element Times(const Element& x, const Element& y) {
  const auto& [a, b, c, d, e] = x.limb;
  const auto& [f, g, h, i, j] = y.limb;
  // What is beyond 2^255 counts 19 times.
  const uint64_t g19 = 19 * g, h19 = 19 * h, i19 = 19 * i, j19 = 19 * j;
  return Reduced(Wider(a, f) + Wider(b, j19) + Wider(c, i19) + Wider(d, h19) + Wider(e, g19),
                 Wider(a, g) + Wider(b, f) + Wider(c, j19) + Wider(d, i19) + Wider(e, h19),
                 Wider(a, h) + Wider(b, g) + Wider(c, f) + Wider(d, j19) + Wider(e, i19),
                 Wider(a, i) + Wider(b, h) + Wider(c, g) + Wider(d, f) + Wider(e, j19),
                 Wider(a, j) + Wider(b, i) + Wider(c, h) + Wider(d, g) + Wider(e, f));
}

constexpr Element Square(const Element& x) {
  const auto& [a, b, c, d, e] = x.limb;
  const uint64_t a2 = 2 * a, b2 = 2 * b, c2 = 2 * c, d19 = 19 * d, e19 = 19 * e, e38 = 38 * e;
  return Reduced(
      Wider(a, a) + Wider(b, e38) + Wider(c2, d19), Wider(a2, b) + Wider(c, e38) + Wider(d, d19),
      Wider(a2, c) + Wider(b, b) + Wider(d, e38), Wider(a2, d) + Wider(b2, c) + Wider(e, e19),
      Wider(a2, e) + Wider(b2, d) + Wider(c, c));
}

// The square of the square …, so many times.
constexpr Element Squares(Element a, int count) {
  while (count-- > 0) a = Square(a);
  return a;
}

// 1 ÷ a, as a^(p − 2); 0 for 0.
constexpr Element Inverse(const Element& a) {
  const Element a2 = Squares(a, 1);
  const Element a9 = Times(Squares(a2, 2), a);
  const Element a11 = Times(a9, a2);
  const Element ones5 = Times(Squares(a11, 1), a9);  // a^(2^5 − 1)
  const Element ones10 = Times(Squares(ones5, 5), ones5);
  const Element ones20 = Times(Squares(ones10, 10), ones10);
  const Element ones40 = Times(Squares(ones20, 20), ones20);
  const Element ones50 = Times(Squares(ones40, 10), ones10);
  const Element ones100 = Times(Squares(ones50, 50), ones50);
  const Element ones200 = Times(Squares(ones100, 100), ones100);
  const Element ones250 = Times(Squares(ones200, 50), ones50);
  return Times(Squares(ones250, 5), a11);
}

// InvertAll puts 1 ÷ numbers in their place by one inversion: the product of all is inverted, and
// then each is taken out of it (Montgomery 1987, section 10.3.1). None of them may be 0. scratch
// has room for as many.
constexpr void InvertAll(Element* numbers, size_t count, Element* scratch) {
  Element product = {{1}};
  for (size_t i = 0; i < count; ++i) {
    scratch[i] = product;
    product = Times(product, numbers[i]);
  }
  Element inverse = Inverse(product);
  for (size_t i = count; i-- > 0;) {
    const Element one = Times(inverse, scratch[i]);
    inverse = Times(inverse, numbers[i]);
    numbers[i] = one;
  }
}

}  // namespace sluice::field25519
