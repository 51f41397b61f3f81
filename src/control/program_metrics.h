// Internal. ProgramMetrics: numbers that programs count themselves, in every task without a lock.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::control {

// What a program's metric is.
enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };

// Cells are the numbers of one task, which its JavaScript writes as elements of an array, and the
// thread of a scrape reads. Their memory stays where it is while somebody keeps the block.
struct Cells {
  static constexpr size_t kCount = 256;
  std::atomic<double> values[kCount] = {};
};

// ProgramMetrics has the series of all tasks. Any thread.
class ProgramMetrics {
 public:
  static ProgramMetrics& Instance();

  // How many series a metric has at most; what is beyond them is counted as of the labels
  // {label="other", …}.
  static constexpr size_t kMostSeries = 1000;

  // What Declare says: whether a metric of the name is there that differs, or another one whose
  // samples have the same names, as those of a histogram h and of h_count.
  enum class Known : uint8_t { kWell, kOther, kClash };
  // Declare makes a metric known. labels: their names; bounds: of a histogram, in ascending order.
  Known Declare(std::string_view name, std::string_view help, MetricType type,
                const std::vector<std::string>& labels, const std::vector<double>& bounds);

  // Where a series of a task is.
  struct Place {
    std::shared_ptr<Cells> cells;
    size_t first;
    size_t count;  // 1, or for a histogram bounds + 1 and one for the sum
  };
  // Series returns the place of a metric's series for a task. labels: as they are written, without
  // their braces; other: those to count under where there are too many.
  Place Series(int task, std::string_view name, std::string_view labels, std::string_view other);
  // Ended adds a task's counters and histograms to those of tasks that ended; its gauges are gone.
  void Ended(int task);
  // AppendText appends all as text of the Prometheus format.
  void AppendText(std::string* out) const;

 private:
  struct Metric {
    std::string help;
    MetricType type;
    std::vector<std::string> labels;
    std::vector<double> bounds;
    std::map<std::string, std::map<int, Place>, std::less<>> series;  // by labels, then by task
    std::map<std::string, std::vector<double>, std::less<>> ended;    // by labels
    size_t width() const { return type == MetricType::kHistogram ? bounds.size() + 2 : 1; }
  };

  bool Clashes(std::string_view name, MetricType type) const;
  Place Take(int task, size_t count);
  std::vector<double> Sum(const Metric& metric, const std::string& labels) const;
  void AppendSeries(const std::string& name, const Metric& metric, const std::string& labels,
                    std::string* out) const;

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, Metric, std::less<>> metrics_;
  struct Filling {
    std::shared_ptr<Cells> cells;
    size_t used = Cells::kCount;
  };
  std::map<int, Filling> filling_;  // by task
};

}  // namespace sluice::control
