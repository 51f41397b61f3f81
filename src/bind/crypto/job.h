// Internal. What the bindings of `crypto` share: bytes that are secret, algorithms by name,
// errors, and work that may run on a worker thread.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/native_object.h"
#include "tls/handles.h"

namespace sluice::js {

// Secret holds bytes and cleanses them when it ends.
class Secret {
 public:
  Secret() = default;
  explicit Secret(size_t size) : bytes_(size) {}
  explicit Secret(std::span<const uint8_t> bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept {
    bytes_.swap(other.bytes_);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  // data is never null, as OpenSSL takes null for "not given".
  uint8_t* data() { return bytes_.empty() ? &nothing_ : bytes_.data(); }
  const uint8_t* data() const { return bytes_.empty() ? &nothing_ : bytes_.data(); }
  const char* text() const { return reinterpret_cast<const char*>(data()); }
  size_t size() const { return bytes_.size(); }
  int length() const { return static_cast<int>(bytes_.size()); }
  // Shrink keeps the first size bytes.
  void Shrink(size_t size) {
    OPENSSL_cleanse(bytes_.data() + size, bytes_.size() - size);
    bytes_.resize(size);
  }

 private:
  std::vector<uint8_t> bytes_;
  uint8_t nothing_ = 0;
};

// SecretArgument copies the bytes of argument i, which are no more than OpenSSL's lengths can say.
Secret SecretArgument(Call& call, size_t i);
// TextArgument returns the UTF-8 of argument i, "" if it is undefined.
std::string TextArgument(Call& call, size_t i);

// Lower returns a name of OpenSSL in lower case, as Node's are.
std::string Lower(std::string name);

// Digest and CipherByName return an algorithm by its name, or null. It is fetched once and kept.
// Any thread.
const EVP_MD* Digest(const std::string& name);
const EVP_CIPHER* CipherByName(const std::string& name);

// CryptoError returns an Error object of the oldest error in OpenSSL's queue, and empties that.
JSObjectRef CryptoError(JSContextRef context);
JSValueRef ThrowCrypto(Call& call);

// CryptoJob is work without JavaScript.
class CryptoJob {
 public:
  virtual ~CryptoJob() = default;
  // memory returns how many bytes the library takes while it runs, about and at most, where a
  // caller says how many.
  virtual uint64_t memory() const { return 0; }
  // Run does the work and returns whether it succeeded; OpenSSL's queue says why not. Any thread.
  virtual bool Run() = 0;
  // Result makes the value of the work. Loop thread.
  virtual JSValueRef Result(JSContextRef context) = 0;
};

// RunJob runs a job: at once if argument 0 is undefined, and returns its result or throws;
// otherwise on a worker, after which it calls argument 0 with an error or null, and the result. Its
// memory counts for the limit of the heap: where there is no room, ERR_MEMORY_ALLOCATION_FAILED.
JSValueRef RunJob(Call& call, std::shared_ptr<CryptoJob> job);

// BytesJob's result is bytes, as many as SetSize() said.
class BytesJob : public CryptoJob {
 public:
  void SetSize(size_t size) { result_ = Secret(size); }
  JSValueRef Result(JSContextRef context) override;

 protected:
  Secret result_;
};

}  // namespace sluice::js
