// Internal. binding('crypto_hash'): digests and HMAC, step by step. Digests are numbers, which
// `digest` gives for a name, as a call with a number costs less than one with a text.
#include <openssl/core_names.h>

#include "bind/crypto/job.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using MdContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>>;

struct HashState : BindingState {
  explicit HashState(Engine&) {}
  std::vector<const EVP_MD*> digests;
  std::vector<MacContext> macs;  // by digest, made when first used; each HMAC is a copy
};

class Hash final : public NativeObject {
 public:
  explicit Hash(MdContext context) : context_(std::move(context)) {}
  EVP_MD_CTX* get() const { return context_.get(); }
  size_t cost() const override { return 640; }
  void Free() { context_.reset(); }

 private:
  MdContext context_;
};

class Hmac final : public NativeObject {
 public:
  explicit Hmac(MacContext context) : context_(std::move(context)) {}
  EVP_MAC_CTX* get() const { return context_.get(); }
  size_t cost() const override { return 2048; }
  void Free() { context_.reset(); }

 private:
  MacContext context_;
};

HashState& State(Call& call) {
  return call.engine().State<HashState>();
}

// digest(name) → its number, or -1
JSValueRef DigestNumber(Call& call) {
  const EVP_MD* found = Digest(call.string(0));
  if (found == nullptr) return call.number_value(-1);
  auto& digests = State(call).digests;
  size_t i = 0;
  while (i < digests.size() && digests[i] != found) ++i;
  if (i == digests.size()) digests.push_back(found);
  return call.number_value(static_cast<double>(i));
}

const EVP_MD* DigestArgument(Call& call, size_t i) {
  auto& digests = State(call).digests;
  auto number = static_cast<uint64_t>(call.integer(i));
  if (number < digests.size()) return digests[number];
  call.ThrowRangeError("no such digest");
  return nullptr;
}

// The size of a digest. One of any length (XOF) has the size that OpenSSL 3.0 gave it: later
// releases give none.
int SizeOf(const EVP_MD* digest) {
  int size = EVP_MD_get_size(digest);
  if (size > 0 || (EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF) == 0) return size;
  constexpr int kKeccakState = 200;  // what of it is no input is twice the strength
  return (kKeccakState - EVP_MD_get_block_size(digest)) / 2;
}

// digestSize(number) → bytes
JSValueRef DigestSize(Call& call) {
  const EVP_MD* digest = DigestArgument(call, 0);
  return digest != nullptr ? call.number_value(SizeOf(digest)) : call.undefined();
}

// hash(number, size) → handle; throws if the digest cannot have that size
JSValueRef MakeHash(Call& call) {
  const EVP_MD* digest = DigestArgument(call, 0);
  if (digest == nullptr) return call.undefined();
  if (call.integer(1) != SizeOf(digest) && (EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF) == 0) {
    ERR_raise(ERR_LIB_EVP, EVP_R_NOT_XOF_OR_INVALID_LENGTH);
    return ThrowCrypto(call);
  }
  MdContext context(EVP_MD_CTX_new());
  if (EVP_DigestInit_ex2(context.get(), digest, nullptr) != 1) return ThrowCrypto(call);
  return MakeNative(call.context(), std::make_shared<Hash>(std::move(context)));
}

// copyHash(handle) → handle
JSValueRef CopyHash(Call& call) {
  auto* hash = NativeArgument<Hash>(call, 0);
  if (hash == nullptr) return call.undefined();
  MdContext context(EVP_MD_CTX_new());
  if (EVP_MD_CTX_copy_ex(context.get(), hash->get()) != 1) return ThrowCrypto(call);
  return MakeNative(call.context(), std::make_shared<Hash>(std::move(context)));
}

// updateHash(handle, bytes) → whether it could
JSValueRef UpdateHash(Call& call) {
  auto* hash = NativeArgument<Hash>(call, 0);
  auto bytes = call.view(1);
  if (call.failed() || hash->get() == nullptr) return call.boolean_value(false);
  return call.boolean_value(EVP_DigestUpdate(hash->get(), bytes.data(), bytes.size()) == 1);
}

bool Finish(EVP_MD_CTX* context, std::span<uint8_t> out) {
  if (out.empty()) return true;
  if (out.size() == static_cast<size_t>(EVP_MD_CTX_get_size(context)))
    return EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  return EVP_DigestFinalXOF(context, out.data(), out.size()) == 1;
}

// finishHash(handle, out): fills out with the digest; the handle is empty afterwards
JSValueRef FinishHash(Call& call) {
  auto* hash = NativeArgument<Hash>(call, 0);
  auto out = call.view(1);
  if (call.failed() || hash->get() == nullptr) return call.undefined();
  bool done = Finish(hash->get(), out);
  hash->Free();
  return done ? call.undefined() : ThrowCrypto(call);
}

// oneShot(number, bytes, out): fills out with the digest of bytes
JSValueRef OneShot(Call& call) {
  const EVP_MD* digest = DigestArgument(call, 0);
  auto bytes = call.view(1);
  auto out = call.view(2);
  if (call.failed()) return call.undefined();
  thread_local MdContext context(EVP_MD_CTX_new());
  bool done = EVP_DigestInit_ex2(context.get(), digest, nullptr) == 1 &&
              EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
              Finish(context.get(), out);
  return done ? call.undefined() : ThrowCrypto(call);
}

EVP_MAC* HmacAlgorithm() {
  static EVP_MAC* fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return fetched;
}

// A context without a key: setting the digest costs more than the rest of a small HMAC.
EVP_MAC_CTX* Template(HashState& state, size_t number) {
  if (state.macs.size() <= number) state.macs.resize(number + 1);
  MacContext& made = state.macs[number];
  if (!made) {
    made.reset(EVP_MAC_CTX_new(HmacAlgorithm()));
    auto* name = const_cast<char*>(EVP_MD_get0_name(state.digests[number]));
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_MAC_CTX_set_params(made.get(), parameters) != 1) made.reset();
  }
  return made.get();
}

// hmac(number, key) → handle
JSValueRef MakeHmac(Call& call) {
  const EVP_MD* digest = DigestArgument(call, 0);
  auto key = call.bytes(1);
  if (digest == nullptr || call.failed()) return call.undefined();
  EVP_MAC_CTX* made = Template(State(call), static_cast<size_t>(call.integer(0)));
  MacContext context(made != nullptr ? EVP_MAC_CTX_dup(made) : nullptr);
  static const uint8_t kNothing = 0;
  const uint8_t* data = key.empty() ? &kNothing : key.data();
  if (!context || EVP_MAC_init(context.get(), data, key.size(), nullptr) != 1)
    return ThrowCrypto(call);
  return MakeNative(call.context(), std::make_shared<Hmac>(std::move(context)));
}

// updateHmac(handle, bytes) → whether it could
JSValueRef UpdateHmac(Call& call) {
  auto* hmac = NativeArgument<Hmac>(call, 0);
  auto bytes = call.view(1);
  if (call.failed() || hmac->get() == nullptr) return call.boolean_value(false);
  return call.boolean_value(EVP_MAC_update(hmac->get(), bytes.data(), bytes.size()) == 1);
}

// finishHmac(handle, out): fills out; the handle is empty afterwards
JSValueRef FinishHmac(Call& call) {
  auto* hmac = NativeArgument<Hmac>(call, 0);
  auto out = call.view(1);
  if (call.failed() || hmac->get() == nullptr) return call.undefined();
  size_t written = 0;
  bool done = EVP_MAC_final(hmac->get(), out.data(), &written, out.size()) == 1;
  hmac->Free();
  return done ? call.undefined() : ThrowCrypto(call);
}

void AddName(const OBJ_NAME* name, void* list) {
  static_cast<std::vector<std::string>*>(list)->emplace_back(name->name);
}

// names() → of all digests
JSValueRef Names(Call& call) {
  std::vector<std::string> known;
  OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_DIGESTS, nullptr);
  OBJ_NAME_do_all_sorted(OBJ_NAME_TYPE_MD_METH, AddName, &known);
  std::vector<std::string> usable;
  for (std::string& name : known)
    if (Digest(name) != nullptr) usable.push_back(std::move(name));
  return MakeStrings(call.context(), usable);
}

constexpr FunctionEntry kFunctions[] = {
    {"digest", Guarded<DigestNumber>},   {"digestSize", Guarded<DigestSize>},
    {"hash", Guarded<MakeHash>},         {"copyHash", Guarded<CopyHash>},
    {"updateHash", Guarded<UpdateHash>}, {"finishHash", Guarded<FinishHash>},
    {"oneShot", Guarded<OneShot>},       {"hmac", Guarded<MakeHmac>},
    {"updateHmac", Guarded<UpdateHmac>}, {"finishHmac", Guarded<FinishHmac>},
    {"names", Guarded<Names>},
};

}  // namespace

void BindCryptoHash(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
