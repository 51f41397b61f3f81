#include "tls/x25519_ahead.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>

#include "sim/calls.h"

namespace sluice {
namespace {

constexpr size_t kMost = 8;

class Keys {
 public:
  ~Keys() { OPENSSL_cleanse(secrets_, sizeof secrets_); }

  bool Take(X25519::Bytes* secret, X25519::Bytes* share) {
    if ((left_ == 0 || maker_ != getpid()) && !Make()) return false;
    --left_;
    *secret = secrets_[left_];
    *share = shares_[left_];
    OPENSSL_cleanse(&secrets_[left_], X25519::kSize);
    return true;
  }

 private:
  bool Make() {
    left_ = 0;
    // Draws of a simulation must not depend on the processor.
    const size_t count = sim::Active() ? 1 : next_;
    if (RAND_priv_bytes(secrets_[0].data(), static_cast<int>(count * X25519::kSize)) != 1)
      return false;
    for (size_t i = 0; i < count; ++i) X25519::Clamp(&secrets_[i]);
    X25519Base::Multiply(secrets_, shares_, count);
    left_ = count;
    next_ = std::min(2 * count, kMost);
    maker_ = getpid();
    return true;
  }

  X25519::Bytes secrets_[kMost], shares_[kMost];
  size_t left_ = 0, next_ = 1;
  pid_t maker_ = 0;
};

thread_local Keys keys;

}  // namespace

bool NextX25519Key(X25519::Bytes* secret, X25519::Bytes* share) {
  return keys.Take(secret, share);
}

}  // namespace sluice
