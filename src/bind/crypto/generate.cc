// Internal. binding('crypto_generate'): new keys, as jobs (bind/crypto/job.h).
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "bind/crypto/key.h"

namespace sluice::js {
namespace {

using Parameters = std::vector<OSSL_PARAM>;

// GenerateJob makes a key; its members are what the parameters of the key point to.
struct GenerateJob final : CryptoJob {
  std::string type;              // OpenSSL's
  bool from_parameters = false;  // a step before makes them (DSA)
  std::vector<std::pair<const char*, size_t>> sizes;
  std::vector<std::pair<const char*, std::string>> names;
  uint32_t exponent = 0;  // RSA
  int salt = -1;          // RSA-PSS
  KeyPtr key;

  bool Run() override {
    if (!from_parameters) return Generate(EVP_PKEY_CTX_new_from_name(nullptr, type.c_str(), nullptr));
    KeyPtr base = MakeParameters();
    return base && Generate(EVP_PKEY_CTX_new_from_pkey(nullptr, base.get(), nullptr), false);
  }

  JSValueRef Result(JSContextRef context) override {
    return KeyValue(context, std::move(key), true);
  }

 private:
  Parameters All() {
    Parameters all;
    for (auto& [name, value] : sizes) all.push_back(OSSL_PARAM_construct_size_t(name, &value));
    for (auto& [name, value] : names)
      all.push_back(OSSL_PARAM_construct_utf8_string(name, value.data(), 0));
    if (exponent != 0) all.push_back(OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent));
    if (salt >= 0) all.push_back(OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt));
    all.push_back(OSSL_PARAM_construct_end());
    return all;
  }

  bool Generate(EVP_PKEY_CTX* made, bool with_parameters = true) {
    KeyContext context(made);
    EVP_PKEY* result = nullptr;
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1) return false;
    if (with_parameters && EVP_PKEY_CTX_set_params(context.get(), All().data()) != 1) return false;
    if (EVP_PKEY_generate(context.get(), &result) != 1) return false;
    key.reset(result);
    return true;
  }

  KeyPtr MakeParameters() {
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type.c_str(), nullptr));
    EVP_PKEY* result = nullptr;
    if (!context || EVP_PKEY_paramgen_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_params(context.get(), All().data()) != 1 ||
        EVP_PKEY_generate(context.get(), &result) != 1)
      return nullptr;
    return KeyPtr(result);
  }
};

// rsa(callback, bits, exponent, pss, hash, mgf1Hash, saltLength): the last three for PSS, each may
// be undefined → private key
JSValueRef Rsa(Call& call) {
  auto job = std::make_shared<GenerateJob>();
  bool pss = call.boolean(3);
  job->type = pss ? "RSA-PSS" : "RSA";
  job->sizes.emplace_back(OSSL_PKEY_PARAM_RSA_BITS, static_cast<size_t>(call.integer(1)));
  job->exponent = static_cast<uint32_t>(call.integer(2));
  if (pss) {
    if (!call.is_undefined(4)) job->names.emplace_back(OSSL_PKEY_PARAM_RSA_DIGEST, call.string(4));
    if (!call.is_undefined(5))
      job->names.emplace_back(OSSL_PKEY_PARAM_RSA_MGF1_DIGEST, call.string(5));
    if (!call.is_undefined(6)) job->salt = static_cast<int>(call.integer(6));
  }
  return RunJob(call, job);
}

// ec(callback, curve, "named_curve" or "explicit") → private key
JSValueRef Ec(Call& call) {
  auto job = std::make_shared<GenerateJob>();
  job->type = "EC";
  job->names.emplace_back(OSSL_PKEY_PARAM_GROUP_NAME, call.string(1));
  job->names.emplace_back(OSSL_PKEY_PARAM_EC_ENCODING, call.string(2));
  return RunJob(call, job);
}

// raw(callback, type) → private key of one of the types that have no parameters
JSValueRef Raw(Call& call) {
  auto job = std::make_shared<GenerateJob>();
  job->type = call.string(1);
  return RunJob(call, job);
}

// knows(type) → whether this OpenSSL makes keys of a type
JSValueRef Knows(Call& call) {
  KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, call.string(0).c_str(), nullptr));
  bool known = context && EVP_PKEY_keygen_init(context.get()) == 1;
  ERR_clear_error();
  return call.boolean_value(known);
}

// dsa(callback, bits, divisorBits or 0) → private key
JSValueRef Dsa(Call& call) {
  auto job = std::make_shared<GenerateJob>();
  job->type = "DSA";
  job->from_parameters = true;
  job->sizes.emplace_back(OSSL_PKEY_PARAM_FFC_PBITS, static_cast<size_t>(call.integer(1)));
  if (call.integer(2) > 0)
    job->sizes.emplace_back(OSSL_PKEY_PARAM_FFC_QBITS, static_cast<size_t>(call.integer(2)));
  return RunJob(call, job);
}

// DhJob makes a key of Diffie-Hellman: of new parameters, or of a prime and a generator.
struct DhJob final : CryptoJob {
  size_t bits = 0;
  int generator = 0;
  std::vector<uint8_t> prime, base;  // big-endian; empty: new ones
  KeyPtr key;

  bool Run() override {
    KeyPtr parameters = prime.empty() ? New() : Given();
    KeyContext context(parameters ? EVP_PKEY_CTX_new_from_pkey(nullptr, parameters.get(), nullptr)
                                  : nullptr);
    EVP_PKEY* result = nullptr;
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
        EVP_PKEY_generate(context.get(), &result) != 1)
      return false;
    key.reset(result);
    return true;
  }

  JSValueRef Result(JSContextRef context) override {
    return KeyValue(context, std::move(key), true);
  }

 private:
  KeyPtr New() {
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
    char type[] = "generator";
    OSSL_PARAM all[] = {OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_FFC_PBITS, &bits),
                        OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_DH_GENERATOR, &generator),
                        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_FFC_TYPE, type, 0),
                        OSSL_PARAM_construct_end()};
    EVP_PKEY* result = nullptr;
    if (!context || EVP_PKEY_paramgen_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_params(context.get(), all) != 1 ||
        EVP_PKEY_generate(context.get(), &result) != 1)
      return nullptr;
    return KeyPtr(result);
  }

  KeyPtr Given() {
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
    // OpenSSL's parameters have their bytes in the machine's order.
    std::vector<uint8_t> p(prime.rbegin(), prime.rend());
    std::vector<uint8_t> g(base.rbegin(), base.rend());
    OSSL_PARAM all[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_FFC_P, p.data(), p.size()),
                        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_FFC_G, g.data(), g.size()),
                        OSSL_PARAM_construct_end()};
    EVP_PKEY* result = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &result, EVP_PKEY_KEY_PARAMETERS, all) != 1)
      return nullptr;
    return KeyPtr(result);
  }
};

// dh(callback, bits, generator, prime, base): the last two as bytes, or none for new parameters of
// the first two → private key
JSValueRef Dh(Call& call) {
  auto job = std::make_shared<DhJob>();
  job->bits = static_cast<size_t>(call.integer(1));
  job->generator = static_cast<int>(call.integer(2));
  if (!call.is_undefined(3)) {
    auto prime = call.bytes(3);
    auto base = call.bytes(4);
    if (call.failed()) return call.undefined();
    job->prime.assign(prime.begin(), prime.end());
    job->base.assign(base.begin(), base.end());
  }
  return RunJob(call, job);
}

constexpr FunctionEntry kFunctions[] = {
    {"rsa", Guarded<Rsa>}, {"ec", Guarded<Ec>}, {"raw", Guarded<Raw>},
    {"dsa", Guarded<Dsa>}, {"dh", Guarded<Dh>}, {"knows", Guarded<Knows>},
};

}  // namespace

void BindCryptoGenerate(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
