// Internal. binding('zlib'): codecs (bind/zlib/codec.h), step by step, here or on a worker.
#include <zlib.h>

#include <algorithm>

#include "bind/zlib/codec.h"
#include "engine/native_object.h"
#include "loop/workers.h"

namespace sluice::js {
namespace {

class Handle final : public NativeObject {
 public:
  explicit Handle(std::shared_ptr<Codec> codec) : codec_(std::move(codec)) {}
  const std::shared_ptr<Codec>& codec() const { return codec_; }
  size_t cost() const override { return codec_->cost(); }
  // busy is set while a worker has the codec. Loop thread.
  bool busy = false;

 private:
  std::shared_ptr<Codec> codec_;
};

// The codec of argument i, which no worker uses.
Handle* HandleArgument(Call& call, size_t i) {
  auto* handle = NativeArgument<Handle>(call, i);
  if (handle == nullptr || !handle->busy) return handle;
  call.ThrowError("a write is in progress", "ERR_INVALID_STATE");
  return nullptr;
}

JSValueRef Made(Call& call, std::unique_ptr<Codec> codec) {
  if (!codec) return call.undefined();
  return MakeNative(call.context(), std::make_shared<Handle>(std::move(codec)));
}

// zlib(mode, level, windowBits, memLevel, strategy, dictionary or undefined, oneMember) → handle,
// or undefined if zlib does not take them
JSValueRef Zlib(Call& call) {
  ZlibOptions options;
  options.mode = static_cast<ZlibMode>(call.integer(0));
  options.level = static_cast<int>(call.integer(1));
  options.window_bits = static_cast<int>(call.integer(2));
  options.memory_level = static_cast<int>(call.integer(3));
  options.strategy = static_cast<int>(call.integer(4));
  if (!call.is_undefined(5)) {
    auto dictionary = call.bytes(5);
    options.dictionary.assign(dictionary.begin(), dictionary.end());
  }
  options.one_member = call.boolean(6);
  if (call.failed()) return call.undefined();
  return Made(call, MakeZlib(std::move(options)));
}

// brotli(encodes, number, value, number, value…) → handle, or undefined
JSValueRef Brotli(Call& call) {
  std::vector<std::pair<int, uint32_t>> parameters;
  for (size_t i = 1; i + 1 < call.size(); i += 2)
    parameters.emplace_back(static_cast<int>(call.integer(i)),
                            static_cast<uint32_t>(call.integer(i + 1)));
  if (call.failed()) return call.undefined();
  return Made(call, call.boolean(0) ? MakeBrotliEncoder(std::move(parameters))
                                    : MakeBrotliDecoder(std::move(parameters)));
}

// zstd(encodes, sourceSize or -1, dictionary or undefined, rejectsJunk, number, value, number,
// value…) → handle, or undefined
JSValueRef Zstd(Call& call) {
  ZstdOptions options;
  options.source_size = call.integer(1);
  if (!call.is_undefined(2)) {
    auto dictionary = call.bytes(2);
    options.dictionary.assign(dictionary.begin(), dictionary.end());
  }
  options.rejects_junk = call.boolean(3);
  for (size_t i = 4; i + 1 < call.size(); i += 2)
    options.parameters.emplace_back(static_cast<int>(call.integer(i)),
                                    static_cast<uint32_t>(call.integer(i + 1)));
  if (call.failed()) return call.undefined();
  return Made(call, call.boolean(0) ? MakeZstdEncoder(std::move(options))
                                    : MakeZstdDecoder(std::move(options)));
}

// [read, written], or [message, number, code] of a failure.
JSValueRef StepValue(JSContextRef context, const Step& step) {
  if (step.message != nullptr) {
    JSValueRef parts[] = {MakeString(context, step.message),
                          JSValueMakeNumber(context, step.number), MakeString(context, step.code)};
    return JSObjectMakeArray(context, 3, parts, nullptr);
  }
  JSValueRef parts[] = {JSValueMakeNumber(context, static_cast<double>(step.read)),
                        JSValueMakeNumber(context, static_cast<double>(step.written))};
  return JSObjectMakeArray(context, 2, parts, nullptr);
}

Step OutOfMemory() {
  Step step;
  step.message = "insufficient memory";
  step.number = Z_MEM_ERROR;
  step.code = "Z_MEM_ERROR";
  return step;
}

// run(handle, flush, in, out) → [read, written] or a failure
JSValueRef Run(Call& call) {
  Handle* handle = HandleArgument(call, 0);
  auto flush = static_cast<int>(call.integer(1));
  auto in = call.bytes(2);
  auto out = call.bytes(3);
  if (call.failed()) return call.undefined();
  return StepValue(call.context(), handle->codec()->Run(flush, in, out));
}

// Work is a step on a worker. It has memory of its own, since it may outlive the engine, and keeps
// what JavaScript gave.
struct Work {
  Work(Engine& made_for, std::shared_ptr<Codec> used) : engine(made_for), codec(std::move(used)) {}
  ~Work() {
    if (Engine::Current() != &engine) return;  // the engine is gone, and its values with it
    for (JSValueRef value : kept) JSValueUnprotect(engine.context(), value);
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void Keep(JSValueRef value) {
    JSValueProtect(engine.context(), value);
    kept.push_back(value);
  }

  void Finish() {
    JSContextRef context = engine.context();
    JSValueRef exception = nullptr;
    Call arguments(context, kept.size(), kept.data(), &exception);
    NativeArgument<Handle>(arguments, 1)->busy = false;
    auto target = arguments.bytes(2);  // it may have become smaller
    std::copy_n(out.data(), std::min(step.written, target.size()), target.data());
    JSValueRef result = StepValue(context, step);
    engine.Call(arguments.object(0), {&result, 1});
  }

  Engine& engine;
  std::shared_ptr<Codec> codec;
  std::vector<JSValueRef> kept;  // the callback, the handle, the view for the result
  int flush = 0;
  std::vector<uint8_t> in, out;
  Step step;
};

// runLater(callback, handle, flush, in, out): calls callback with what run() returns
JSValueRef RunLater(Call& call) {
  JSObjectRef callback = call.object(0);
  Handle* handle = HandleArgument(call, 1);
  auto flush = static_cast<int>(call.integer(2));
  auto in = call.bytes(3);
  auto out = call.bytes(4);
  if (call.failed()) return call.undefined();
  auto work = std::make_shared<Work>(call.engine(), handle->codec());
  for (JSValueRef value : {JSValueRef{callback}, call[1], call[4]}) work->Keep(value);
  work->flush = flush;
  work->in.assign(in.begin(), in.end());
  work->out.resize(out.size());
  RunOnWorker(
      call.engine().loop(),
      [work] { work->step = work->codec->Run(work->flush, work->in, work->out); },
      [work](int error) {
        if (error != 0) work->step = OutOfMemory();
        work->Finish();
      });
  handle->busy = true;  // RunOnWorker did not throw, and Finish() comes from the loop
  return call.undefined();
}

// reset(handle), params(handle, level, strategy) → whether it could
JSValueRef Reset(Call& call) {
  Handle* handle = HandleArgument(call, 0);
  return handle != nullptr ? call.boolean_value(handle->codec()->Reset()) : call.undefined();
}
JSValueRef Params(Call& call) {
  Handle* handle = HandleArgument(call, 0);
  auto level = static_cast<int>(call.integer(1));
  auto strategy = static_cast<int>(call.integer(2));
  if (call.failed()) return call.undefined();
  return call.boolean_value(handle->codec()->Params(level, strategy));
}

// crc32(bytes, before) → number
JSValueRef Crc32(Call& call) {
  auto bytes = call.bytes(0);
  auto before = static_cast<uLong>(call.integer(1));
  if (call.failed()) return call.undefined();
  return call.number_value(static_cast<double>(crc32_z(before, bytes.data(), bytes.size())));
}

constexpr FunctionEntry kFunctions[] = {
    {"zlib", Guarded<Zlib>},     {"brotli", Guarded<Brotli>},     {"zstd", Guarded<Zstd>},
    {"run", Guarded<Run>},       {"runLater", Guarded<RunLater>}, {"reset", Guarded<Reset>},
    {"params", Guarded<Params>}, {"crc32", Guarded<Crc32>},
};

}  // namespace

void BindZlib(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
