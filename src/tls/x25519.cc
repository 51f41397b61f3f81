#include "tls/x25519.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <string_view>

#ifdef __x86_64__
#include <immintrin.h>

#include "tls/field25519.h"

namespace sluice {
namespace {

#define SLUICE_IFMA gnu::target("avx512f,avx512vl,avx512ifma")

// Integers side by side: four for each ladder.
using Four = uint64_t __attribute__((vector_size(32)));
using Eight = uint64_t __attribute__((vector_size(64)));

// The lower and the upper 52 bits of a × b, of which 52 bits count, added to sum.
[[SLUICE_IFMA, gnu::always_inline]] inline Four AddLow(Four sum, Four a, Four b) {
  return Four(_mm256_madd52lo_epu64(__m256i(sum), __m256i(a), __m256i(b)));
}
[[SLUICE_IFMA, gnu::always_inline]] inline Four AddHigh(Four sum, Four a, Four b) {
  return Four(_mm256_madd52hi_epu64(__m256i(sum), __m256i(a), __m256i(b)));
}
[[SLUICE_IFMA, gnu::always_inline]] inline Eight AddLow(Eight sum, Eight a, Eight b) {
  return Eight(_mm512_madd52lo_epu64(__m512i(sum), __m512i(a), __m512i(b)));
}
[[SLUICE_IFMA, gnu::always_inline]] inline Eight AddHigh(Eight sum, Eight a, Eight b) {
  return Eight(_mm512_madd52hi_epu64(__m512i(sum), __m512i(a), __m512i(b)));
}

// Takes the lanes that are named within each four.
template <int k0, int k1, int k2, int k3>
[[SLUICE_IFMA, gnu::always_inline]] inline Four Pick(Four v) {
  return __builtin_shufflevector(v, v, k0, k1, k2, k3);
}
template <int k0, int k1, int k2, int k3>
[[SLUICE_IFMA, gnu::always_inline]] inline Eight Pick(Eight v) {
  return __builtin_shufflevector(v, v, k0, k1, k2, k3, k0 + 4, k1 + 4, k2 + 4, k3 + 4);
}

// A vector with the same four values for each ladder.
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline V Each(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  if constexpr (sizeof(V) == sizeof(Four))
    return V{a, b, c, d};
  else
    return V{a, b, c, d, a, b, c, d};
}

// ---- The field of 2^255 − 19. An Element has a number in each lane, as five limbs of 51 bits.
// What functions return is below 2^51 + 2^15 in each limb, what they take below 2^52.

using field25519::kMask;
constexpr uint64_t kAllBits = ~uint64_t{0};

template <class V>
struct Element {
  V limb[5];
};

// Carries from each limb, which is below 2^61, to the next one.
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Carried(V a, V b, V c, V d, V e) {
  const V mask = Each<V>(kMask, kMask, kMask, kMask);
  const V nineteen = Each<V>(19, 19, 19, 19);
  return {{AddLow(a & mask, e >> 51, nineteen), (b & mask) + (a >> 51), (c & mask) + (b >> 51),
           (d & mask) + (c >> 51), (e & mask) + (d >> 51)}};
}

// Ten columns of a product: what is in high counts for twice that.
template <class V>
struct Columns {
  V low[10];
  V high[10];
};

template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Reduced(const Columns<V>& from) {
  V at[10];
  for (int i = 0; i < 10; ++i) at[i] = from.low[i] + (from.high[i] << 1);
  for (int i = 0; i < 5; ++i) at[i] += at[i + 5] + (at[i + 5] << 1) + (at[i + 5] << 4);
  return Carried(at[0], at[1], at[2], at[3], at[4]);
}

template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline void AddProduct(Columns<V>* to, int column, V a, V b) {
  to->low[column] = AddLow(to->low[column], a, b);
  to->high[column + 1] = AddHigh(to->high[column + 1], a, b);
}

template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Times(const Element<V>& a,
                                                            const Element<V>& b) {
  Columns<V> columns{};
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) AddProduct(&columns, i + j, a.limb[i], b.limb[j]);
  return Reduced(columns);
}

template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Square(const Element<V>& a) {
  Columns<V> columns{};
  for (int i = 0; i < 5; ++i)
    for (int j = i + 1; j < 5; ++j) AddProduct(&columns, i + j, a.limb[i], a.limb[j]);
  for (int i = 0; i < 10; ++i) {
    columns.low[i] += columns.low[i];
    columns.high[i] += columns.high[i];
  }
  for (int i = 0; i < 5; ++i) AddProduct(&columns, 2 * i, a.limb[i], a.limb[i]);
  return Reduced(columns);
}

template <class V>
[[SLUICE_IFMA, gnu::noinline]] Element<V> Product(const Element<V>& a, const Element<V>& b) {
  return Times(a, b);
}

// The square of the square …, so many times.
template <class V>
[[SLUICE_IFMA, gnu::noinline]] Element<V> Squares(Element<V> a, int count) {
  while (count-- > 0) a = Square(a);
  return a;
}

// a^(p − 2); 0 for 0.
template <class V>
[[SLUICE_IFMA]] Element<V> Inverse(const Element<V>& a) {
  const Element<V> a2 = Squares(a, 1);
  const Element<V> a9 = Product(Squares(a2, 2), a);
  const Element<V> a11 = Product(a9, a2);
  const Element<V> ones5 = Product(Squares(a11, 1), a9);  // a^(2^5 − 1)
  const Element<V> ones10 = Product(Squares(ones5, 5), ones5);
  const Element<V> ones20 = Product(Squares(ones10, 10), ones10);
  const Element<V> ones40 = Product(Squares(ones20, 20), ones20);
  const Element<V> ones50 = Product(Squares(ones40, 10), ones10);
  const Element<V> ones100 = Product(Squares(ones50, 50), ones50);
  const Element<V> ones200 = Product(Squares(ones100, 100), ones100);
  const Element<V> ones250 = Product(Squares(ones200, 50), ones50);
  return Product(Squares(ones250, 5), a11);
}

// ---- The ladder of RFC 7748, section 5. Its four numbers are lanes: x2, z2, x3, z3.

// a + b, in lanes that minus names a − b.
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline V Sum(V a, V b, V minus, uint64_t twice_p) {
  const V negative = Each<V>(twice_p, twice_p, twice_p, twice_p) - b;
  return a + ((negative & minus) | (b & ~minus));
}
constexpr uint64_t kTwicePFirst = 2 * (kMask - 18);
constexpr uint64_t kTwiceP = 2 * kMask;

// (x2 + z2, x2 − z2, x3 + z3, x3 − z3): A, B, C and D of the RFC.
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> SumsOf(const Element<V>& v) {
  const V minus = Each<V>(0, kAllBits, 0, kAllBits);
  V at[5];
  for (int i = 0; i < 5; ++i)
    at[i] = Sum(Pick<0, 0, 2, 2>(v.limb[i]), Pick<1, 1, 3, 3>(v.limb[i]), minus,
                i == 0 ? kTwicePFirst : kTwiceP);
  return Carried(at[0], at[1], at[2], at[3], at[4]);
}

// Of (AA, BB, CB, DA): (AA, E = AA − BB, DA + CB, DA − CB).
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> SumsOfProducts(const Element<V>& v) {
  const V minus = Each<V>(0, kAllBits, 0, kAllBits);
  const V wanted = Each<V>(0, kAllBits, kAllBits, kAllBits);
  V at[5];
  for (int i = 0; i < 5; ++i)
    at[i] = Sum(Pick<0, 0, 3, 3>(v.limb[i]), Pick<0, 1, 2, 2>(v.limb[i]) & wanted, minus,
                i == 0 ? kTwicePFirst : kTwiceP);
  return Carried(at[0], at[1], at[2], at[3], at[4]);
}

// What SumsOfProducts() is multiplied by: (BB, AA + a24 × E, DA + CB, DA − CB).
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Factors(const Element<V>& products,
                                                              const Element<V>& sums) {
  const V of_sums = Each<V>(0, 0, kAllBits, kAllBits);
  const V a24 = Each<V>(0, 121665, 0, 0);
  V at[5], high[5];
  for (int i = 0; i < 5; ++i) {
    const V base = (sums.limb[i] & of_sums) | (Pick<1, 0, 2, 3>(products.limb[i]) & ~of_sums);
    at[i] = AddLow(base, a24, sums.limb[i]);
    high[i] = AddHigh(V{}, a24, sums.limb[i]);
  }
  for (int i = 1; i < 5; ++i) at[i] += high[i - 1] << 1;
  at[0] = AddLow(at[0], high[4], Each<V>(2 * 19, 2 * 19, 2 * 19, 2 * 19));
  return Carried(at[0], at[1], at[2], at[3], at[4]);
}

// Exchanges (x2, z2) and (x3, z3) where all bits of choice are set.
template <class V>
[[SLUICE_IFMA, gnu::always_inline]] inline Element<V> Exchanged(const Element<V>& v,
                                                                uint64_t choice) {
  const V mask = Each<V>(choice, choice, choice, choice);
  Element<V> result;
  for (int i = 0; i < 5; ++i)
    result.limb[i] = (Pick<2, 3, 0, 1>(v.limb[i]) & mask) | (v.limb[i] & ~mask);
  return result;
}

// From (1, 0, u, 1) to scalar × u as (x2, z2, …). last: (1, 1, 1, u).
template <class V>
[[SLUICE_IFMA]] Element<V> Climb(Element<V> v, const Element<V>& last,
                                 const field25519::Words& scalar) {
  uint64_t before = 0;
  for (int bit = 254; bit >= 0; --bit) {
    const uint64_t now = 0 - (scalar[bit / 64] >> (bit % 64) & 1);
    v = Exchanged(v, now ^ before);
    before = now;
    const Element<V> abcd = SumsOf(v);
    Element<V> abba;
    for (int i = 0; i < 5; ++i) abba.limb[i] = Pick<0, 1, 1, 0>(abcd.limb[i]);
    const Element<V> products = Times(abcd, abba);
    const Element<V> sums = SumsOfProducts(products);
    v = Times(Times(sums, Factors(products, sums)), last);
  }
  return Exchanged(v, before);
}

// ---- Together

template <class V>
[[SLUICE_IFMA]] void MultiplyLanes(const X25519::Bytes& scalar, const X25519::Bytes* points,
                                   X25519::Bytes* products) {
  constexpr int kLanes = sizeof(V) / sizeof(uint64_t);
  X25519::Bytes clamped = scalar;
  X25519::Clamp(&clamped);
  field25519::Words words = field25519::WordsOf(clamped);

  Element<V> begin, last;
  field25519::Element number;
  for (int i = 0; i < 5; ++i) {
    begin.limb[i] = i == 0 ? Each<V>(1, 0, 0, 1) : V{};
    last.limb[i] = i == 0 ? Each<V>(1, 1, 1, 0) : V{};
  }
  for (int lane = 0; lane < kLanes; lane += 4) {
    number = field25519::FromWords(field25519::WordsOf(points[lane / 4]));
    for (int i = 0; i < 5; ++i) {
      begin.limb[i][lane + 2] = number.limb[i];
      last.limb[i][lane + 3] = number.limb[i];
    }
  }
  Element<V> end = Climb(begin, last, words);
  Element<V> z;
  for (int i = 0; i < 5; ++i) z.limb[i] = Pick<1, 1, 1, 1>(end.limb[i]);
  end = Product(end, Inverse(z));
  for (int lane = 0; lane < kLanes; lane += 4) {
    for (int i = 0; i < 5; ++i) number.limb[i] = end.limb[i][lane];
    products[lane / 4] = field25519::BytesOf(field25519::ToWords(number));
  }
  OPENSSL_cleanse(&clamped, sizeof clamped);
  OPENSSL_cleanse(&words, sizeof words);
  OPENSSL_cleanse(&number, sizeof number);
  OPENSSL_cleanse(&end, sizeof end);
  OPENSSL_cleanse(&z, sizeof z);
}

// RFC 7748, section 5.2.
struct Known {
  X25519::Bytes scalar, point, product;
};
constexpr Known kKnown[] = {
    {{0xa5, 0x46, 0xe3, 0x6b, 0xf0, 0x52, 0x7c, 0x9d, 0x3b, 0x16, 0x15,
      0x4b, 0x82, 0x46, 0x5e, 0xdd, 0x62, 0x14, 0x4c, 0x0a, 0xc1, 0xfc,
      0x5a, 0x18, 0x50, 0x6a, 0x22, 0x44, 0xba, 0x44, 0x9a, 0xc4},
     {0xe6, 0xdb, 0x68, 0x67, 0x58, 0x30, 0x30, 0xdb, 0x35, 0x94, 0xc1,
      0xa4, 0x24, 0xb1, 0x5f, 0x7c, 0x72, 0x66, 0x24, 0xec, 0x26, 0xb3,
      0x35, 0x3b, 0x10, 0xa9, 0x03, 0xa6, 0xd0, 0xab, 0x1c, 0x4c},
     {0xc3, 0xda, 0x55, 0x37, 0x9d, 0xe9, 0xc6, 0x90, 0x8e, 0x94, 0xea,
      0x4d, 0xf2, 0x8d, 0x08, 0x4f, 0x32, 0xec, 0xcf, 0x03, 0x49, 0x1c,
      0x71, 0xf7, 0x54, 0xb4, 0x07, 0x55, 0x77, 0xa2, 0x85, 0x52}},
    {{0x4b, 0x66, 0xe9, 0xd4, 0xd1, 0xb4, 0x67, 0x3c, 0x5a, 0xd2, 0x26,
      0x91, 0x95, 0x7d, 0x6a, 0xf5, 0xc1, 0x1b, 0x64, 0x21, 0xe0, 0xea,
      0x01, 0xd4, 0x2c, 0xa4, 0x16, 0x9e, 0x79, 0x18, 0xba, 0x0d},
     {0xe5, 0x21, 0x0f, 0x12, 0x78, 0x68, 0x11, 0xd3, 0xf4, 0xb7, 0x95,
      0x9d, 0x05, 0x38, 0xae, 0x2c, 0x31, 0xdb, 0xe7, 0x10, 0x6f, 0xc0,
      0x3c, 0x3e, 0xfc, 0x4c, 0xd5, 0x49, 0xc7, 0x15, 0xa4, 0x93},
     {0x95, 0xcb, 0xde, 0x94, 0x76, 0xe8, 0x90, 0x7d, 0x7a, 0xad, 0xe4,
      0x5c, 0xb4, 0xb8, 0x73, 0xf8, 0x8b, 0x59, 0x5a, 0x68, 0x79, 0x9f,
      0xa1, 0x52, 0xe6, 0xf8, 0xf7, 0x64, 0x7a, 0xac, 0x79, 0x57}},
};

bool AsKnown() {
  for (const Known& known : kKnown) {
    const X25519::Bytes points[2] = {known.point, known.point};
    X25519::Bytes both[2];
    X25519::MultiplyBoth(known.scalar, points, both);
    if (both[0] != known.product || both[1] != known.product ||
        X25519::Multiply(known.scalar, known.point) != known.product)
      return false;
  }
  return true;
}

bool ProcessorHasVectors() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512ifma");
}

// By either word: "base" leaves keys to the table of multiples.
bool IsOff() {
  const char* choice = std::getenv("SLUICE_TLS_X25519");
  return choice != nullptr &&
         (std::string_view(choice) == "0" || std::string_view(choice) == "base");
}

}  // namespace

bool X25519::Usable() {
  static const bool usable = !IsOff() && ProcessorHasVectors() && AsKnown();
  return usable;
}

X25519::Bytes X25519::Multiply(const Bytes& scalar, const Bytes& point) {
  Bytes product;
  MultiplyLanes<Four>(scalar, &point, &product);
  return product;
}

void X25519::MultiplyBoth(const Bytes& scalar, const Bytes (&points)[2], Bytes (&products)[2]) {
  MultiplyLanes<Eight>(scalar, points, products);
}

}  // namespace sluice

#else  // of other processors: never called, as Usable() says

namespace sluice {

bool X25519::Usable() {
  return false;
}
X25519::Bytes X25519::Multiply(const Bytes&, const Bytes&) {
  std::abort();
}
void X25519::MultiplyBoth(const Bytes&, const Bytes (&)[2], Bytes (&)[2]) {
  std::abort();
}

}  // namespace sluice
#endif
