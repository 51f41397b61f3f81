// Internal. Histogram: how often values fell between bounds.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "ledger/counter.h"
#include "sluice/ledger.h"

namespace sluice {

// Histogram is written by one thread and read by any. Bounds are the upper ones of its buckets, in
// ascending order; one more bucket has what is above them.
template <const auto& Bounds>
class Histogram {
 public:
  void Add(double value) {
    size_t bucket = 0;
    while (bucket < Bounds.size() && value > Bounds[bucket]) ++bucket;
    counts_[bucket].Add(1);
    sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_release);
  }
  // Numbers returns what was counted. Any thread.
  HistogramNumbers Numbers() const {
    HistogramNumbers numbers{Bounds, {}, sum_.load(std::memory_order_acquire)};
    for (const Counter& count : counts_) numbers.counts.push_back(count.value());
    return numbers;
  }

 private:
  std::array<Counter, Bounds.size() + 1> counts_;
  std::atomic<double> sum_{0};
};

// Seconds.
inline constexpr std::array kDurationBounds{0.01,  0.1,    1.0,    10.0,    60.0,
                                            300.0, 1800.0, 7200.0, 28800.0, 86400.0};
inline constexpr std::array kHandshakeBounds{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
                                             0.1,    0.2,   0.5,   1.0,   2.0,  5.0,  10.0};
inline constexpr std::array kTurnBounds{0.0001, 0.0005, 0.001, 0.005, 0.01,
                                        0.05,   0.1,    0.5,   1.0,   10.0};
inline constexpr std::array kRoundTripBounds{0.0001, 0.0005, 0.001, 0.005, 0.01,
                                             0.05,   0.1,    0.5,   1.0};

}  // namespace sluice
