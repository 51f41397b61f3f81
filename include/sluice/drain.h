// Public. How a server leaves, so that nothing under way is lost.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace sluice {

// How Listener::Drain and ServerGroup::Drain do it. Times in ms from the call.
struct DrainOptions {
  // Accepting goes on for so long, while load balancers look elsewhere; at most deadline.
  uint64_t grace = 0;
  // What is open then is reset, with CloseCode::kDrainDeadline; above 0, and below 2^31.
  uint64_t deadline = 30'000;
  // Over how long after grace the ends of connections are spread, so that clients do not all come
  // back at once; at most deadline - grace. Without one: 8/10 of that.
  std::optional<uint64_t> jitter;
  // Connections end by RST, and not by Stream::Shutdown().
  bool reset = false;
};

// DrainResult is what became of the connections that were open when grace was over, or came after
// it from the backlog.
struct DrainResult {
  uint64_t closed = 0;  // ended by themselves, or by their handlers
  uint64_t ended = 0;   // by the drain: CloseCode::kDrain
  uint64_t forced = 0;  // by its deadline: CloseCode::kDrainDeadline
  uint64_t left = 0;    // open still, on threads that do not return to their loops
  uint64_t ms = 0;      // how long it took
};

// What is called when a drain is done, on the thread that asked for it, in a turn of its loop.
using DrainDone = std::function<void(const DrainResult& result)>;

}  // namespace sluice
