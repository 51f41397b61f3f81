// Internal. binding('crypto_sign'): signatures, encryption with RSA, and agreement on secrets, with
// the keys of binding('crypto_keys').
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "bind/crypto/key.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// How a signature is made: what lib/ says in four arguments.
struct Scheme {
  const EVP_MD* digest = nullptr;
  int padding = 0;  // RSA, 0 for the key's own
  bool has_salt = false;
  int salt = 0;        // RSA-PSS
  bool fixed = false;  // IEEE P1363 instead of DER, for ECDSA and DSA
  std::vector<uint8_t> context;  // what signatures of some types are for, at most 255 bytes
};

// Arguments: digest's name or undefined, padding or 0, salt's length or undefined, fixed, context
// or undefined.
Scheme SchemeArgument(Call& call, size_t i) {
  Scheme scheme;
  if (!call.is_undefined(i)) scheme.digest = Digest(call.string(i));
  scheme.padding = static_cast<int>(call.integer(i + 1));
  scheme.has_salt = !call.is_undefined(i + 2);
  scheme.salt = scheme.has_salt ? static_cast<int>(call.integer(i + 2)) : 0;
  scheme.fixed = call.boolean(i + 3);
  if (!call.is_undefined(i + 4)) {
    auto context = call.bytes(i + 4);
    scheme.context.assign(context.begin(), context.end());
  }
  return scheme;
}

// Headers before OpenSSL 3.2 have no names for these parameters.
constexpr char kContext[] = "context-string";
constexpr char kInstance[] = "instance";

bool TakesContext(EVP_PKEY_CTX* context) {
  return OSSL_PARAM_locate_const(EVP_PKEY_CTX_settable_params(context), kContext) != nullptr;
}

bool SetContext(EVP_PKEY_CTX* context, const EVP_PKEY* key, Scheme& scheme) {
  if (scheme.context.empty()) return true;
  std::vector<OSSL_PARAM> parameters = {OSSL_PARAM_construct_octet_string(
      kContext, scheme.context.data(), scheme.context.size())};
  char instance[] = "Ed25519ctx";  // plain Ed25519 has none
  if (EVP_PKEY_get_id(key) == EVP_PKEY_ED25519)
    parameters.push_back(OSSL_PARAM_construct_utf8_string(kInstance, instance, 0));
  parameters.push_back(OSSL_PARAM_construct_end());
  return TakesContext(context) && EVP_PKEY_CTX_set_params(context, parameters.data()) == 1;
}

bool SetPadding(EVP_PKEY_CTX* context, const EVP_PKEY* key, const Scheme& scheme) {
  int type = EVP_PKEY_get_id(key);
  if (type != EVP_PKEY_RSA && type != EVP_PKEY_RSA_PSS) return true;
  int padding = scheme.padding;
  if (padding == 0) padding = type == EVP_PKEY_RSA_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
  if (EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1) return false;
  if (padding != RSA_PKCS1_PSS_PADDING || !scheme.has_salt) return true;
  return EVP_PKEY_CTX_set_rsa_pss_saltlen(context, scheme.salt) == 1;
}

// The bytes of each of the two numbers of a signature; 0 if the key makes other ones.
size_t NumberSize(const EVP_PKEY* key) {
  int type = EVP_PKEY_get_id(key);
  if (type == EVP_PKEY_EC) return static_cast<size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  if (type != EVP_PKEY_DSA) return 0;
  BIGNUM* q = nullptr;
  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &q);
  BignumPtr owned(q);
  return q != nullptr ? static_cast<size_t>(BN_num_bytes(q)) : 0;
}

// DSA's signatures have the same form as ECDSA's: a sequence of two integers.
using TwoNumbers = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

bool ToFixed(const EVP_PKEY* key, std::vector<uint8_t>* signature) {
  size_t size = NumberSize(key);
  if (size == 0) return true;
  const uint8_t* at = signature->data();
  TwoNumbers numbers(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature->size())));
  if (!numbers) return false;
  signature->assign(2 * size, 0);
  auto part = static_cast<int>(size);
  return BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), signature->data(), part) == part &&
         BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), signature->data() + size, part) == part;
}

// Signatures of another length become ones that are never right.
bool FromFixed(const EVP_PKEY* key, std::vector<uint8_t>* signature) {
  size_t size = NumberSize(key);
  if (size == 0) return true;
  if (signature->size() != 2 * size) return false;
  auto part = static_cast<int>(size);
  TwoNumbers numbers(ECDSA_SIG_new());
  BignumPtr r(BN_bin2bn(signature->data(), part, nullptr));
  BignumPtr s(BN_bin2bn(signature->data() + size, part, nullptr));
  if (!numbers || ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) return false;
  (void)r.release();
  (void)s.release();
  *signature = Der<ECDSA_SIG>(numbers.get(), i2d_ECDSA_SIG);
  return true;
}

using MdContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;

struct SignJob : CryptoJob {
  KeyPtr key;
  Scheme scheme;
  Secret data;
  bool hashed = false;  // data is the digest, and not what is signed
  std::vector<uint8_t> signature;

  JSValueRef Result(JSContextRef context) override { return MakeBytes(context, signature); }

  bool Run() override {
    bool done = hashed ? SignDigest() : SignData();
    return done && (!scheme.fixed || ToFixed(key.get(), &signature));
  }

 private:
  bool SignDigest() {
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    size_t size = 0;
    if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
        !SetPadding(context.get(), key.get(), scheme) ||
        EVP_PKEY_CTX_set_signature_md(context.get(), scheme.digest) != 1 ||
        EVP_PKEY_sign(context.get(), nullptr, &size, data.data(), data.size()) != 1)
      return false;
    signature.resize(size);
    if (EVP_PKEY_sign(context.get(), signature.data(), &size, data.data(), data.size()) != 1)
      return false;
    signature.resize(size);
    return true;
  }

  bool SignData() {
    MdContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* key_context = nullptr;  // belongs to context
    const char* name = scheme.digest != nullptr ? EVP_MD_get0_name(scheme.digest) : nullptr;
    size_t size = 0;
    if (EVP_DigestSignInit_ex(context.get(), &key_context, name, nullptr, nullptr, key.get(),
                              nullptr) != 1 ||
        !SetPadding(key_context, key.get(), scheme) ||
        !SetContext(key_context, key.get(), scheme) ||
        EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) != 1)
      return false;
    signature.resize(size);
    if (EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) != 1)
      return false;
    signature.resize(size);
    return true;
  }
};

struct VerifyJob final : SignJob {
  bool valid = false;

  JSValueRef Result(JSContextRef context) override { return JSValueMakeBoolean(context, valid); }

  bool Run() override {
    if (scheme.fixed && !FromFixed(key.get(), &signature)) return true;
    return hashed ? VerifyDigest() : VerifyData();
  }

 private:
  // What a wrong signature leaves in OpenSSL's queue is no failure of the job.
  bool Answer(int result) {
    valid = result == 1;
    ERR_clear_error();
    return true;
  }

  bool VerifyDigest() {
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
        !SetPadding(context.get(), key.get(), scheme) ||
        EVP_PKEY_CTX_set_signature_md(context.get(), scheme.digest) != 1)
      return false;
    return Answer(EVP_PKEY_verify(context.get(), signature.data(), signature.size(), data.data(),
                                  data.size()));
  }

  bool VerifyData() {
    MdContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* key_context = nullptr;  // belongs to context
    const char* name = scheme.digest != nullptr ? EVP_MD_get0_name(scheme.digest) : nullptr;
    if (EVP_DigestVerifyInit_ex(context.get(), &key_context, name, nullptr, nullptr, key.get(),
                                nullptr) != 1 ||
        !SetPadding(key_context, key.get(), scheme) ||
        !SetContext(key_context, key.get(), scheme))
      return false;
    return Answer(EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                                   data.size()));
  }
};

bool Fill(Call& call, SignJob* job) {
  auto* key = NativeArgument<Key>(call, 1);
  if (key == nullptr) return false;
  job->key = key->Share();
  job->data = SecretArgument(call, 2);
  job->hashed = call.boolean(3);
  job->scheme = SchemeArgument(call, 4);
  return !call.failed();
}

// sign(callback, handle, data, hashed, digest, padding, salt, fixed, context) → signature
JSValueRef Sign(Call& call) {
  auto job = std::make_shared<SignJob>();
  return Fill(call, job.get()) ? RunJob(call, job) : call.undefined();
}

// verify(callback, handle, data, hashed, digest, padding, salt, fixed, context, signature) → boolean
JSValueRef Verify(Call& call) {
  auto job = std::make_shared<VerifyJob>();
  if (!Fill(call, job.get())) return call.undefined();
  auto signature = call.bytes(9);
  job->signature.assign(signature.begin(), signature.end());
  return RunJob(call, job);
}

// takesContext(handle) → whether signatures of the key can have one
JSValueRef KeyTakesContext(Call& call) {
  auto* key = NativeArgument<Key>(call, 0);
  if (key == nullptr) return call.undefined();
  MdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // belongs to context
  bool takes = EVP_DigestVerifyInit_ex(context.get(), &key_context, nullptr, nullptr, nullptr,
                                       key->get(), nullptr) == 1 &&
               TakesContext(key_context);
  ERR_clear_error();
  return call.boolean_value(takes);
}

// isOneShot(handle) → whether the type signs data only as a whole (EdDSA)
JSValueRef IsOneShot(Call& call) {
  auto* key = NativeArgument<Key>(call, 0);
  if (key == nullptr) return call.undefined();
  std::string type = KeyTypeName(key->get());
  return call.boolean_value(type == "ed25519" || type == "ed448" || type.find("-dsa-") != type.npos);
}

// ---- Encryption with RSA

using Start = int (*)(EVP_PKEY_CTX*);
using Step = int (*)(EVP_PKEY_CTX*, unsigned char*, size_t*, const unsigned char*, size_t);

struct RsaJob final : BytesJob {
  KeyPtr key;
  Start start = nullptr;
  Step step = nullptr;
  bool decrypts = false;  // with the private key
  int padding = 0;
  const EVP_MD* digest = nullptr;  // OAEP
  std::vector<uint8_t> label;      // OAEP
  Secret data;

  bool Run() override {
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    size_t size = 0;
    if (!context || start(context.get()) != 1 || !SetUp(context.get()) ||
        step(context.get(), nullptr, &size, data.data(), data.size()) != 1)
      return false;
    SetSize(size);
    if (step(context.get(), result_.data(), &size, data.data(), data.size()) != 1) return false;
    result_.Shrink(size);
    return true;
  }

 private:
  bool SetUp(EVP_PKEY_CTX* context) {
    if (EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1) return false;
    // Without implicit rejection the answer tells who asks whether the padding was right.
    if (decrypts && padding == RSA_PKCS1_PADDING &&
        EVP_PKEY_CTX_ctrl_str(context, "rsa_pkcs1_implicit_rejection", "1") != 1)
      return false;
    if (digest != nullptr && EVP_PKEY_CTX_set_rsa_oaep_md(context, digest) != 1) return false;
    if (label.empty()) return true;
    auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(label.data(), label.size()));
    if (copy == nullptr) return false;
    if (EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, static_cast<int>(label.size())) == 1)
      return true;
    OPENSSL_free(copy);
    return false;
  }
};

template <Start start, Step step>
JSValueRef Rsa(Call& call) {
  auto* key = NativeArgument<Key>(call, 1);
  if (key == nullptr) return call.undefined();
  auto job = std::make_shared<RsaJob>();
  job->key = key->Share();
  job->start = start;
  job->step = step;
  job->decrypts = start == EVP_PKEY_decrypt_init;
  job->data = SecretArgument(call, 2);
  job->padding = static_cast<int>(call.integer(3));
  if (!call.is_undefined(4)) job->digest = Digest(call.string(4));
  if (!call.is_undefined(5)) {
    auto label = call.bytes(5);
    job->label.assign(label.begin(), label.end());
  }
  return RunJob(call, job);
}

// ---- Agreement

struct DeriveJob final : BytesJob {
  KeyPtr key;
  KeyPtr peer;

  bool Run() override {
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    size_t size = 0;
    // The secret of numbers is as long as the prime, whatever its value.
    bool pads = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_DH ||
                EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_DHX;
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        (pads && EVP_PKEY_CTX_set_dh_pad(context.get(), 1) != 1) ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
      return false;
    SetSize(size);
    if (EVP_PKEY_derive(context.get(), result_.data(), &size) != 1) return false;
    result_.Shrink(size);
    return true;
  }
};

// derive(callback, private handle, public handle) → the shared secret
JSValueRef Derive(Call& call) {
  auto* key = NativeArgument<Key>(call, 1);
  auto* peer = NativeArgument<Key>(call, 2);
  if (call.failed()) return call.undefined();
  auto job = std::make_shared<DeriveJob>();
  job->key = key->Share();
  job->peer = peer->Share();
  return RunJob(call, job);
}

// The last four: (callback, handle, data, padding, OAEP's digest or undefined, label or undefined)
constexpr FunctionEntry kFunctions[] = {
    {"sign", Guarded<Sign>},
    {"verify", Guarded<Verify>},
    {"isOneShot", Guarded<IsOneShot>},
    {"takesContext", Guarded<KeyTakesContext>},
    {"derive", Guarded<Derive>},
    {"publicEncrypt", Guarded<Rsa<EVP_PKEY_encrypt_init, EVP_PKEY_encrypt>>},
    {"privateDecrypt", Guarded<Rsa<EVP_PKEY_decrypt_init, EVP_PKEY_decrypt>>},
    {"privateEncrypt", Guarded<Rsa<EVP_PKEY_sign_init, EVP_PKEY_sign>>},
    {"publicDecrypt", Guarded<Rsa<EVP_PKEY_verify_recover_init, EVP_PKEY_verify_recover>>},
};

}  // namespace

void BindCryptoSign(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
