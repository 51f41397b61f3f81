// How the engine and the loop take turns: what is done around each wait, and turns that JavaScript
// asks for.
#include <algorithm>
#include <atomic>
#include <ctime>
#include <utility>

#include "engine/engine.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"
#include "ledger/loop_ledger.h"
#include "sim/calls.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

constexpr uint64_t kSlowTurnMs = 100;  // from how long on a turn is an event of the recorder
constexpr uint64_t kHeapMs = 1000;     // how old the known size of a heap may be
constexpr uint64_t kHeapRest = 49;     // times what it takes to measure it, before the next time

// turn() → whether to go on
JSValueRef TurnFunction(Call& call) {
  return call.boolean_value(call.engine().Turn());
}

// How often the process's time zone was set.
std::atomic<uint32_t> zone_changes{0};

}  // namespace

int64_t Engine::BeforeWait() {
  Task& mine = task();
  uint64_t since = mine.busy_since.load(std::memory_order_relaxed);
  uint64_t heap_ms = loop_.now() - heap_measured_ms_;
  if (!mine.is_main() && heap_ms >= std::max(kHeapMs, kHeapRest * heap_cost_ms_)) MeasureHeap();
  // A simulation has no processor time.
  if (mine.options().quota.processor > 0 && !sim::Active()) Throttle();
  bool immediate = shared_.immediates != 0;
  if (!supervised_) [[unlikely]]
    (void)BeginSupervision();  // without descriptors at a later wait
  while (lock_depth_ > 0) Unlock();
  if (since != 0) {
    // The one clock that a turn reads beside that of the loop.
    constexpr double kNanosecond = 1e-9;
    uint64_t took = sys::MonotonicNs() - turn_began_ns_;
    mine.turns.Add(static_cast<double>(took) * kNanosecond);
    uint64_t took_ms = took / 1'000'000;
    mine.last_turn_ms.store(took_ms, std::memory_order_relaxed);
    if (took_ms >= kSlowTurnMs) LoopLedger::Of(loop_).Tell(EventKind::kSlowTurn, 0, 0, took_ms);
    mine.busy_since.store(0, std::memory_order_relaxed);
  }
  return immediate || ending_ ? 0 : -1;
}

void Engine::Throttle() {
  constexpr uint64_t kWindowNs = 1'000'000'000;
  constexpr uint64_t kLongestNs = 100'000'000;  // so that a request to end is seen
  uint64_t now = sys::MonotonicNs();
  uint64_t used = task().cpu_ms();
  if (share_began_ns_ == 0 || now - share_began_ns_ > kWindowNs) {
    share_began_ns_ = now;
    share_used_ms_ = used;
    return;
  }
  // What was used takes that long by the share.
  double due = static_cast<double>(used - share_used_ms_) * 1e6 / task().options().quota.processor;
  auto passed = static_cast<double>(now - share_began_ns_);
  if (due <= passed) return;
  auto wait = static_cast<uint64_t>(std::min(due - passed, static_cast<double>(kLongestNs)));
  timespec time{0, static_cast<long>(wait)};
  nanosleep(&time, nullptr);
}

void Engine::AfterWait() {
  shared_.now = static_cast<double>(loop_.now());
  turn_began_ns_ = loop_.now_ns();
  task().busy_since.store(loop_.now(), std::memory_order_relaxed);
  if (sim::Active() && sim::TakeDoom()) {
    task().SetFailure("Error: the simulation ends this task", "", EndCause::kError);
    task().RequestEnd(1);
  }
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
  if (polls_ == kMostPolls) {
    *exception = MakeError(context_, "RangeError",
                           "iosched.poll() runs " + std::to_string(kMostPolls) +
                               " times, each in a callback of the one before: the innermost must "
                               "return first",
                           "ERR_POLL_NESTED");
    return;
  }
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
  bool worked = false;  // though it is over already: what listened and was closed in beforeExit
  if (!LoopAlive()) {
    uint64_t holds = loop_.holds();
    Call(hooks_.before_exit, {});
    worked = loop_.holds() != holds;
  }
  bool goes_on = !ending_ && (worked || LoopAlive());
  if (goes_on) RunTurn(LoopAlive() ? -1 : 0);
  lock_depth_ = depth;
  return goes_on && !ending_;
}

void Engine::ZoneChanged() {
  if (spi::table.time_zone_did_change != nullptr) spi::table.time_zone_did_change();
  zone_changes.fetch_add(1, std::memory_order_relaxed);
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
  JSValueRef function = JSEvaluateScript(context_, String("(turn) => { while (turn()); }").get(),
                                         nullptr, String("node:internal/turns").get(), 1, nullptr);
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

}  // namespace sluice::js
