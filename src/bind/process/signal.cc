// Internal. binding('signal'): signals of the process, for the main task.
#include <unistd.h>

#include "engine/value.h"
#include "sluice/error.h"
#include "sys/signals.h"

namespace sluice::js {
namespace {

// SignalWatcher calls a JavaScript function with the number of each caught signal. It does not
// keep the loop alive.
class SignalWatcher final : public RefCounted, private Watcher {
 public:
  SignalWatcher(Engine& engine, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), listener_(listener) {
    JSValueProtect(engine.context(), listener);
    Watch(sys::SignalPipe(), Watcher::kRead);
  }
  ~SignalWatcher() override { JSValueUnprotect(engine_.context(), listener_); }

 private:
  void OnReady(uint32_t) override {
    uint8_t numbers[64];
    size_t count = sys::ReadSignals(numbers);
    for (size_t i = 0; i < count; ++i) {
      JSValueRef number = JSValueMakeNumber(engine_.context(), numbers[i]);
      engine_.Call(listener_, {&number, 1});
    }
  }
  void OnLoopEnd() override { Unwatch(); }

  Engine& engine_;
  JSObjectRef listener_;
};

struct SignalState : BindingState {
  explicit SignalState(Engine&) {}
  Ref<SignalWatcher> watcher;
};

// listen(function): where signals go. False if this is not the main task, which alone gets them.
JSValueRef Listen(Call& call) {
  JSObjectRef listener = call.object(0);
  if (call.failed()) return call.undefined();
  if (getpid() != gettid()) return call.boolean_value(false);
  if (int fd = sys::SignalPipe(); fd < 0)
    return call.ThrowError("no descriptor for signals: " + Error::System("pipe", -fd).message());
  call.engine().State<SignalState>().watcher =
      Ref<SignalWatcher>(new SignalWatcher(call.engine(), listener));
  return call.boolean_value(true);
}

// start(number), stop(number): 0 or a negative errno value.
JSValueRef Start(Call& call) {
  return call.number_value(sys::CatchSignal(static_cast<int>(call.integer(0))));
}
JSValueRef Stop(Call& call) {
  return call.number_value(sys::ReleaseSignal(static_cast<int>(call.integer(0))));
}

constexpr FunctionEntry kFunctions[] = {
    {"listen", Guarded<Listen>}, {"start", Guarded<Start>}, {"stop", Guarded<Stop>}};

}  // namespace

void BindSignal(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
