#include "engine/vm.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "engine/jsc_spi.h"
#include "sim/calls.h"

namespace sluice::js {
namespace {

// What the engine reads from the environment when the first VM is made, unless it is set there.
constexpr const char* kEngineOptions[][2] = {
    // The engine's usual way to look at a time limit throws away the optimized code that runs, each
    // time; with polling, a loop of a task is two to ten times as fast.
    {"JSC_usePollingTraps", "1"},
    // Compiling for the last tier costs more than what a server runs some thousand times gains by
    // it. A loop that computes gets there a few milliseconds later than by default.
    {"JSC_thresholdForFTLOptimizeAfterWarmUp", "1000000"},
    // What runs at the start is not compiled: functions are after some 260 calls, by default after 33.
    // Programs that load many files do with less of the processor so, and with less memory.
    {"JSC_thresholdForJITAfterWarmUp", "4000"},
    // Calls in tail position stay in stack traces, as they do on Node.
    {"JSC_useTailCalls", "0"},
    // SharedArrayBuffer: tasks have memory in common.
    {"JSC_useSharedArrayBuffer", "1"},
};

// What it reads in a simulation beside those: nothing happens on threads of its own.
constexpr const char* kSimulatedOptions[][2] = {
    {"JSC_useConcurrentGC", "0"},
    {"JSC_useConcurrentJIT", "0"},
    {"JSC_numberOfGCMarkers", "1"},
};

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

void InitializeEngine() {
  MoveEngineSignal();
  if (spi::table.initialize_main_thread != nullptr) spi::table.initialize_main_thread();
}

JSContextGroupRef CreateGroup() {
  static std::atomic<bool> first{true};
  std::vector<const char*> set;
  if (first.exchange(false)) {
    auto take = [&](const auto& options) {
      for (auto [name, value] : options) {
        if (std::getenv(name) != nullptr) continue;
        setenv(name, value, 1);
        set.push_back(name);
      }
    };
    take(kEngineOptions);
    if (sim::Active()) take(kSimulatedOptions);
  }
  JSContextGroupRef group = JSContextGroupCreate();
  for (const char* name : set) unsetenv(name);
  return group;
}

}  // namespace sluice::js
