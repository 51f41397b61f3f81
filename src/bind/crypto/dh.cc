// Internal. binding('crypto_dh'): Diffie-Hellman over numbers and curves, whose keys are plain
// bytes. All functions are stateless; numbers are big-endian.
#include <openssl/bn.h>
#include <openssl/dh.h>
#include <openssl/ec.h>

#include "bind/crypto/job.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using BnContext = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using SecretNumber = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;

SecretNumber NumberArgument(Call& call, size_t i) {
  Secret bytes = SecretArgument(call, i);
  return SecretNumber(BN_bin2bn(bytes.data(), bytes.length(), nullptr));
}

JSValueRef NumberValue(Call& call, const BIGNUM* number, int size = 0) {
  Secret bytes(static_cast<size_t>(std::max(size, BN_num_bytes(number))));
  BN_bn2binpad(number, bytes.data(), bytes.length());
  return MakeBytes(call.context(), {bytes.data(), bytes.size()});
}

// ---- Numbers

// prime(name) → that of a group, or undefined
JSValueRef Prime(Call& call) {
  struct Known {
    const char* name;
    BIGNUM* (*get)(BIGNUM*);
  };
  constexpr Known kKnown[] = {
      {"modp1", BN_get_rfc2409_prime_768},   {"modp2", BN_get_rfc2409_prime_1024},
      {"modp5", BN_get_rfc3526_prime_1536},  {"modp14", BN_get_rfc3526_prime_2048},
      {"modp15", BN_get_rfc3526_prime_3072}, {"modp16", BN_get_rfc3526_prime_4096},
      {"modp17", BN_get_rfc3526_prime_6144}, {"modp18", BN_get_rfc3526_prime_8192},
  };
  std::string name = call.string(0);
  for (const Known& one : kKnown)
    if (name == one.name) return NumberValue(call, BignumPtr(one.get(nullptr)).get());
  return call.undefined();
}

struct PrimeJob final : CryptoJob {
  int bits = 0;
  bool safe = false;
  SecretNumber add, rem;
  SecretNumber prime{BN_new()};
  bool Run() override {
    return BN_generate_prime_ex(prime.get(), bits, safe ? 1 : 0, add.get(), rem.get(), nullptr) ==
           1;
  }
  JSValueRef Result(JSContextRef context) override {
    std::vector<uint8_t> bytes(static_cast<size_t>(BN_num_bytes(prime.get())));
    BN_bn2bin(prime.get(), bytes.data());
    return MakeBytes(context, bytes);
  }
};

// newPrime(callback, bits, safe, add, rem) → bytes; the last two may be undefined
JSValueRef NewPrime(Call& call) {
  auto job = std::make_shared<PrimeJob>();
  job->bits = static_cast<int>(call.integer(1));
  job->safe = call.boolean(2);
  if (!call.is_undefined(3)) job->add = NumberArgument(call, 3);
  if (!call.is_undefined(4)) job->rem = NumberArgument(call, 4);
  return RunJob(call, job);
}

struct CheckJob final : CryptoJob {
  SecretNumber candidate;
  bool prime = false;
  bool Run() override {
    BnContext context(BN_CTX_new());
    int result = BN_check_prime(candidate.get(), context.get(), nullptr);
    prime = result == 1;
    return result >= 0;
  }
  JSValueRef Result(JSContextRef context) override { return JSValueMakeBoolean(context, prime); }
};

// isPrime(callback, number) → boolean
JSValueRef IsPrime(Call& call) {
  auto job = std::make_shared<CheckJob>();
  job->candidate = NumberArgument(call, 1);
  return RunJob(call, job);
}

// problems(prime, generator) → bits of DH_check(3)
JSValueRef Problems(Call& call) {
  SecretNumber p = NumberArgument(call, 0);
  SecretNumber g = NumberArgument(call, 1);
  if (call.failed()) return call.undefined();
  BnContext context(BN_CTX_new());
  SecretNumber half(BN_new());
  SecretNumber most(BN_dup(p.get()));
  int problems = 0;
  BN_sub_word(most.get(), 1);
  if (BN_cmp(g.get(), BN_value_one()) <= 0 || BN_cmp(g.get(), most.get()) >= 0)
    problems |= DH_NOT_SUITABLE_GENERATOR;
  BN_rshift1(half.get(), p.get());
  if (BN_check_prime(p.get(), context.get(), nullptr) != 1)
    problems |= DH_CHECK_P_NOT_PRIME;
  else if (BN_check_prime(half.get(), context.get(), nullptr) != 1)
    problems |= DH_CHECK_P_NOT_SAFE_PRIME;
  ERR_clear_error();
  return call.number_value(problems);
}

// newPrivate(prime) → a random number from 1 to prime - 2
JSValueRef NewPrivate(Call& call) {
  SecretNumber p = NumberArgument(call, 0);
  if (call.failed()) return call.undefined();
  SecretNumber x(BN_secure_new());
  BN_sub_word(p.get(), 2);
  if (BN_is_negative(p.get()) || BN_is_zero(p.get()) ||
      BN_priv_rand_range_ex(x.get(), p.get(), 0, nullptr) != 1)
    return ThrowCrypto(call);
  BN_add_word(x.get(), 1);
  return NumberValue(call, x.get());
}

// power(prime, base, exponent) → base ^ exponent mod prime, in the time that any exponent takes,
// as long as the prime
JSValueRef Power(Call& call) {
  SecretNumber p = NumberArgument(call, 0);
  SecretNumber base = NumberArgument(call, 1);
  SecretNumber x = NumberArgument(call, 2);
  if (call.failed()) return call.undefined();
  BnContext context(BN_CTX_secure_new());
  SecretNumber result(BN_secure_new());
  BN_set_flags(x.get(), BN_FLG_CONSTTIME);
  if (BN_mod_exp(result.get(), base.get(), x.get(), p.get(), context.get()) != 1)
    return ThrowCrypto(call);
  return NumberValue(call, result.get(), BN_num_bytes(p.get()));
}

// ---- Curves

Group GroupArgument(Call& call, size_t i) {
  return Group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(call.name(i).c_str())));
}

JSValueRef PointValue(Call& call, const EC_GROUP* group, const EC_POINT* point, int form) {
  auto conversion = static_cast<point_conversion_form_t>(form);
  std::vector<uint8_t> bytes(EC_POINT_point2oct(group, point, conversion, nullptr, 0, nullptr));
  EC_POINT_point2oct(group, point, conversion, bytes.data(), bytes.size(), nullptr);
  return MakeBytes(call.context(), bytes);
}

// publicPoint(curve, private) → the uncompressed point; undefined if private is out of range
JSValueRef PublicPoint(Call& call) {
  Group group = GroupArgument(call, 0);
  SecretNumber d = NumberArgument(call, 1);
  if (call.failed() || !group) return call.undefined();
  Point point(EC_POINT_new(group.get()));
  bool fits = !BN_is_zero(d.get()) && BN_cmp(d.get(), EC_GROUP_get0_order(group.get())) < 0;
  if (!fits || EC_POINT_mul(group.get(), point.get(), d.get(), nullptr, nullptr, nullptr) != 1) {
    ERR_clear_error();
    return call.undefined();
  }
  return PointValue(call, group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED);
}

// convertPoint(curve, point, form) → bytes; undefined if it is no point of the curve
JSValueRef ConvertPoint(Call& call) {
  Group group = GroupArgument(call, 0);
  auto bytes = call.bytes(1);
  auto form = static_cast<int>(call.integer(2));
  if (call.failed() || !group) return call.undefined();
  Point point(EC_POINT_new(group.get()));
  if (EC_POINT_oct2point(group.get(), point.get(), bytes.data(), bytes.size(), nullptr) != 1 ||
      EC_POINT_is_at_infinity(group.get(), point.get()) == 1) {
    ERR_clear_error();
    return call.undefined();
  }
  return PointValue(call, group.get(), point.get(), form);
}

constexpr FunctionEntry kFunctions[] = {
    {"prime", Guarded<Prime>},
    {"newPrime", Guarded<NewPrime>},
    {"isPrime", Guarded<IsPrime>},
    {"problems", Guarded<Problems>},
    {"newPrivate", Guarded<NewPrivate>},
    {"power", Guarded<Power>},
    {"publicPoint", Guarded<PublicPoint>},
    {"convertPoint", Guarded<ConvertPoint>},
};

}  // namespace

void BindCryptoDh(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
