#include "js/crypto_handle.h"

#include <map>
#include <mutex>

#include "js/tls_values.h"
#include "loop/workers.h"

namespace sluice::js {
namespace {

using Held = std::shared_ptr<CryptoObject>;

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "CryptoHandle";
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<Held*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

using MdPtr = std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>>;

MdPtr FetchDigest(const std::string& name) {
  // Names of signatures ("RSA-SHA256") stand for their digest.
  const EVP_MD* known = EVP_get_digestbyname(name.c_str());
  MdPtr fetched(
      EVP_MD_fetch(nullptr, known != nullptr ? EVP_MD_get0_name(known) : name.c_str(), nullptr));
  ERR_clear_error();
  return fetched;
}

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
    JSValueRef undefined = JSValueMakeUndefined(context);
    JSValueRef arguments[] = {
        error ? ErrorObject(context, error) : JSValueMakeNull(context),
        error ? undefined : job.Result(context),
    };
    engine_.Call(callback_, arguments);
  }

 private:
  Engine& engine_;
  JSObjectRef callback_;
};

}  // namespace

JSObjectRef MakeCryptoHandle(JSContextRef context, Held object) {
  return JSObjectMake(context, HandleClass(), new Held(std::move(object)));
}

Held* CryptoObjectOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return static_cast<Held*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)));
}

Secret SecretArgument(Call& call, size_t i) {
  return Secret(call.bytes(i));
}

std::string TextArgument(Call& call, size_t i) {
  return call.is_undefined(i) ? std::string() : call.string(i);
}

const EVP_MD* Digest(const std::string& name) {
  static std::mutex mutex;  // guards known
  static auto* known = new std::map<std::string, MdPtr>;
  std::lock_guard lock(mutex);
  auto found = known->find(name);
  if (found != known->end()) return found->second.get();
  MdPtr digest = FetchDigest(name);
  // What is no digest is not kept: a program could name any number of them.
  if (!digest) return nullptr;
  return known->emplace(name, std::move(digest)).first->second.get();
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
  if (call.is_undefined(0)) return job->Run() ? job->Result(call.context()) : ThrowCrypto(call);
  JSObjectRef callback = call.object(0);
  if (callback == nullptr) return call.undefined();
  auto pending = std::make_shared<PendingJob>(call.engine(), callback);
  auto error = std::make_shared<Error>();
  RunOnWorker(
      call.engine().loop(),
      [job, error] {
        if (!job->Run()) *error = TakeError("crypto");
        ERR_clear_error();
      },
      [job, error, pending] { pending->Finish(*job, *error); });
  return call.undefined();
}

JSValueRef BytesJob::Result(JSContextRef context) {
  return MakeBytes(context, {result_.data(), result_.size()});
}

}  // namespace sluice::js
