// Internal. binding('crypto_random'): random bytes, keys from passwords, comparison in constant
// time. What takes long is a job (bind/crypto/job.h): argument 0 is its callback or undefined.
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <algorithm>

#include "bind/crypto/job.h"

namespace sluice::js {
namespace {

constexpr int64_t kMaxOutput = 0x7fffffff;

size_t SizeArgument(Call& call, size_t i) {
  int64_t size = call.integer(i);
  if (!call.failed() && (size < 0 || size > kMaxOutput)) call.ThrowRangeError("invalid size");
  return call.failed() ? 0 : static_cast<size_t>(size);
}

// fill(bytes): fills bytes with random ones
JSValueRef Fill(Call& call) {
  auto out = call.bytes(0);
  if (call.failed() || out.empty()) return call.undefined();
  if (RAND_bytes_ex(nullptr, out.data(), out.size(), 0) != 1) return ThrowCrypto(call);
  return call.undefined();
}

struct RandomJob final : BytesJob {
  bool Run() override { return RAND_bytes_ex(nullptr, result_.data(), result_.size(), 0) == 1; }
};

// random(callback, size) → bytes
JSValueRef Random(Call& call) {
  auto job = std::make_shared<RandomJob>();
  job->SetSize(SizeArgument(call, 1));
  return RunJob(call, job);
}

// equal(a, b) → whether two views of one length hold the same
JSValueRef Equal(Call& call) {
  auto a = call.bytes(0);
  auto b = call.bytes(1);
  if (call.failed() || a.size() != b.size()) return call.boolean_value(false);
  return call.boolean_value(CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

struct Pbkdf2Job final : BytesJob {
  Secret password;
  Secret salt;
  int iterations = 0;
  const EVP_MD* digest = nullptr;
  bool Run() override {
    return PKCS5_PBKDF2_HMAC(password.text(), password.length(), salt.data(), salt.length(),
                             iterations, digest, result_.length(), result_.data()) == 1;
  }
};

// pbkdf2(callback, password, salt, iterations, size, digest's name) → bytes
JSValueRef Pbkdf2(Call& call) {
  auto job = std::make_shared<Pbkdf2Job>();
  job->password = SecretArgument(call, 1);
  job->salt = SecretArgument(call, 2);
  job->iterations = static_cast<int>(call.integer(3));
  job->SetSize(SizeArgument(call, 4));
  job->digest = Digest(call.string(5));
  return RunJob(call, job);
}

struct ScryptJob final : BytesJob {
  Secret password;
  Secret salt;
  uint64_t n = 0, r = 0, p = 0, max_memory = 0;
  // RFC 7914, section 2: N and p blocks, of no more than max_memory.
  uint64_t memory() const override { return std::min(max_memory, 128 * r * (n + p)); }
  bool Run() override {
    return EVP_PBE_scrypt(password.text(), password.size(), salt.data(), salt.size(), n, r, p,
                          max_memory, result_.data(), result_.size()) == 1;
  }
};

// scryptProblem(N, r, p, maxmem) → undefined, or why OpenSSL would refuse, "" if it does not say
JSValueRef ScryptProblem(Call& call) {
  uint64_t numbers[4];
  for (size_t i = 0; i < 4; ++i) numbers[i] = static_cast<uint64_t>(call.integer(i));
  if (call.failed() || EVP_PBE_scrypt(nullptr, 0, nullptr, 0, numbers[0], numbers[1], numbers[2],
                                      numbers[3], nullptr, 0) == 1)
    return call.undefined();
  bool said = ERR_peek_error() != 0;
  Error error = TakeError("scrypt");
  return call.string_value(said ? error.message() : "");
}

// scrypt(callback, password, salt, size, N, r, p, maxmem) → bytes
JSValueRef Scrypt(Call& call) {
  auto job = std::make_shared<ScryptJob>();
  job->password = SecretArgument(call, 1);
  job->salt = SecretArgument(call, 2);
  job->SetSize(SizeArgument(call, 3));
  job->n = static_cast<uint64_t>(call.integer(4));
  job->r = static_cast<uint64_t>(call.integer(5));
  job->p = static_cast<uint64_t>(call.integer(6));
  job->max_memory = static_cast<uint64_t>(call.integer(7));
  return RunJob(call, job);
}

using Kdf = std::unique_ptr<EVP_KDF, Deleter<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Deleter<EVP_KDF_CTX_free>>;

OSSL_PARAM Octets(const char* name, Secret& secret) {
  return OSSL_PARAM_construct_octet_string(name, secret.data(), secret.size());
}

struct HkdfJob final : BytesJob {
  Secret key;
  Secret salt;
  Secret info;
  std::string digest;
  bool Run() override {
    Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    KdfContext context(EVP_KDF_CTX_new(kdf.get()));
    if (!context) return false;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        Octets(OSSL_KDF_PARAM_KEY, key),
        Octets(OSSL_KDF_PARAM_SALT, salt),
        Octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };
    return EVP_KDF_derive(context.get(), result_.data(), result_.size(), parameters) == 1;
  }
};

// hkdf(callback, key, salt, info, size, digest's name) → bytes; size is not 0
JSValueRef Hkdf(Call& call) {
  auto job = std::make_shared<HkdfJob>();
  job->key = SecretArgument(call, 1);
  job->salt = SecretArgument(call, 2);
  job->info = SecretArgument(call, 3);
  job->SetSize(SizeArgument(call, 4));
  if (const EVP_MD* digest = Digest(call.string(5))) job->digest = EVP_MD_get0_name(digest);
  return RunJob(call, job);
}

// Argon2Job derives by Argon2 (RFC 9106), which OpenSSL has from 3.2 on: headers of releases before
// have no names for its parameters.
struct Argon2Job final : BytesJob {
  std::string variant;  // "ARGON2ID", …
  Secret message;
  Secret nonce;
  Secret secret;
  Secret associated;
  uint32_t lanes = 0;
  uint32_t memory_kib = 0;
  uint32_t passes = 0;
  uint64_t memory() const override { return uint64_t{memory_kib} * 1024; }
  bool Run() override {
    Kdf kdf(EVP_KDF_fetch(nullptr, variant.c_str(), nullptr));
    KdfContext context(EVP_KDF_CTX_new(kdf.get()));
    if (!context) return false;
    std::vector<OSSL_PARAM> parameters = {
        Octets("pass", message),
        Octets("salt", nonce),
        OSSL_PARAM_construct_uint32("lanes", &lanes),
        OSSL_PARAM_construct_uint32("memcost", &memory_kib),
        OSSL_PARAM_construct_uint32("iter", &passes),
    };
    if (secret.size() > 0) parameters.push_back(Octets("secret", secret));
    if (associated.size() > 0) parameters.push_back(Octets("ad", associated));
    parameters.push_back(OSSL_PARAM_construct_end());
    return EVP_KDF_derive(context.get(), result_.data(), result_.size(), parameters.data()) == 1;
  }
};

// argon2(callback, variant, message, nonce, secret, associated data, lanes, KiB, passes, size) →
// bytes
JSValueRef Argon2(Call& call) {
  auto job = std::make_shared<Argon2Job>();
  job->variant = call.string(1);
  job->message = SecretArgument(call, 2);
  job->nonce = SecretArgument(call, 3);
  job->secret = SecretArgument(call, 4);
  job->associated = SecretArgument(call, 5);
  job->lanes = static_cast<uint32_t>(call.integer(6));
  job->memory_kib = static_cast<uint32_t>(call.integer(7));
  job->passes = static_cast<uint32_t>(call.integer(8));
  job->SetSize(SizeArgument(call, 9));
  return RunJob(call, job);
}

// hasArgon2() → whether this OpenSSL has it
JSValueRef HasArgon2(Call& call) {
  Kdf kdf(EVP_KDF_fetch(nullptr, "ARGON2ID", nullptr));
  ERR_clear_error();
  return call.boolean_value(kdf != nullptr);
}

constexpr FunctionEntry kFunctions[] = {
    {"fill", Guarded<Fill>},     {"random", Guarded<Random>},
    {"equal", Guarded<Equal>},   {"pbkdf2", Guarded<Pbkdf2>},
    {"scrypt", Guarded<Scrypt>}, {"scryptProblem", Guarded<ScryptProblem>},
    {"hkdf", Guarded<Hkdf>},     {"argon2", Guarded<Argon2>},
    {"hasArgon2", Guarded<HasArgon2>},
};

}  // namespace

void BindCryptoRandom(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
