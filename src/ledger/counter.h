// Internal. Counter: a number that one thread writes and any reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace sluice {

// Counter needs no locked instruction. It wraps; what is taken was added before. Who reads a value
// sees what the writer wrote before it.
class Counter {
 public:
  void Add(uint64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }
  void Take(uint64_t count) { Add(~count + 1); }
  uint64_t value() const { return value_.load(std::memory_order_acquire); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace sluice
