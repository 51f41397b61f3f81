#include "tls/aead_key.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <memory>

#ifdef SLUICE_FAST_GCM
#include "tls/fast_gcm.h"
#endif

namespace sluice {
namespace {

// Expanding takes 0.1 µs, as a small record does without it, and the expanded keys would be a
// seventh of an idle connection. 128 slots hold the keys of 64 connections that are in use.
constexpr size_t kSlots = 128;

// Slots have one place for each number modulo theirs; whose it is, number tells, 0: nobody's.
template <class Slot>
class Slots {
 public:
  static Slot& Of(uint64_t number) {
    if (!slots_) slots_ = std::make_unique<Slots>();
    return slots_->all_[number % kSlots];
  }
  static void Forget(uint64_t number) {
    if (!slots_) return;
    Slot& slot = slots_->all_[number % kSlots];
    if (slot.number == number) slot.Wipe();
  }
  ~Slots() {
    for (Slot& slot : all_) slot.Wipe();
  }

 private:
  Slot all_[kSlots] = {};
  static thread_local std::unique_ptr<Slots> slots_;
};
template <class Slot>
thread_local std::unique_ptr<Slots<Slot>> Slots<Slot>::slots_;

// OpenSSL's contexts are made when a slot is first used, and then kept for its other keys.
struct Context {
  EVP_CIPHER_CTX* context;
  const EVP_CIPHER* cipher;
  uint64_t number;
  void Wipe() {
    EVP_CIPHER_CTX_free(context);
    *this = {};
  }
};

#ifdef SLUICE_FAST_GCM
struct Expansion {
  alignas(64) gcm_key_data key;  // the library's code wants them at multiples of 64
  uint64_t number;
  void Wipe() { OPENSSL_cleanse(this, sizeof *this); }
};
#endif

}  // namespace

AeadKey::~AeadKey() {
  OPENSSL_cleanse(bytes_, sizeof bytes_);
  if (!is_set()) return;
  Slots<Context>::Forget(number_);
#ifdef SLUICE_FAST_GCM
  Slots<Expansion>::Forget(number_);
#endif
}

void AeadKey::Set(std::span<const uint8_t> key) {
  static std::atomic<uint64_t> last{0};
  number_ = last.fetch_add(1, std::memory_order_relaxed) + 1;
  std::copy(key.begin(), key.end(), bytes_);
}

#ifdef SLUICE_FAST_GCM
const gcm_key_data* AeadKey::Expanded(const FastGcm& functions) const {
  Expansion& slot = Slots<Expansion>::Of(number_);
  if (slot.number != number_) {
    functions.expand(bytes_, &slot.key);
    slot.number = number_;
  }
  return &slot.key;
}
#endif

EVP_CIPHER_CTX* AeadKey::Begin(const EVP_CIPHER* cipher, bool encrypts,
                               const uint8_t* nonce) const {
  Context& slot = Slots<Context>::Of(number_);
  if (slot.context == nullptr) slot.context = EVP_CIPHER_CTX_new();
  if (slot.context == nullptr) return nullptr;
  bool known = slot.number == number_;
  const EVP_CIPHER* other = slot.cipher != cipher ? cipher : nullptr;  // null: as it was
  slot.number = 0;
  if (EVP_CipherInit_ex(slot.context, other, nullptr, known ? nullptr : bytes_, nonce, encrypts) !=
      1)
    return nullptr;
  slot.cipher = cipher;
  slot.number = number_;
  return slot.context;
}

}  // namespace sluice
