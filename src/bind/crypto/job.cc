#include "bind/crypto/job.h"

#include <limits>
#include <map>
#include <mutex>
#include <new>

#include "engine/error_value.h"
#include "engine/value.h"
#include "loop/workers.h"

namespace sluice::js {
namespace {

// FetchOnce returns an algorithm by its name, or null. by_name knows the older names, among them
// those of signatures ("RSA-SHA256"), which stand for their digest.
template <class T, auto by_name, auto name_of, auto fetch, auto release>
const T* FetchOnce(const std::string& name) {
  using Pointer = std::unique_ptr<T, Deleter<release>>;
  static std::mutex mutex;  // guards known
  static auto* known = new std::map<std::string, Pointer>;
  if (name.find('\0') != std::string::npos) return nullptr;  // OpenSSL would see what is before it
  std::lock_guard lock(mutex);
  auto found = known->find(name);
  if (found != known->end()) return found->second.get();
  const T* older = by_name(name.c_str());
  Pointer fetched(fetch(nullptr, older != nullptr ? name_of(older) : name.c_str(), nullptr));
  ERR_clear_error();
  // What is there not is not kept: a program could ask for any number of names.
  if (!fetched) return nullptr;
  return known->emplace(name, std::move(fetched)).first->second.get();
}

// ErrorQueue is OpenSSL's of this thread, which it empties at its end, also when a job throws.
struct ErrorQueue {
  ErrorQueue() = default;
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
  ~ErrorQueue() { ERR_clear_error(); }
};

// PendingJob keeps the callback of a job on a worker.
class PendingJob {
 public:
  PendingJob(Engine& engine, JSObjectRef callback) : engine_(engine), callback_(callback) {
    JSValueProtect(engine.context(), callback_);
  }
  ~PendingJob() {
    if (Engine::Current() == &engine_) JSValueUnprotect(engine_.context(), callback_);
  }
  PendingJob(const PendingJob&) = delete;
  PendingJob& operator=(const PendingJob&) = delete;

  void Finish(CryptoJob& job, const Error& error) {
    JSContextRef context = engine_.context();
    JSValueRef result = JSValueMakeUndefined(context);
    JSValueRef failure = error ? ErrorObject(context, error) : JSValueMakeNull(context);
    try {
      if (!error) result = job.Result(context);
    } catch (const std::bad_alloc&) {
      failure = MemoryError(context);
    }
    Tell(failure, result);
  }
  // There was no memory for the job.
  void Fail() {
    JSContextRef context = engine_.context();
    Tell(MemoryError(context), JSValueMakeUndefined(context));
  }

 private:
  void Tell(JSValueRef error, JSValueRef result) {
    JSValueRef arguments[] = {error, result};
    engine_.Call(callback_, arguments);
  }

  Engine& engine_;
  JSObjectRef callback_;
};

}  // namespace

Secret SecretArgument(Call& call, size_t i) {
  auto bytes = call.bytes(i);
  if (bytes.size() <= static_cast<size_t>(std::numeric_limits<int>::max())) return Secret(bytes);
  call.ThrowRangeError("more than 2 GiB at once", "ERR_OUT_OF_RANGE");
  return {};
}

std::string TextArgument(Call& call, size_t i) {
  return call.is_undefined(i) ? std::string() : call.string(i);
}

std::string Lower(std::string name) {
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

const EVP_MD* Digest(const std::string& name) {
  return FetchOnce<EVP_MD, EVP_get_digestbyname, EVP_MD_get0_name, EVP_MD_fetch, EVP_MD_free>(name);
}

const EVP_CIPHER* CipherByName(const std::string& name) {
  return FetchOnce<EVP_CIPHER, EVP_get_cipherbyname, EVP_CIPHER_get0_name, EVP_CIPHER_fetch,
                   EVP_CIPHER_free>(name);
}

JSObjectRef CryptoError(JSContextRef context) {
  return ErrorObject(context, TakeError("crypto"));
}

JSValueRef ThrowCrypto(Call& call) {
  if (!call.failed()) *call.exception() = CryptoError(call.context());
  return call.undefined();
}

JSValueRef RunJob(Call& call, std::shared_ptr<CryptoJob> job) {
  if (call.failed()) return call.undefined();
  auto claim = std::make_shared<MemoryClaim>(call.engine());
  if (call.is_undefined(0)) {
    ErrorQueue queue;
    claim->Take(job->memory());
    return job->Run() ? job->Result(call.context()) : ThrowCrypto(call);
  }
  JSObjectRef callback = call.object(0);
  if (callback == nullptr) return call.undefined();
  auto pending = std::make_shared<PendingJob>(call.engine(), callback);
  auto error = std::make_shared<Error>();
  RunOnWorker(
      call.engine().loop(),
      [job, error, claim = std::move(claim)] {
        ErrorQueue queue;
        claim->Take(job->memory());
        if (!job->Run()) *error = TakeError("crypto");
      },
      [job, error, pending](int missing) {
        if (missing != 0)
          pending->Fail();
        else
          pending->Finish(*job, *error);
      });
  return call.undefined();
}

JSValueRef BytesJob::Result(JSContextRef context) {
  return MakeBytes(context, {result_.data(), result_.size()});
}

}  // namespace sluice::js
