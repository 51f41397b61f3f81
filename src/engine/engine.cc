#include "engine/engine.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/check.h"
#include "engine/glib_source.h"
#include "engine/self_check.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"
#include "engine/vm.h"

namespace sluice::js {
namespace {

thread_local Engine* current_engine = nullptr;

}  // namespace

Engine::Engine(Loop& loop, EngineOptions options) : loop_(loop), options_(std::move(options)) {
  SLUICE_CHECK(current_engine == nullptr);
  current_engine = this;
  if (!options_.task) options_.task = Task::Main();
  if (task().is_main()) task().Attach(loop_);
  shared_.now = static_cast<double>(loop_.Refresh());
  timer_ = std::make_unique<Timer>(loop_, [this] { Call(hooks_.run_timers, {}); });
  spi::Load();
  glib_ = std::make_unique<GlibSource>(*this);
  InitializeEngine();
  group_ = CreateGroup();
  context_ = JSGlobalContextCreateInGroup(group_, nullptr);
  SelfCheck(context_);
  glib_->Begin();
  loop_.SetHook(this);
  supervised_ = !task().is_main();
  SetScriptLimit(nullptr);  // the engine starts to measure only before it runs anything
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

Engine* Engine::Current() {
  return current_engine;
}

void Engine::Lock() {
  if (lock_depth_++ == 0) spi::table.lock(context_);
}

void Engine::Unlock() {
  if (lock_depth_ == 1 && ending_) ForgetJobs();
  if (--lock_depth_ == 0) spi::table.unlock(context_);
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
    // Promise jobs that begin others without end are ended only within a call: the engine looks at
    // the time that one takes, and begins to count anew with each that is the outermost.
    bool ticks = shared_.ticks != 0;
    if (ticks || !task().is_main()) {
      JSValueRef exception = nullptr;
      JSObjectCallAsFunction(context_, ticks ? hooks_.run_ticks : hooks_.run_microtasks, nullptr, 0,
                             nullptr, &exception);
      if (exception != nullptr) Uncaught(exception);
      if (ending_) break;
    }
    DrainMicrotasks();
    if (shared_.ticks == 0) break;
  }
  Unlock();
}

// The public way to run promise jobs is to release the lock, which has no effect within a callback
// of the engine.
bool Engine::DrainMicrotasks() {
  if (spi::On(spi::Fast::kMicrotasks)) {
    spi::table.drain_microtasks(group_);
    return true;
  }
  spi::table.unlock(context_);
  spi::table.lock(context_);
  return false;
}

void Engine::SetRejectionCallback(JSObjectRef function, JSValueRef* exception) {
  spi::table.set_unhandled_rejection_callback(context_, function, exception);
  if (*exception == nullptr) rejection_callback_ = function;
}

void Engine::FollowRejections(JSGlobalContextRef context) {
  if (rejection_callback_ != nullptr)
    spi::table.set_unhandled_rejection_callback(context, rejection_callback_, nullptr);
}

void Engine::Uncaught(JSValueRef error) {
  if (ending_) return;  // what ended the JavaScript arrives as an exception too
  JSValueRef exception = nullptr;
  JSObjectCallAsFunction(context_, hooks_.uncaught, nullptr, 1, &error, &exception);
  if (exception == nullptr || ending_) return;
  // At the bottom of the stack no JavaScript runs. Who polls has more of it.
  if (ThrowFromPoll(error)) return;
  constexpr int kCode = 7;  // as in Node, where a handler of errors fails
  std::string failure = Text(context_, exception), what = Text(context_, error);
  if (!task().is_main()) {
    task().SetFailure(what, "failure while reporting the error: " + failure);
    End(kCode);
    return;
  }
  std::fprintf(stderr, "sluice: failure while reporting an error: %s\n  the error: %s\n",
               failure.c_str(), what.c_str());
  std::_Exit(kCode);
}

int Engine::Run() {
  CheckEnd();
  if (ending_) return exit_code_;
  turn_began_ns_ = loop_.now_ns();
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
