#include "engine/engine.h"

#include <glib.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "base/check.h"
#include "engine/self_check.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

thread_local Engine* current_engine = nullptr;

std::span<const BindingEntry> binding_table;

// How much processor time a task other than the main one may use before somebody looks at it.
constexpr double kSuperviseSeconds = 0.02;
constexpr uint64_t kHeapMs = 1000;  // how old the known size of a heap without a cap may be

// What the engine reads from the environment when the first VM is made, unless it is set there.
constexpr const char* kEngineOptions[][2] = {
    // The engine's usual way to look at a time limit throws away the optimized code that runs, each
    // time; with polling, a loop of a task is two to ten times as fast.
    {"JSC_usePollingTraps", "1"},
    // Compiling for the last tier costs more than what a server runs some thousand times gains by
    // it. A loop that computes gets there a few milliseconds later than by default.
    {"JSC_thresholdForFTLOptimizeAfterWarmUp", "1000000"},
};

// How often the process's time zone was set.
std::atomic<uint32_t> zone_changes{0};

// CreateGroup makes a VM; the first one while the process has one thread.
JSContextGroupRef CreateGroup() {
  static std::atomic<bool> first{true};
  std::vector<const char*> set;
  if (first.exchange(false)) {
    for (auto [name, value] : kEngineOptions) {
      if (std::getenv(name) != nullptr) continue;
      setenv(name, value, 1);
      set.push_back(name);
    }
  }
  JSContextGroupRef group = JSContextGroupCreate();
  for (const char* name : set) unsetenv(name);
  return group;
}

// turn() → whether to go on
JSValueRef TurnFunction(Call& call) {
  return call.boolean_value(call.engine().Turn());
}

JSValueRef BindingFunction(Call& call) {
  std::string name = call.string(0);
  if (call.failed()) return call.undefined();
  JSObjectRef object = call.engine().binding(name);
  if (object == nullptr) return call.ThrowError("no binding named '" + name + "'");
  return object;
}

// RunBuiltin runs a built-in module's text with that `this`; returns null with an exception.
JSValueRef RunBuiltin(JSContextRef context, const BuiltinSource& source, JSObjectRef names,
                      JSValueRef* exception) {
  std::span<const uint8_t> text{reinterpret_cast<const uint8_t*>(source.begin),
                                static_cast<size_t>(source.end - source.begin)};
  String script(spi::On(spi::Fast::kStrings)
                    ? spi::table.make_opaque(spi::table.immortal_latin1(text)).string
                    : JSStringCreateWithUTF8CString(std::string(source.begin, source.end).c_str()));
  String url("sluice:" + std::string(source.name));
  return JSEvaluateScript(context, script.get(), names, url.get(), 1, exception);
}

const BuiltinSource* FindBuiltin(std::string_view name) {
  auto all = BuiltinSources();
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const BuiltinSource& source) { return name == source.name; });
  return found != all.end() ? &*found : nullptr;
}

// builtin(name, names) runs a built-in module's text with names as its `this`.
JSValueRef BuiltinFunction(Call& call) {
  std::string name = call.string(0);
  JSObjectRef names = call.object(1);
  if (call.failed()) return call.undefined();
  const BuiltinSource* source = FindBuiltin(name);
  if (source == nullptr) return call.ThrowError("no built-in module named '" + name + "'");
  return RunBuiltin(call.context(), *source, names, call.exception());
}

// JavaScriptCore stops threads with SIGUSR1 unless this variable names another signal when it
// starts. Programs use SIGUSR1; they have no names for the realtime signals.
void MoveEngineSignal() {
  static std::once_flag once;
  std::call_once(once, [] {
    constexpr const char* kName = "JSC_SIGNAL_FOR_GC";
    setenv(kName, std::to_string(SIGRTMAX - 3).c_str(), 1);
    if (spi::table.initialize_threads != nullptr) {
      spi::table.initialize_threads();
    } else {  // a first VM does that
      JSContextGroupRelease(JSContextGroupCreate());
    }
    unsetenv(kName);  // a VM that is made later would complain about it
  });
}

}  // namespace

// GlibSource runs the GLib main context of this thread: JavaScriptCore posts its GC timers,
// FinalizationRegistry callbacks and finished WebAssembly compilations there. What the context
// polls may change from turn to turn.
class Engine::GlibSource : public RefCounted {
 public:
  explicit GlibSource(Engine& engine)
      : engine_(engine), timer_(engine.loop_, [this] { Iterate(); }) {
    ref();
    context_ = g_main_context_new_with_flags(G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
    g_main_context_push_thread_default(context_);
  }
  ~GlibSource() override {
    for (auto& polled : polled_) polled->Stop();
    g_main_context_pop_thread_default(context_);
    g_main_context_unref(context_);
  }

  void Begin() { Query(); }

  void Iterate() {
    engine_.Lock();
    for (int i = 0; i < 100 && g_main_context_iteration(context_, FALSE); ++i) {
    }
    engine_.Unlock();
    engine_.Settle();
    Query();
  }

 private:
  // Polled watches one descriptor of the context.
  class Polled : private Watcher {
   public:
    Polled(GlibSource& source, int fd)
        : Watcher(source.engine_.loop_, source), source_(source), fd_(fd) {}
    ~Polled() override { Stop(); }
    int fd() const { return fd_; }
    void Start(uint32_t events) { Watch(fd_, events); }
    void Stop() { Unwatch(); }

   private:
    void OnReady(uint32_t) override { source_.Iterate(); }
    void OnLoopEnd() override { Unwatch(); }

    GlibSource& source_;
    int fd_;
  };

  // The context's wake-up descriptor becomes readable whenever a source is added or re-timed, so
  // the time-out and the descriptors need only be asked for after each iteration.
  void Query() {
    gint priority = 0;
    gint timeout = -1;
    SLUICE_CHECK(g_main_context_acquire(context_));
    gboolean ready = g_main_context_prepare(context_, &priority);
    for (;;) {
      auto room = static_cast<gint>(asked_.size());
      gint count = g_main_context_query(context_, G_MAXINT, &timeout, asked_.data(), room);
      asked_.resize(static_cast<size_t>(count));
      if (count <= room) break;
    }
    g_main_context_release(context_);
    Poll();
    if (ready) timeout = 0;
    if (timeout < 0)
      timer_.Cancel();
    else
      timer_.SetAfter(static_cast<uint64_t>(timeout));
  }

  // Poll watches what was asked for, each descriptor once, and nothing else.
  void Poll() {
    std::erase_if(polled_, [&](auto& polled) {
      return std::none_of(asked_.begin(), asked_.end(),
                          [&](const GPollFD& asked) { return asked.fd == polled->fd(); });
    });
    for (const GPollFD& asked : asked_) {
      uint32_t events = 0;
      for (const GPollFD& same : asked_) {
        if (same.fd != asked.fd) continue;
        if ((same.events & (G_IO_IN | G_IO_PRI)) != 0) events |= Watcher::kRead;
        if ((same.events & G_IO_OUT) != 0) events |= Watcher::kWrite;
      }
      auto found = std::find_if(polled_.begin(), polled_.end(),
                                [&](auto& polled) { return polled->fd() == asked.fd; });
      if (found == polled_.end()) {
        polled_.push_back(std::make_unique<Polled>(*this, asked.fd));
        found = std::prev(polled_.end());
      }
      (*found)->Start(events);
    }
  }

  Engine& engine_;
  GMainContext* context_;
  Timer timer_;
  std::vector<GPollFD> asked_ = std::vector<GPollFD>(8);
  std::vector<std::unique_ptr<Polled>> polled_;
};

Engine::Engine(Loop& loop, EngineOptions options) : loop_(loop), options_(std::move(options)) {
  SLUICE_CHECK(current_engine == nullptr);
  current_engine = this;
  if (!options_.task) options_.task = Task::Main();
  if (task().is_main()) task().Attach(loop_);
  shared_.now = static_cast<double>(loop_.Refresh());
  timer_ = std::make_unique<Timer>(loop_, [this] { Call(hooks_.run_timers, {}); });
  spi::Load();
  glib_ = std::make_unique<GlibSource>(*this);
  MoveEngineSignal();
  if (spi::table.initialize_main_thread != nullptr) spi::table.initialize_main_thread();
  group_ = CreateGroup();
  context_ = JSGlobalContextCreateInGroup(group_, nullptr);
  SelfCheck(context_);
  glib_->Begin();
  loop_.SetHook(this);
  if (!task().is_main()) spi::table.set_time_limit(group_, kSuperviseSeconds, OnTimeLimit, this);
}

Engine::~Engine() {
  states_.clear();
  if (task().is_main()) task().Detach();
  loop_.SetHook(nullptr);
  timer_.reset();
  JSGlobalContextRelease(context_);
  JSContextGroupRelease(group_);
  glib_.reset();
  current_engine = nullptr;
}

void Engine::SetBindings(std::span<const BindingEntry> bindings) {
  binding_table = bindings;
}

Engine* Engine::Current() {
  return current_engine;
}

void Engine::Lock() {
  if (lock_depth_++ == 0) spi::table.lock(context_);
}

void Engine::Unlock() {
  if (--lock_depth_ == 0) spi::table.unlock(context_);
}

JSObjectRef Engine::binding(std::string_view name) {
  for (auto& [known, object] : bindings_)
    if (known == name) return object;
  for (const BindingEntry& entry : binding_table) {
    if (name != entry.name) continue;
    JSObjectRef object = JSObjectMake(context_, nullptr, nullptr);
    JSValueProtect(context_, object);
    bindings_.emplace_back(name, object);
    Binder binder(context_, object);
    entry.bind(binder);
    return object;
  }
  return nullptr;
}

void Engine::Start() {
  Lock();
  JSObjectRef names = JSObjectMake(context_, nullptr, nullptr);
  Set(context_, names, "binding", MakeFunction(context_, "binding", Guarded<BindingFunction>));
  Set(context_, names, "builtin", MakeFunction(context_, "builtin", Guarded<BuiltinFunction>));
  JSValueRef exception = nullptr;
  RunBuiltin(context_, *FindBuiltin("internal/start/bootstrap"), names, &exception);
  if (exception != nullptr) {
    std::string stack;
    if (JSValueIsObject(context_, exception))
      stack = Text(context_, Get(context_, const_cast<JSObjectRef>(exception), "stack"));
    std::fprintf(stderr, "sluice: bootstrap failed: %s\n%s\n", Text(context_, exception).c_str(),
                 stack.c_str());
    std::abort();
  }
  require_builtin_ = const_cast<JSObjectRef>(Get(context_, names, "require"));
  JSValueProtect(context_, require_builtin_);
  Unlock();
}

JSValueRef Engine::Call(JSObjectRef function, std::span<const JSValueRef> arguments) {
  DeliverDeferred();
  return CallNow(function, arguments);
}

JSValueRef Engine::CallNow(JSObjectRef function, std::span<const JSValueRef> arguments) {
  if (ending_) return JSValueMakeUndefined(context_);
  Lock();
  loop_.MarkWork();
  JSValueRef exception = nullptr;
  JSValueRef result = JSObjectCallAsFunction(context_, function, nullptr, arguments.size(),
                                             arguments.data(), &exception);
  if (exception != nullptr) {
    Uncaught(exception);
    result = JSValueMakeUndefined(context_);
  }
  Settle();
  Unlock();
  return result;
}

void Engine::Settle() {
  Lock();
  while (!ending_) {
    if (shared_.ticks != 0) {
      JSValueRef exception = nullptr;
      JSObjectCallAsFunction(context_, hooks_.run_ticks, nullptr, 0, nullptr, &exception);
      if (exception != nullptr) Uncaught(exception);
    }
    DrainMicrotasks();
    if (shared_.ticks == 0) break;
  }
  Unlock();
}

// The public way to run promise jobs is to release the lock, which has no effect within a callback
// of the engine.
void Engine::DrainMicrotasks() {
  if (spi::On(spi::Fast::kMicrotasks)) {
    spi::table.drain_microtasks(group_);
    return;
  }
  spi::table.unlock(context_);
  spi::table.lock(context_);
}

void Engine::SetRejectionCallback(JSObjectRef function, JSValueRef* exception) {
  spi::table.set_unhandled_rejection_callback(context_, function, exception);
}

void Engine::Uncaught(JSValueRef error) {
  if (ending_) return;  // what ended the JavaScript arrives as an exception too
  JSValueRef exception = nullptr;
  JSObjectCallAsFunction(context_, hooks_.uncaught, nullptr, 1, &error, &exception);
  if (exception == nullptr || ending_) return;
  std::fprintf(stderr, "sluice: failure while reporting an error: %s\n  the error: %s\n",
               Text(context_, exception).c_str(), Text(context_, error).c_str());
  std::_Exit(7);
}

int64_t Engine::BeforeWait() {
  Task& mine = task();
  uint64_t since = mine.busy_since.load(std::memory_order_relaxed);
  if (!mine.is_main() && loop_.now() - heap_measured_ms_ >= kHeapMs) MeasureHeap();
  bool immediate = shared_.immediates != 0;
  while (lock_depth_ > 0) Unlock();
  if (since != 0) {
    mine.last_turn_ms.store(loop_.now() - since, std::memory_order_relaxed);
    mine.busy_since.store(0, std::memory_order_relaxed);
  }
  return immediate || ending_ ? 0 : -1;
}

void Engine::AfterWait() {
  shared_.now = static_cast<double>(loop_.now());
  task().busy_since.store(loop_.now(), std::memory_order_relaxed);
  Lock();
}

void Engine::AfterEvents() {
  DeliverDeferred();
  if (shared_.immediates != 0) Call(hooks_.run_immediates, {});
  Unlock();
}

bool Engine::RunTurn(int64_t timeout_ms) {
  CheckEnd();
  if (ending_) return false;
  int depth = std::exchange(lock_depth_, 0);
  // This turn may be asked for by the listener of one event of several that came together.
  bool delivered = deferred_ != nullptr;
  if (delivered) deferred_->Deliver();
  Settle();
  if (!thrown_.empty() || delivered) timeout_ms = 0;
  bool worked = !ending_ && loop_.RunOnce(timeout_ms);
  lock_depth_ = depth;
  return worked || delivered;
}

void Engine::Poll(int64_t timeout_ms, JSValueRef* exception) {
  constexpr int64_t kFirstSliceMs = 16;
  constexpr int64_t kLastSliceMs = 1024;
  polled_ = true;
  ++polls_;
  bool ticked = shared_.ticks != 0;
  int64_t limit = timeout_ms < 0 ? poll_slice_ms_ : timeout_ms;
  bool worked = RunTurn(ticked ? 0 : limit) || ticked;
  --polls_;
  poll_slice_ms_ = worked ? 0 : std::clamp(poll_slice_ms_ * 4, kFirstSliceMs, kLastSliceMs);
  if (thrown_.empty()) return;
  *exception = thrown_.front();
  thrown_.pop_front();
  JSValueUnprotect(context_, *exception);
}

bool Engine::ThrowFromPoll(JSValueRef error) {
  if (polls_ == 0) return false;
  JSValueProtect(context_, error);
  thrown_.push_back(error);
  return true;
}

bool Engine::Turn() {
  uint32_t zones = zone_changes.load(std::memory_order_relaxed);
  if (std::exchange(zones_seen_, zones) != zones) return false;
  int depth = std::exchange(lock_depth_, 0);  // the engine that calls this has let go of the lock
  if (!LoopAlive()) Call(hooks_.before_exit, {});
  bool goes_on = !ending_ && LoopAlive();
  if (goes_on) RunTurn(-1);
  lock_depth_ = depth;
  return goes_on && !ending_;
}

void Engine::ZoneChanged() {
  if (spi::table.time_zone_did_change != nullptr) spi::table.time_zone_did_change();
  zone_changes.fetch_add(1, std::memory_order_relaxed);
}

// ---- The end of a task that is not the main one

void Engine::End(int code) {
  SLUICE_CHECK(!task().is_main());
  if (ending_) return;
  ending_ = true;
  exit_code_ = code;
}

void Engine::CheckEnd() {
  if (!ending_ && task().end_requested()) End(task().end_code());
}

bool Engine::OnTimeLimit(JSContextRef context, void* engine) {
  return static_cast<Engine*>(engine)->Supervise(context);
}

// Supervise runs on this thread in the middle of JavaScript; true ends that.
bool Engine::Supervise(JSContextRef context) {
  if (task().stack_wanted()) {
    bool known = spi::On(spi::Fast::kStatistics);
    JSStringRef stack = known ? spi::table.backtrace(context, 50) : nullptr;
    task().GiveStack(stack != nullptr ? String(stack).utf8() : std::string());
  }
  if (task().max_heap.load(std::memory_order_relaxed) != 0) MeasureHeap();
  CheckEnd();
  // The limit holds once; without this it would never be looked at again.
  if (!ending_) spi::table.set_time_limit(group_, kSuperviseSeconds, OnTimeLimit, this);
  return ending_;
}

JSObjectRef Engine::MemoryUsage() const {
  return spi::On(spi::Fast::kStatistics) ? spi::table.memory_statistics(context_)
                                         : JSObjectMake(context_, nullptr, nullptr);
}

void Engine::ReportMemory(size_t bytes) {
  if (spi::On(spi::Fast::kStatistics)) spi::table.report_extra_memory(context_, bytes);
}

void Engine::MeasureHeap() {
  Task& mine = task();
  heap_measured_ms_ = loop_.now();
  JSObjectRef numbers = MemoryUsage();
  auto number = [&](const char* name) {
    double value = JSValueToNumber(context_, Get(context_, numbers, name), nullptr);
    return value > 0 ? static_cast<uint64_t>(value) : 0;
  };
  uint64_t size = number("heapSize");
  mine.heap_bytes.store(size, std::memory_order_relaxed);
  uint64_t limit = mine.max_heap.load(std::memory_order_relaxed);
  if (limit == 0 || size <= limit || ending_) return;
  mine.SetFailure("Error: the task's heap of " + std::to_string(size) +
                      " bytes exceeds its limit of " + std::to_string(limit) + " bytes",
                  "");
  End(1);
}

bool Engine::LoopAlive() const {
  return loop_.alive() || shared_.immediates_alive != 0 || shared_.timers_alive != 0;
}

// RunTurns turns the loop from within a function of the engine, so that the engine is entered
// once: its clock for time limits does not start anew for every callback, and what it does at each
// entry is not done. One thing of that, a look at the time zone, is done again where it changed.
void Engine::RunTurns() {
  if (!spi::On(spi::Fast::kMicrotasks)) {  // promise jobs run only where nothing of the engine does
    while (Turn() || (!ending_ && LoopAlive())) {
    }
    return;
  }
  Lock();
  JSValueRef function =
      JSEvaluateScript(context_, String("(turn) => { while (turn()); }").get(), nullptr,
                       String("sluice:internal/turns").get(), 1, nullptr);
  JSValueRef turn = MakeFunction(context_, "turn", Waiting<TurnFunction>);
  uint32_t zones;
  do {
    zones = zones_seen_;
    if (function != nullptr && !ending_)
      JSObjectCallAsFunction(context_, const_cast<JSObjectRef>(function), nullptr, 1, &turn,
                             nullptr);
  } while (zones != zones_seen_);
  while (lock_depth_ > 0) Unlock();
}

int Engine::Run() {
  CheckEnd();
  if (ending_) return exit_code_;
  task().busy_since.store(loop_.now(), std::memory_order_relaxed);
  JSValueRef name = MakeString(context_, "internal/start/run");
  Lock();
  JSValueRef exception = nullptr;
  JSValueRef run =
      JSObjectCallAsFunction(context_, require_builtin_, nullptr, 1, &name, &exception);
  if (exception != nullptr) Uncaught(exception);
  if (!ending_) {
    SLUICE_CHECK(run != nullptr && JSValueIsObject(context_, run));
    JSValueProtect(context_, run);
    Call(const_cast<JSObjectRef>(run), {});
    JSValueUnprotect(context_, run);
  }
  // What several callbacks of one turn threw, and no Poll() after it: the first ends the process.
  while (!thrown_.empty()) {
    if (!ending_) Uncaught(thrown_.front());
    JSValueUnprotect(context_, thrown_.front());
    thrown_.pop_front();
  }
  while (lock_depth_ > 0) Unlock();
  // A program that polled on its own ends with its last statement.
  if (!polled_ && !ending_) RunTurns();
  return Exit();
}

int Engine::Exit() {
  if (ending_) return exit_code_;
  JSValueRef code = Call(hooks_.exit, {});
  if (ending_) return exit_code_;
  double number = JSValueToNumber(context_, code, nullptr);
  // process.exitCode takes no number beyond 53 bits; the system looks at the last eight.
  return static_cast<int>(static_cast<int64_t>(number));
}

}  // namespace sluice::js
