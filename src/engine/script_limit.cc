#include "engine/script_limit.h"

#include <csignal>

#include "engine/jsc_spi.h"
#include "sys/signals.h"
#include "sys/sys.h"

namespace sluice::js {

ScriptLimit::ScriptLimit(Engine& engine, int64_t timeout_ms, bool on_signal)
    : engine_(engine),
      outer_(engine.script_limit()),
      until_ns_(timeout_ms < 0 ? 0
                               : sys::MonotonicNs() + static_cast<uint64_t>(timeout_ms) * 1000000),
      on_signal_(on_signal) {
  if (on_signal_) {
    signals_ = sys::CaughtSignals(SIGINT);
    released_ = !sys::IsCaught(SIGINT) && sys::CatchSignal(SIGINT) == 0;
  }
  engine_.SetScriptLimit(this);
}

bool ScriptLimit::Possible() {
  return spi::On(spi::Fast::kTermination) && spi::table.throw_exception != nullptr;
}

ScriptLimit::~ScriptLimit() {
  engine_.SetScriptLimit(outer_);
  if (released_) sys::ReleaseSignal(SIGINT);
}

bool ScriptLimit::Ended(const Engine& engine) {
  for (const ScriptLimit* limit = engine.script_limit(); limit != nullptr; limit = limit->outer_)
    if (limit->end_ != End::kNone) return true;
  return false;
}

bool ScriptLimit::Reached() {
  if (outer_ != nullptr && outer_->Reached()) return true;
  if (end_ == End::kNone && until_ns_ != 0 && sys::MonotonicNs() >= until_ns_) end_ = End::kTime;
  if (end_ == End::kNone && on_signal_ && sys::CaughtSignals(SIGINT) != signals_)
    end_ = End::kSignal;
  return end_ != End::kNone;
}

}  // namespace sluice::js
