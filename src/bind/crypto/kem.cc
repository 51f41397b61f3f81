// Internal. binding('crypto_kem'): encapsulation of secrets with the keys of binding('crypto_keys').
#include "bind/crypto/key.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// How a key's type encapsulates, where OpenSSL wants to be told: DHKEM (RFC 9180) from 3.2 on.
const char* OperationOf(const EVP_PKEY* key) {
  std::string type = KeyTypeName(key);
  if (type == "rsa") return "RSASVE";
  return type == "ec" || type == "x25519" || type == "x448" ? "DHKEM" : nullptr;
}

using Start = int (*)(EVP_PKEY_CTX*, const OSSL_PARAM*);

KeyContext Begin(EVP_PKEY* key, Start start) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || start(context.get(), nullptr) != 1) return nullptr;
  const char* operation = OperationOf(key);
  if (operation != nullptr && EVP_PKEY_CTX_set_kem_op(context.get(), operation) != 1)
    return nullptr;
  return context;
}

struct EncapsulateJob final : CryptoJob {
  KeyPtr key;
  Secret secret;
  std::vector<uint8_t> ciphertext;

  bool Run() override {
    KeyContext context = Begin(key.get(), EVP_PKEY_encapsulate_init);
    size_t text = 0;
    size_t size = 0;
    if (!context || EVP_PKEY_encapsulate(context.get(), nullptr, &text, nullptr, &size) != 1)
      return false;
    ciphertext.resize(text);
    secret = Secret(size);
    if (EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &text, secret.data(), &size) != 1)
      return false;
    ciphertext.resize(text);
    secret.Shrink(size);
    return true;
  }

  JSValueRef Result(JSContextRef context) override {
    JSValueRef parts[] = {MakeBytes(context, {secret.data(), secret.size()}),
                          MakeBytes(context, ciphertext)};
    return JSObjectMakeArray(context, 2, parts, nullptr);
  }
};

struct DecapsulateJob final : BytesJob {
  KeyPtr key;
  std::vector<uint8_t> ciphertext;

  bool Run() override {
    KeyContext context = Begin(key.get(), EVP_PKEY_decapsulate_init);
    size_t size = 0;
    if (!context || EVP_PKEY_decapsulate(context.get(), nullptr, &size, ciphertext.data(),
                                         ciphertext.size()) != 1)
      return false;
    SetSize(size);
    if (EVP_PKEY_decapsulate(context.get(), result_.data(), &size, ciphertext.data(),
                             ciphertext.size()) != 1)
      return false;
    result_.Shrink(size);
    return true;
  }
};

// encapsulate(callback, handle) → [secret, ciphertext]
JSValueRef Encapsulate(Call& call) {
  auto* key = NativeArgument<Key>(call, 1);
  if (key == nullptr) return call.undefined();
  auto job = std::make_shared<EncapsulateJob>();
  job->key = key->Share();
  return RunJob(call, job);
}

// decapsulate(callback, private handle, ciphertext) → secret
JSValueRef Decapsulate(Call& call) {
  auto* key = NativeArgument<Key>(call, 1);
  if (key == nullptr) return call.undefined();
  auto job = std::make_shared<DecapsulateJob>();
  job->key = key->Share();
  auto ciphertext = call.bytes(2);
  job->ciphertext.assign(ciphertext.begin(), ciphertext.end());
  return RunJob(call, job);
}

constexpr FunctionEntry kFunctions[] = {
    {"encapsulate", Guarded<Encapsulate>},
    {"decapsulate", Guarded<Decapsulate>},
};

}  // namespace

void BindCryptoKem(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
