// Curve25519 as Edwards has it: −x² + y² = 1 + d x² y² (RFC 7748, section 4.1). Its addition needs
// no exceptions, and only the coordinate u is wanted of the sum, (1 + y) ÷ (1 − y).
#include "tls/x25519_base.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#if defined(__SIZEOF_INT128__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include "base/switch.h"
#include "tls/field25519.h"

namespace sluice {
namespace {

using field25519::Difference;
using field25519::Element;
using field25519::FromWords;
using field25519::Square;
using field25519::Sum;
using field25519::Times;
using field25519::ToWords;
using field25519::Words;

constexpr Element kOne = {{1}};
constexpr Element kZero = {};

// ---- Points. Hişil, Wong, Carter and Dawson, "Twisted Edwards Curves Revisited" (2008), section
// 4; RFC 8032, section 5.1.4.

// x = X ÷ Z, y = Y ÷ Z, x × y = T ÷ Z. All reduced.
struct Point {
  Element X, Y, Z, T;
};

// A point of the table, as additions want it. All reduced.
struct Addend {
  Element sum;         // y + x
  Element difference;  // y − x
  Element product;     // 2 × d × x × y
};

// Both are made of E, F, G and H.
constexpr Point Joined(const Element& e, const Element& f, const Element& g, const Element& h) {
  return {Times(e, f), Times(g, h), Times(f, g), Times(e, h)};
}

constexpr Point Plus(const Point& p, const Addend& q) {
  const Element a = Times(Difference(p.Y, p.X), q.difference);
  const Element b = Times(Sum(p.Y, p.X), q.sum);
  const Element c = Times(p.T, q.product);
  const Element d = Sum(p.Z, p.Z);
  return Joined(Difference(b, a), Difference(d, c), Sum(d, c), Sum(b, a));
}

// T of p does not count.
constexpr Point Twice(const Point& p) {
  const Element a = Square(p.X);
  const Element b = Square(p.Y);
  const Element z = Square(p.Z);
  const Element h = Sum(a, b);
  const Element g = Difference(a, b);
  return Joined(Difference(h, Square(Sum(p.X, p.Y))), Sum(Sum(z, z), g), g, h);
}

// ---- The table

// The row of number i has 1 to 8 times 256^i × the base point.
constexpr int kRows = 32, kColumns = 8;

// The numbers of an Addend side by side, below p. 24 KB of them are in the first cache, where limbs
// would take 30.
struct alignas(16) Packed {
  uint64_t words[12];
};

struct Table {
  Packed at[kRows][kColumns];
};

constexpr Packed Pack(const Addend& from) {
  Packed packed{};
  const Words numbers[3] = {ToWords(from.sum), ToWords(from.difference), ToWords(from.product)};
  for (int i = 0; i < 12; ++i) packed.words[i] = numbers[i / 4][i % 4];
  return packed;
}

constexpr Element Unpack(const Packed& from, int number) {
  const uint64_t* words = from.words + size_t{4} * number;
  return FromWords({words[0], words[1], words[2], words[3]});
}

// −121665 ÷ 121666
constexpr Element kD = Times(Difference(kZero, {{121665}}), field25519::Inverse({{121666}}));
// The base point, for which u is 9 (RFC 7748, section 4.1); x is the even one.
constexpr Element kBaseX =
    FromWords({0xc9562d608f25d51a, 0x692cc7609525a7b2, 0xc0a4e231fdd6dc5c, 0x216936d3cd6e53fe});
constexpr Element kBaseY =
    FromWords({0x6666666666666658, 0x6666666666666666, 0x6666666666666666, 0x6666666666666666});

constexpr bool IsOnCurve(const Element& x, const Element& y) {
  const Element xx = Square(x), yy = Square(y);
  return ToWords(Difference(yy, xx)) == ToWords(Sum(kOne, Times(kD, Times(xx, yy))));
}
static_assert(IsOnCurve(kBaseX, kBaseY));

// Of each point, which is z times as large, the Addend.
constexpr void ToAddends(const Point* points, Addend* addends, size_t count) {
  Element inverses[kRows]{}, scratch[kRows]{};
  for (size_t i = 0; i < count; ++i) inverses[i] = points[i].Z;
  field25519::InvertAll(inverses, count, scratch);
  for (size_t i = 0; i < count; ++i) {
    const Element x = Times(points[i].X, inverses[i]), y = Times(points[i].Y, inverses[i]);
    // Times reduces what it is given.
    addends[i] = {Times(Sum(y, x), kOne), Times(Difference(y, x), kOne),
                  Times(Times(Sum(x, x), y), kD)};
  }
}

constexpr Table Made() {
  Point starts[kRows]{};
  Addend firsts[kRows]{};
  starts[0] = {kBaseX, kBaseY, kOne, Times(kBaseX, kBaseY)};
  for (int i = 1; i < kRows; ++i) {
    starts[i] = starts[i - 1];
    for (int bit = 0; bit < 8; ++bit) starts[i] = Twice(starts[i]);
  }
  ToAddends(starts, firsts, kRows);
  Table table{};
  for (int i = 0; i < kRows; ++i) {
    Point row[kColumns]{};
    Addend addends[kColumns]{};
    row[0] = starts[i];
    for (int j = 1; j < kColumns; ++j) row[j] = Plus(row[j - 1], firsts[i]);
    ToAddends(row, addends, kColumns);
    for (int j = 0; j < kColumns; ++j) table.at[i][j] = Pack(addends[j]);
  }
  return table;
}

constexpr Table kTable = Made();

// ---- Scalars

// 64 digits of −8 to 8 in base 16, lowest first.
struct Digits {
  int8_t at[64];
};

// Of a scalar that is clamped: 2^254 ≤ scalar < 2^255.
Digits DigitsOf(const X25519Base::Bytes& scalar) {
  Digits digits;
  for (size_t i = 0; i < scalar.size(); ++i) {
    digits.at[2 * i] = static_cast<int8_t>(scalar[i] & 15);
    digits.at[2 * i + 1] = static_cast<int8_t>(scalar[i] >> 4);
  }
  int carry = 0;
  for (int i = 0; i < 63; ++i) {
    const int digit = digits.at[i] + carry;
    carry = (digit + 8) >> 4;
    digits.at[i] = static_cast<int8_t>(digit - carry * 16);
  }
  digits.at[63] = static_cast<int8_t>(digits.at[63] + carry);
  return digits;
}

// Hides from the compiler that a mask has but two values: it could branch on one.
inline uint64_t Hidden(uint64_t mask) {
  __asm__("" : "+r"(mask));
  return mask;
}

using Pair = uint64_t __attribute__((vector_size(16)));

// digit × the point of the row. Reads the whole row.
Addend Chosen(const Packed (&row)[kColumns], int digit) {
  const uint64_t wide = static_cast<uint64_t>(static_cast<int64_t>(digit));
  const uint64_t negative = Hidden(0 - (wide >> 63));
  const uint64_t size = (wide ^ negative) - negative;
  constexpr int kPairs = sizeof(Packed) / sizeof(Pair);
  Pair chosen[kPairs] = {};
  // Of 0, the sum and the difference are 1.
  chosen[0][0] = chosen[2][0] = (size - 1) >> 63;
  for (int column = 0; column < kColumns; ++column) {
    const uint64_t other = size ^ static_cast<uint64_t>(column + 1);
    const uint64_t mask = Hidden(0 - ((other - 1) >> 63));
    for (int i = 0; i < kPairs; ++i) {
      Pair words;
      std::memcpy(&words, row[column].words + 2 * i, sizeof words);
      chosen[i] |= words & Pair{mask, mask};
    }
  }
  Packed packed;
  std::memcpy(&packed, chosen, sizeof packed);
  const Element sum = Unpack(packed, 0), difference = Unpack(packed, 1);
  const Element product = Unpack(packed, 2), opposite = Difference(kZero, product);
  // −(x, y) is (−x, y).
  Addend addend;
  for (int i = 0; i < 5; ++i) {
    const uint64_t change = (sum.limb[i] ^ difference.limb[i]) & negative;
    addend.sum.limb[i] = sum.limb[i] ^ change;
    addend.difference.limb[i] = difference.limb[i] ^ change;
    addend.product.limb[i] = product.limb[i] ^ ((product.limb[i] ^ opposite.limb[i]) & negative);
  }
  return addend;
}

// The sum of digit i × 16^i × the base point: of the odd ones, 16 times, and of the even ones. Not
// inlined: what it leaves on the stack is where CleanseStack() comes.
[[gnu::noinline]] Point TimesBase(const Digits& digits) {
  Point sum = {kZero, kOne, kOne, kZero};
  for (int i = 1; i < 64; i += 2) sum = Plus(sum, Chosen(kTable.at[i / 2], digits.at[i]));
  for (int i = 0; i < 4; ++i) sum = Twice(sum);
  for (int i = 0; i < 64; i += 2) sum = Plus(sum, Chosen(kTable.at[i / 2], digits.at[i]));
  return sum;
}

// ---- Together

constexpr size_t kAtOnce = 8;

// Cleanses what the calls that its caller made before have left on the stack.
[[gnu::noinline]] void CleanseStack() {
  uint8_t left[4096];
  OPENSSL_cleanse(left, sizeof left);
}

void MultiplySome(const X25519Base::Bytes* scalars, X25519Base::Bytes* products, size_t count) {
  Element above[kAtOnce], below[kAtOnce], scratch[kAtOnce];
  for (size_t i = 0; i < count; ++i) {
    X25519Base::Bytes clamped = scalars[i];
    X25519::Clamp(&clamped);
    Digits digits = DigitsOf(clamped);
    Point point = TimesBase(digits);
    above[i] = Sum(point.Z, point.Y);
    // Not 0, which is of the neutral point alone: a clamped scalar is 8 × n, and n is not 0 and
    // below the order of the base point.
    below[i] = Difference(point.Z, point.Y);
    OPENSSL_cleanse(&point, sizeof point);
    OPENSSL_cleanse(&clamped, sizeof clamped);
    OPENSSL_cleanse(&digits, sizeof digits);
  }
  field25519::InvertAll(below, count, scratch);
  for (size_t i = 0; i < count; ++i)
    products[i] = field25519::BytesOf(ToWords(Times(above[i], below[i])));
  // Where the points are known, so may be digits (Naccache, Smart and Stern, 2004).
  CleanseStack();
  OPENSSL_cleanse(above, sizeof above);
  OPENSSL_cleanse(below, sizeof below);
  OPENSSL_cleanse(scratch, sizeof scratch);
}

// RFC 7748, section 6.1.
constexpr X25519Base::Bytes kSecrets[] = {
    {0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1,
     0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0,
     0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a},
    {0x5d, 0xab, 0x08, 0x7e, 0x62, 0x4a, 0x8a, 0x4b, 0x79, 0xe1, 0x7f,
     0x8b, 0x83, 0x80, 0x0e, 0xe6, 0x6f, 0x3b, 0xb1, 0x29, 0x26, 0x18,
     0xb6, 0xfd, 0x1c, 0x2f, 0x8b, 0x27, 0xff, 0x88, 0xe0, 0xeb},
};
constexpr X25519Base::Bytes kShares[] = {
    {0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d,
     0xdc, 0xb4, 0x3e, 0xf7, 0x5a, 0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38,
     0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e, 0x6a},
    {0xde, 0x9e, 0xdb, 0x7d, 0x7b, 0x7d, 0xc1, 0xb4, 0xd3, 0x5b, 0x61,
     0xc2, 0xec, 0xe4, 0x35, 0x37, 0x3f, 0x83, 0x43, 0xc8, 0x5b, 0x78,
     0x67, 0x4d, 0xad, 0xfc, 0x7e, 0x14, 0x6f, 0x88, 0x2b, 0x4f},
};

bool AsKnown() {
  X25519Base::Bytes shares[std::size(kSecrets)];
  X25519Base::Multiply(kSecrets, shares, std::size(kSecrets));
  return std::ranges::equal(shares, kShares);
}

}  // namespace

bool X25519Base::Usable() {
  static const bool usable = !TurnedOff("SLUICE_TLS_X25519") && AsKnown();
  return usable;
}

void X25519Base::Multiply(const Bytes* scalars, Bytes* products, size_t count) {
  for (size_t done = 0; done < count; done += kAtOnce)
    MultiplySome(scalars + done, products + done, std::min(kAtOnce, count - done));
}

}  // namespace sluice

#else  // of other processors: never called, as Usable() says

namespace sluice {

bool X25519Base::Usable() {
  return false;
}
void X25519Base::Multiply(const Bytes*, Bytes*, size_t) {
  std::abort();
}

}  // namespace sluice
#endif
