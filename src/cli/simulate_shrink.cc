// Fewer faults with which a failure stays.
#include <algorithm>

#include "cli/simulate.h"

namespace sluice::cli {
namespace {

constexpr int kMostRuns = 400;

class Shrinker {
 public:
  Shrinker(const SimOptions& options, Plan plan, std::string failure, const HostRunner& run)
      : options_(options), best_(std::move(plan)), failure_(std::move(failure)), run_(run) {}

  Plan Do(std::vector<uint64_t> happened) {
    best_.trace_fd = -1;
    DropKinds();
    // The numbers of before still count the same occasions only while nothing changes before them:
    // each try is judged by whether it fails, not by what it leaves out.
    Outcome now = RunSeed(options_, best_, run_);
    if (now.failure == failure_) {
      happened.clear();
      for (auto& one : now.happened) happened.push_back(one.number);
    }
    DropOccurrences(std::move(happened));
    DropKinds();
    return best_;
  }

 private:
  bool StillFails(const Plan& plan) {
    if (++runs_ > kMostRuns) return false;
    return RunSeed(options_, plan, run_).failure == failure_;
  }

  void DropKinds() {
    for (size_t i = 0; i < sim::kFaults; ++i) {
      if (best_.levels[i] == 0) continue;
      Plan less = best_;
      less.levels[i] = i == 0 ? 1 : 0;
      if (less.levels[i] != best_.levels[i] && StillFails(less)) best_ = less;
    }
  }

  // Leaves out halves, quarters, …, single ones.
  void DropOccurrences(std::vector<uint64_t> kept) {
    Plan all = best_;
    all.limited = true;
    all.keep = kept;
    if (!StillFails(all)) return;
    best_ = all;
    for (size_t size = std::max<size_t>(kept.size() / 2, 1); !kept.empty(); size /= 2) {
      for (size_t at = 0; at < kept.size();) {
        Plan less = best_;
        auto first = kept.begin() + static_cast<std::ptrdiff_t>(at);
        auto last = kept.begin() + static_cast<std::ptrdiff_t>(std::min(at + size, kept.size()));
        less.keep.assign(kept.begin(), first);
        less.keep.insert(less.keep.end(), last, kept.end());
        if (StillFails(less)) {
          best_ = less;
          kept = less.keep;
        } else {
          at += size;
        }
      }
      if (size <= 1) break;
    }
  }

  const SimOptions& options_;
  Plan best_;
  const std::string failure_;
  const HostRunner& run_;
  int runs_ = 0;
};

}  // namespace

Plan Shrink(const SimOptions& options, Plan plan, const Outcome& outcome, const HostRunner& run) {
  std::vector<uint64_t> happened;
  for (auto& one : outcome.happened) happened.push_back(one.number);
  Plan result = Shrinker(options, plan, outcome.failure, run).Do(std::move(happened));
  result.trace_fd = plan.trace_fd;
  return result;
}

}  // namespace sluice::cli
