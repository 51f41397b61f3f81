// What ends a task that is not the main one: its own call, another thread, its limit of memory; and
// what ends a script that has a limit.
#include <algorithm>
#include <limits>

#include "base/check.h"
#include "engine/engine.h"
#include "engine/script_limit.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// How much processor time a task may use before somebody looks at it: twice as much each time up to
// this, for a look takes about a millisecond of its own, but less where its heap is to be measured
// before. The main task is not looked at before it first waits: short programs need no thread for
// that.
constexpr uint64_t kLastLookMs = 250;
// A heap is measured once it could be full, but for no more than a fiftieth of the time, or a
// quarter once it is half full: the engine counts each object.
constexpr uint64_t kGrowthPerMs = 4 << 20;  // bytes; no heap grows faster
constexpr uint64_t kFiftieth = 49, kQuarter = 3;
constexpr uint64_t kLimitedMs = 2;  // while a script has a limit, and what is over
constexpr int kDescriptors = 4;     // of its thread; some are for others that open one meanwhile

// The engine looks at the time limit also where it has just thrown, and functions of its API take
// away what is thrown: it is thrown again at the end.
class Pending {
 public:
  explicit Pending(JSContextRef context) : context_(context) {
    (void)JSObjectGetProperty(context, JSContextGetGlobalObject(context), String("Object").get(),
                              &exception_);
  }
  ~Pending() {
    if (exception_ != nullptr)
      spi::table.throw_exception(JSContextGetGroup(context_), context_, exception_);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

 private:
  JSContextRef context_;
  JSValueRef exception_ = nullptr;  // on the stack, where the collector sees it
};

}  // namespace

void Engine::End(int code) {
  SLUICE_CHECK(!task().is_main());
  if (ending_) return;
  ending_ = true;
  exit_code_ = code;
}

void Engine::CheckEnd() {
  if (!ending_ && task().end_requested()) End(task().end_code());
}

void Engine::Watch() {
  uint64_t limit_ms = ending_ || script_limit_ != nullptr ? kLimitedMs : look_ms_;
  spi::table.set_time_limit(group_, static_cast<double>(limit_ms) / 1000, OnTimeLimit, this);
}

void Engine::ForgetJobs() {
  if (!ScriptLimit::Possible() || hooks_.run_microtasks == nullptr) return;
  JSValueRef ended;
  do {
    ended = nullptr;
    Watch();
    JSObjectCallAsFunction(context_, hooks_.run_microtasks, nullptr, 0, nullptr, &ended);
  } while (ended != nullptr);
}

// Each script with a limit begins the engine's time anew, so that it says nothing of the next look.
bool Engine::LookIsDue() const {
  return supervised_ && ScriptLimit::Possible() && task().cpu_ms() - looked_cpu_ms_ >= look_ms_;
}

bool Engine::OnTimeLimit(JSContextRef context, void* engine) {
  return static_cast<Engine*>(engine)->Supervise(context);
}

// Supervise runs on this thread in the middle of JavaScript; true ends that.
bool Engine::Supervise(JSContextRef context) {
  CheckEnd();
  // What a look finds pending it makes pending anew, and JavaScript could catch it then.
  bool unwinds = ending_ || ScriptLimit::Ended(*this);
  if (!unwinds && spi::table.throw_exception != nullptr &&
      (script_limit_ == nullptr || LookIsDue())) {
    Pending pending(context);
    Look(context);
  }
  if (ending_) return true;
  // The limit holds once; without this it would never be looked at again.
  SetScriptLimit(script_limit_);
  if (script_limit_ == nullptr || !script_limit_->Reached()) return false;
  // What the engine does by itself where this returns true ends the calls around the script too.
  spi::table.throw_exception(group_, context, spi::table.termination(group_));
  return false;
}

// The engine's thread for that opens descriptors, and ends the process if it gets none.
bool Engine::BeginSupervision() {
  if (supervised_) return true;
  sys::Reserve reserve;
  if (reserve.Fill(kDescriptors) != 0) return false;
  reserve.Clear();
  supervised_ = true;
  looked_cpu_ms_ = task().cpu_ms();
  Watch();
  return true;
}

void Engine::SetScriptLimit(ScriptLimit* limit) {
  script_limit_ = limit;
  if (LookIsDue()) {
    CheckEnd();
    if (!ending_) Look(context_);
  }
  if (limit != nullptr || supervised_) {
    Watch();
  } else {
    double never = std::numeric_limits<double>::infinity();
    spi::table.set_time_limit(group_, never, OnTimeLimit, this);
  }
}

void Engine::Look(JSContextRef context) {
  if (task().stack_wanted()) {
    bool known = spi::On(spi::Fast::kStatistics);
    JSStringRef stack = known ? spi::table.backtrace(context, 50) : nullptr;
    task().GiveStack(stack != nullptr ? String(stack).utf8() : std::string());
  }
  looked_cpu_ms_ = task().cpu_ms();
  look_ms_ = std::min(2 * look_ms_, kLastLookMs);
  uint64_t limit = task().max_heap.load(std::memory_order_relaxed);
  if (limit == 0) return;
  if (looked_cpu_ms_ >= heap_due_cpu_ms_) {
    MeasureHeap();
    looked_cpu_ms_ = task().cpu_ms();
    uint64_t size = task().heap_bytes.load(std::memory_order_relaxed);
    uint64_t until_full_ms = (limit - std::min(size, limit)) / kGrowthPerMs;
    uint64_t rest_ms = heap_cost_ms_ * (size < limit / 2 ? kFiftieth : kQuarter);
    heap_due_cpu_ms_ = looked_cpu_ms_ + std::max(until_full_ms, rest_ms);
  }
  look_ms_ = std::clamp(heap_due_cpu_ms_ - looked_cpu_ms_, kFirstLookMs, look_ms_);
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
  uint64_t begun_ms = mine.cpu_ms();
  heap_measured_ms_ = loop_.now();
  JSObjectRef numbers = MemoryUsage();
  heap_cost_ms_ = mine.cpu_ms() - begun_ms;
  auto number = [&](const char* name) {
    double value = JSValueToNumber(context_, Get(context_, numbers, name), nullptr);
    return value > 0 ? static_cast<uint64_t>(value) : 0;
  };
  uint64_t own = number("heapSize");
  mine.own_heap_bytes.store(own, std::memory_order_relaxed);
  uint64_t size = own + external_bytes_->load(std::memory_order_relaxed);
  mine.heap_bytes.store(size, std::memory_order_relaxed);
  uint64_t limit = mine.max_heap.load(std::memory_order_relaxed);
  if (limit == 0 || size <= limit || ending_) return;
  mine.SetOutOfMemory(size);
  End(1);
}

}  // namespace sluice::js
