// Internal. binding('runtime'): what the bootstrap, timers and process need of the engine.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "control/control.h"
#include "engine/source_text.h"
#include "engine/task.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "loop/workers.h"
#include "sim/calls.h"
#include "sys/sys.h"

extern char** environ;

namespace sluice::js {
namespace {

// setHooks({runTicks, drainMicrotasks, runImmediates, runTimers, uncaught, beforeExit, exit})
JSValueRef SetHooks(Call& call) {
  JSObjectRef table = call.object(0);
  if (table == nullptr) return call.undefined();
  Engine::Hooks& hooks = call.engine().hooks();
  auto take = [&](const char* name, JSObjectRef& slot) {
    slot = const_cast<JSObjectRef>(Get(call.context(), table, name));
    JSValueProtect(call.engine().context(), slot);
  };
  take("runTicks", hooks.run_ticks);
  take("drainMicrotasks", hooks.run_microtasks);
  take("runImmediates", hooks.run_immediates);
  take("runTimers", hooks.run_timers);
  take("uncaught", hooks.uncaught);
  take("beforeExit", hooks.before_exit);
  take("exit", hooks.exit);
  return call.undefined();
}

// setRejectionCallback((promise, reason) => …)
JSValueRef SetRejectionCallback(Call& call) {
  call.engine().SetRejectionCallback(call.object(0), call.exception());
  return call.undefined();
}

// armTimer(whenMs): when the first JavaScript timer is due, on the clock of shared now;
// whenMs < 0: none.
JSValueRef ArmTimer(Call& call) {
  Engine& engine = call.engine();
  double when = call.number(0);
  if (when < 0)
    engine.timer().Cancel();
  else
    engine.timer().SetAt(static_cast<uint64_t>(when));
  return call.undefined();
}

JSValueRef RefreshNow(Call& call) {
  Engine& engine = call.engine();
  engine.shared().now = static_cast<double>(engine.loop().Refresh());
  return call.number_value(engine.shared().now);
}

// drainMicrotasks(): promise jobs, from within JavaScript → whether the engine can run them there.
JSValueRef DrainMicrotasks(Call& call) {
  return call.boolean_value(call.engine().DrainMicrotasks());
}

// throwFromPoll(error) → whether iosched.poll() goes on; it then throws error.
JSValueRef ThrowFromPoll(Call& call) {
  return call.boolean_value(call.engine().ThrowFromPoll(call[0]));
}

// reallyExit(code): ends the process at once; in a task that is not the main one, the task.
JSValueRef ReallyExit(Call& call) {
  int code = static_cast<int>(call.integer(0));
  if (!call.engine().task().is_main()) {
    call.engine().End(code);
    return call.Terminate();
  }
  FinishLastingWork();
  control::Stop();
  grant::WriteNeeds();
  std::fflush(nullptr);
  std::_Exit(code);
}

// failed(): an error ends the process.
JSValueRef Failed(Call& call) {
  control::Failed();
  return call.undefined();
}

// controlFolder() → where the control sockets of this user's programs are
JSValueRef ControlFolder(Call& call) {
  return call.string_value(control::DefaultFolder());
}

// writeSync(fd, text): for messages before any stream exists.
JSValueRef WriteSync(Call& call) {
  std::string text = call.string(1);
  size_t done = 0;
  while (done < text.size()) {
    ssize_t count =
        sys::Write(static_cast<int>(call.integer(0)), text.data() + done, text.size() - done);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  return call.undefined();
}

// hrtime(): nanoseconds of the monotonic clock as [seconds, nanoseconds].
JSValueRef Hrtime(Call& call) {
  uint64_t now = sys::MonotonicNs();
  JSValueRef parts[] = {call.number_value(static_cast<double>(now / 1000000000)),
                        call.number_value(static_cast<double>(now % 1000000000))};
  return call.array_value(parts);
}

// monotonic(): milliseconds with a fraction.
JSValueRef Monotonic(Call& call) {
  return call.number_value(static_cast<double>(sys::MonotonicNs()) / 1e6);
}

// awaited(): how many requests are under way on the workers.
JSValueRef Awaited(Call& call) {
  return call.number_value(static_cast<double>(call.engine().loop().awaited()));
}

JSValueRef MemoryUsage(Call& call) {
  return call.engine().MemoryUsage();
}

// collect() has the engine collect soon what nothing refers to.
JSValueRef Collect(Call& call) {
  JSGarbageCollect(call.context());
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"setHooks", Guarded<SetHooks>},
    {"setRejectionCallback", Guarded<SetRejectionCallback>},
    {"armTimer", Guarded<ArmTimer>},
    {"refreshNow", Guarded<RefreshNow>},
    {"drainMicrotasks", Guarded<DrainMicrotasks>},
    {"throwFromPoll", Guarded<ThrowFromPoll>},
    {"reallyExit", Last(Guarded<ReallyExit>)},
    {"failed", Guarded<Failed>},
    {"controlFolder", Guarded<ControlFolder>},
    {"writeSync", Guarded<WriteSync>},
    {"hrtime", Guarded<Hrtime>},
    {"monotonic", Guarded<Monotonic>},
    {"awaited", Guarded<Awaited>},
    {"memoryUsage", Guarded<MemoryUsage>},
    {"collect", Guarded<Collect>},
};

}  // namespace

void BindRuntime(Binder& binder) {
  binder.Functions(kFunctions);
  Engine& engine = *Engine::Current();
  JSContextRef context = binder.context();
  binder.Value("shared", JSObjectMakeTypedArrayWithBytesNoCopy(
                             context, kJSTypedArrayTypeFloat64Array, &engine.shared(),
                             sizeof(Shared), nullptr, nullptr, nullptr));
  binder.Value("arguments", MakeSourceStrings(context, engine.options().arguments));
  // When the engine started, on the clock of monotonic().
  binder.Number("startedAt", static_cast<double>(sys::MonotonicNs()) / 1e6);
  binder.Text("entry", engine.options().entry);
  // The channel to the process that made this one (lib/internal/child/channel.js); -1 for none.
  // What it was told by is not for children.
  const char* channel = engine.task().is_main() ? std::getenv("NODE_CHANNEL_FD") : nullptr;
  binder.Number("channel", channel != nullptr ? std::atoi(channel) : -1);
  if (channel != nullptr) {
    grant::Hold(std::atoi(channel), grant::kAllRights);
    const char* mode = std::getenv("NODE_CHANNEL_SERIALIZATION_MODE");
    binder.Text("channelMode", mode != nullptr ? mode : "json");
    unsetenv("NODE_CHANNEL_FD");
    unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
  }
  // Whether a service manager started this process (lib/internal/net/service.js).
  const char* listen_pid = std::getenv("LISTEN_PID");
  bool service =
      engine.task().is_main() && (std::getenv("NOTIFY_SOCKET") != nullptr ||
                                  (listen_pid != nullptr && std::atoi(listen_pid) == getpid()));
  binder.Value("service", JSValueMakeBoolean(context, service));
  // Whether in User Mode, and whether that only tells.
  const auto& policy = grant::Current().policy;
  binder.Value("restricted", JSValueMakeBoolean(context, policy != nullptr));
  binder.Value("audits", JSValueMakeBoolean(context, policy && policy->audit()));
  binder.Value("simulated", JSValueMakeBoolean(context, sim::Active()));
  binder.Value("isMain", JSValueMakeBoolean(context, engine.task().is_main()));
}

}  // namespace sluice::js
