// Internal. Key: what JavaScript holds of an asymmetric key.
#pragma once

#include "bind/crypto/job.h"

namespace sluice::js {

class Key final : public NativeObject {
 public:
  Key(KeyPtr key, bool is_private) : key_(std::move(key)), private_(is_private) {}
  EVP_PKEY* get() const { return key_.get(); }
  bool is_private() const { return private_; }
  size_t cost() const override { return 4 * 1024; }  // of RSA, with what its use computes once
  // Share returns one more owner of the key.
  KeyPtr Share() const {
    EVP_PKEY_up_ref(key_.get());
    return KeyPtr(key_.get());
  }

 private:
  KeyPtr key_;
  bool private_;
};

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;

// KeyValue returns an opaque object that holds a key.
inline JSValueRef KeyValue(JSContextRef context, KeyPtr key, bool is_private) {
  return MakeNative(context, std::make_shared<Key>(std::move(key), is_private));
}

// KeyTypeName returns Node's name of a key's type ("rsa", "ed25519"), "" for others.
std::string KeyTypeName(const EVP_PKEY* key);
// GroupName returns the name of the curve that a key is on in OpenSSL's words, or "".
std::string GroupName(const EVP_PKEY* key);

}  // namespace sluice::js
