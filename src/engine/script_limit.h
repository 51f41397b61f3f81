// Internal. ScriptLimit: what ends a script before it has run to its end.
#pragma once

#include <cstdint>

#include "engine/engine.h"

namespace sluice::js {

// A ScriptLimit ends the JavaScript that runs while it lives, past every catch and finally, once a
// time is over or, if wanted, the process got SIGINT. They are nested as the scripts are. Loop
// thread.
class ScriptLimit {
 public:
  enum class End : uint8_t { kNone, kTime, kSignal };

  // timeout_ms < 0: without one.
  ScriptLimit(Engine& engine, int64_t timeout_ms, bool on_signal);
  ~ScriptLimit();
  ScriptLimit(const ScriptLimit&) = delete;
  ScriptLimit& operator=(const ScriptLimit&) = delete;

  // Whether the engine can end a script alone, without the calls around it.
  static bool Possible();

  // What ended the script, if this limit did.
  End end() const { return end_; }
  // Whether one of the limits of the scripts that run has ended its script.
  static bool Ended(const Engine& engine);

  // Reached looks at this limit and those around it; true if one of them is reached.
  bool Reached();

 private:
  Engine& engine_;
  ScriptLimit* const outer_;
  uint64_t until_ns_;  // 0: no time
  const bool on_signal_;
  uint64_t signals_ = 0;   // how many there had been before
  bool released_ = false;  // whether SIGINT goes back to what it did
  End end_ = End::kNone;
};

}  // namespace sluice::js
