// Internal. Engine: one JavaScriptCore VM on one loop, the entry from C++ into JavaScript.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytecode.h"
#include "engine/jsc_spi.h"
#include "sluice/loop.h"

namespace sluice::js {

class ScriptLimit;
class Task;

// What C++ and JavaScript tell each other without a call: JavaScript sees it as a Float64Array
// (`shared` of binding('runtime')). The indices are those of
// lib/internal/process/core.js, lib/internal/timers/immediates.js and
// lib/internal/timers/timeouts.js.
struct Shared {
  double ticks = 0;             // process.nextTick callbacks wait
  double immediates = 0;        // setImmediate callbacks wait
  double immediates_alive = 0;  // how many of them keep the process
  double now = 0;               // Loop::now()
  double timers_alive = 0;      // how many timers keep the process
};

// What the engine runs as the program.
enum class ProgramMode {
  kFile,   // the file named entry
  kEval,   // code
  kPrint,  // code, and prints its completion value
  kStdin,  // standard input
  kCheck,  // the file named entry is only parsed
  kTool,   // a command of sluice's own that is written in JavaScript: arguments[1] names it
  kTest,   // the files of tests that arguments[1…] match
};

struct EngineOptions {
  // process.argv: the binary's absolute path, the program as it was named (none with code), and
  // the program's arguments.
  std::vector<std::string> arguments;
  std::string entry;  // the program's file, "" for none
  ProgramMode mode = ProgramMode::kFile;
  std::string code;                         // kEval and kPrint: the program's text
  std::string input_type;                   // of code and standard input, "" if not told
  std::vector<std::string> preload;         // modules that load before the program
  std::vector<std::string> exec_arguments;  // process.execArgv
  std::shared_ptr<Task> task;               // whose engine it is; null for the main task's
};

// A binding is an object of native functions for the built-in modules.
class Binder;
struct BindingEntry {
  const char* name;
  void (*bind)(Binder& binder);  // fills the object
};

// State that a binding keeps per engine; destroyed with the engine, before the context.
class BindingState {
 public:
  virtual ~BindingState() = default;
};

// Deferred is what was not told to JavaScript at once, to spare a call for each event.
class Deferred {
 public:
  // Deliver tells all of it, in order. JavaScript may turn the loop meanwhile, and Deliver is
  // called again from there for what is left.
  virtual void Deliver() = 0;

 protected:
  ~Deferred() = default;
};

// Engine owns the VM of its thread. All of it is loop thread only.
class Engine final : private TurnHook {
 public:
  Engine(Loop& loop, EngineOptions options);
  ~Engine() override;

  // SetBindings gives all engines of the process their bindings; before the first engine.
  static void SetBindings(std::span<const BindingEntry> bindings);

  // Current returns the engine of this thread, or null.
  static Engine* Current();

  Loop& loop() const { return loop_; }
  JSGlobalContextRef context() const { return context_; }
  const EngineOptions& options() const { return options_; }
  Task& task() const { return *options_.task; }

  // Start loads the bootstrap module. Run evaluates the program (lib/internal/start/run.js) and
  // turns the loop until nothing is alive. They return the exit code.
  void Start();
  int Run();

  // Call enters JavaScript from the loop: it calls function, then runs ticks and promise jobs
  // until there are none. An exception goes to the uncaught-exception path. Returns undefined
  // after one.
  JSValueRef Call(JSObjectRef function, std::span<const JSValueRef> arguments);
  // Settle runs ticks and promise jobs until there are none.
  void Settle();
  // Defer has deferred delivered before anything else is told, and at the end of the turn at the
  // latest; null when nothing is left. CallNow is Call for what delivers it.
  JSValueRef CallNow(JSObjectRef function, std::span<const JSValueRef> arguments);
  void Defer(Deferred* deferred) { deferred_ = deferred; }
  // DeliverDeferred is for who reads something whose order matters: what is delivered may turn the
  // loop, in which more of it would be read and told.
  void DeliverDeferred() {
    if (deferred_ != nullptr) deferred_->Deliver();
  }
  // DrainMicrotasks runs promise jobs until there are none. The API lock must be held. Where
  // kMicrotasks is off (spi::Fast) it does nothing within a function that JavaScript called, and
  // returns false.
  bool DrainMicrotasks();
  // function(promise, reason) runs when the promise jobs are done and a rejection has no handler.
  void SetRejectionCallback(JSObjectRef function, JSValueRef* exception);
  // FollowRejections has the same function run for promises of another context of this VM.
  void FollowRejections(JSGlobalContextRef context);
  // Uncaught hands an exception to process's uncaught-exception path, which may end the process.
  void Uncaught(JSValueRef exception);

  // MemoryUsage returns an object with heapSize, heapCapacity, extraMemorySize, objectCount…,
  // empty where the engine does not tell.
  JSObjectRef MemoryUsage() const;
  // ReportMemory tells the collector of memory beyond its heap that a program's objects hold.
  void ReportMemory(size_t bytes);

  // Poll runs one turn for iosched.poll(), at most timeout_ms long. With -1 it waits until
  // something happens, but in slices: promise jobs that ran first leave no trace to tell that the
  // caller's condition may hold now. Sets *exception to an error that nothing handled, or to an
  // ERR_POLL_NESTED where kMostPolls go on, each in a callback of the one before.
  static constexpr int kMostPolls = 200;
  void Poll(int64_t timeout_ms, JSValueRef* exception);
  // ThrowFromPoll makes the innermost Poll throw error; returns false if none goes on.
  bool ThrowFromPoll(JSValueRef error);
  // Turn runs one turn of a program that does not poll; returns whether to go on.
  bool Turn();
  // The process's time zone was set: all engines look at it before their next turn. Any thread.
  static void ZoneChanged();

  // End ends the task with that exit code: no JavaScript is entered any more. A native function
  // that JavaScript called returns Call::Terminate(). Not for the main task, whose end is that of
  // the process.
  void End(int code);
  // CheckEnd ends the task if another thread asked for it.
  void CheckEnd();
  bool ending() const { return ending_; }

  // BeginSupervision has JavaScript that runs for long looked at from now on, in the main task;
  // other tasks are from their begin. Returns false where the process has no descriptors for that.
  bool BeginSupervision();
  // The innermost limit of the scripts that run, or null.
  ScriptLimit* script_limit() const { return script_limit_; }
  void SetScriptLimit(ScriptLimit* limit);

  // State returns the T of this engine, made on first use.
  template <class T>
  T& State() {
    static const char key = 0;
    for (auto& [id, state] : states_)
      if (id == &key) return static_cast<T&>(*state);
    states_.emplace_back(&key, std::make_unique<T>(*this));
    return static_cast<T&>(*states_.back().second);
  }

  // Hooks that the bootstrap module sets through its binding.
  struct Hooks {
    JSObjectRef run_ticks = nullptr;       // ticks and promise jobs
    JSObjectRef run_microtasks = nullptr;  // promise jobs
    JSObjectRef run_immediates = nullptr;
    JSObjectRef run_timers = nullptr;
    JSObjectRef uncaught = nullptr;     // (error) → true if handled
    JSObjectRef before_exit = nullptr;  // () emits beforeExit
    JSObjectRef exit = nullptr;         // (code) emits exit, returns the code
  };
  Hooks& hooks() { return hooks_; }
  Shared& shared() { return shared_; }
  Timer& timer() { return *timer_; }
  // polled returns whether Poll() was ever called.
  bool polled() const { return polled_; }

  // external_bytes counts what objects of this engine keep beside its heap (Cost). Whoever holds it
  // may change it on any thread.
  const std::shared_ptr<std::atomic<uint64_t>>& external_bytes() const { return external_bytes_; }

  JSObjectRef binding(std::string_view name);
  // RunBuiltin runs a built-in module's text in another context of this VM; the properties of names
  // are those of its `this`. Returns null with an exception.
  JSValueRef RunBuiltin(JSContextRef context, std::string_view name, JSObjectRef names,
                        JSValueRef* exception);
  JSObjectRef require_builtin() const { return require_builtin_; }
  Bytecode& bytecode() { return bytecode_; }

 private:
  class GlibSource;
  int64_t BeforeWait() override;
  void AfterWait() override;
  void AfterEvents() override;
  bool LoopAlive() const;
  void Lock();
  void Unlock();
  int Exit();
  bool RunTurn(int64_t timeout_ms);
  void RunTurns();
  void MeasureHeap();
  // Throttle waits until the task's share of the processor allows it to go on.
  void Throttle();
  // ForgetJobs ends the promise jobs of a task that is over: the engine runs them while the lock is
  // released, and there begins to count anew with each, so that nothing ends those that begin
  // others without end.
  void ForgetJobs();
  // Watch has Supervise called once JavaScript has run for a while without a break.
  void Watch();
  bool Supervise(JSContextRef context);
  // Look gives the stack that somebody wants, ends a task whose heap is too large, and says when
  // the next look is.
  void Look(JSContextRef context);
  static constexpr uint64_t kFirstLookMs = 20;
  bool LookIsDue() const;
  static bool OnTimeLimit(JSContextRef context, void* engine);

  Loop& loop_;
  EngineOptions options_;
  JSContextGroupRef group_ = nullptr;
  JSGlobalContextRef context_ = nullptr;
  Shared shared_;
  Hooks hooks_;
  std::unique_ptr<Timer> timer_;
  bool polled_ = false;
  uint32_t zones_seen_ = 0;        // zone_changes when the engine was entered last
  int polls_ = 0;                  // that go on, one in the other
  int64_t poll_slice_ms_ = 0;      // how long the next unlimited Poll() waits
  std::deque<JSValueRef> thrown_;  // protected; each is for one Poll() to throw
  ScriptLimit* script_limit_ = nullptr;
  bool supervised_ = false;                   // Supervise is called without a script's limit too
  JSObjectRef rejection_callback_ = nullptr;  // which its context holds
  bool ending_ = false;
  int exit_code_ = 0;
  uint64_t heap_measured_ms_ = 0;
  uint64_t heap_cost_ms_ = 0;        // of processor time, to measure it
  uint64_t heap_due_cpu_ms_ = 0;     // of processor time, when a look measures it
  uint64_t look_ms_ = kFirstLookMs;  // of processor time between two looks
  uint64_t looked_cpu_ms_ = 0;       // that the task had used at the last one
  uint64_t share_began_ns_ = 0;      // the time that the share counts from
  uint64_t share_used_ms_ = 0;       // the processor's time before
  uint64_t turn_began_ns_ = 0;       // the loop's time when it woke
  std::shared_ptr<std::atomic<uint64_t>> external_bytes_ =
      std::make_shared<std::atomic<uint64_t>>(0);
  int lock_depth_ = 0;
  Deferred* deferred_ = nullptr;
  std::vector<std::pair<std::string, JSObjectRef>> bindings_;
  JSObjectRef require_builtin_ = nullptr;
  Bytecode bytecode_;
  std::unique_ptr<GlibSource> glib_;
  std::vector<std::pair<const void*, std::unique_ptr<BindingState>>> states_;
};

// A built-in module's source, embedded by the build (tools/embed.mjs): a script in ASCII.
struct BuiltinSource {
  const char* name;  // "net", "internal/errors/codes"
  const char* begin;
  const char* end;
};
std::span<const BuiltinSource> BuiltinSources();

// BuiltinDigest is a hash of all their texts.
std::string_view BuiltinDigest();

}  // namespace sluice::js
