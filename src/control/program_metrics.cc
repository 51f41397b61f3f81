#include "control/program_metrics.h"

#include "base/check.h"
#include "ledger/exposition.h"

namespace sluice::control {

ProgramMetrics& ProgramMetrics::Instance() {
  static ProgramMetrics* metrics = new ProgramMetrics;
  return *metrics;
}

// With the lock held.
bool ProgramMetrics::Clashes(std::string_view name, MetricType type) const {
  for (std::string_view suffix : {"_bucket", "_sum", "_count"}) {
    if (type == MetricType::kHistogram && metrics_.contains(std::string(name).append(suffix)))
      return true;
    if (!name.ends_with(suffix)) continue;
    auto base = metrics_.find(name.substr(0, name.size() - suffix.size()));
    if (base != metrics_.end() && base->second.type == MetricType::kHistogram) return true;
  }
  return false;
}

ProgramMetrics::Known ProgramMetrics::Declare(std::string_view name, std::string_view help,
                                              MetricType type,
                                              const std::vector<std::string>& labels,
                                              const std::vector<double>& bounds) {
  std::lock_guard lock(mutex_);
  if (auto found = metrics_.find(name); found != metrics_.end()) {
    const Metric& metric = found->second;
    bool same = metric.type == type && metric.labels == labels && metric.bounds == bounds;
    return same ? Known::kWell : Known::kOther;
  }
  if (Clashes(name, type)) return Known::kClash;
  Metric& metric = metrics_[std::string(name)];
  metric.help = help;
  metric.type = type;
  metric.labels = labels;
  metric.bounds = bounds;
  return Known::kWell;
}

ProgramMetrics::Place ProgramMetrics::Take(int task, size_t count) {
  SLUICE_CHECK(count <= Cells::kCount);
  Filling& filling = filling_[task];
  if (Cells::kCount - filling.used < count) filling = {std::make_shared<Cells>(), 0};
  Place place{filling.cells, filling.used, count};
  filling.used += count;
  return place;
}

ProgramMetrics::Place ProgramMetrics::Series(int task, std::string_view name,
                                             std::string_view labels, std::string_view other) {
  std::lock_guard lock(mutex_);
  auto found = metrics_.find(name);
  SLUICE_CHECK(found != metrics_.end());
  Metric& metric = found->second;
  std::string key(labels);
  if (!metric.series.contains(key) && metric.series.size() >= kMostSeries) key = other;
  auto& tasks = metric.series[key];
  auto place = tasks.find(task);
  if (place == tasks.end()) place = tasks.emplace(task, Take(task, metric.width())).first;
  return place->second;
}

std::vector<double> ProgramMetrics::Sum(const Metric& metric, const std::string& labels) const {
  std::vector<double> sum(metric.width());
  if (auto ended = metric.ended.find(labels); ended != metric.ended.end()) sum = ended->second;
  for (const auto& [task, place] : metric.series.at(labels))
    for (size_t i = 0; i < sum.size(); ++i)
      sum[i] += place.cells->values[place.first + i].load(std::memory_order_relaxed);
  return sum;
}

void ProgramMetrics::Ended(int task) {
  std::lock_guard lock(mutex_);
  filling_.erase(task);
  for (auto& [name, metric] : metrics_) {
    for (auto& [labels, tasks] : metric.series) {
      auto place = tasks.find(task);
      if (place == tasks.end()) continue;
      if (metric.type != MetricType::kGauge) {
        auto& ended = metric.ended[labels];
        ended.resize(metric.width());
        for (size_t i = 0; i < ended.size(); ++i)
          ended[i] +=
              place->second.cells->values[place->second.first + i].load(std::memory_order_relaxed);
      }
      tasks.erase(place);
    }
    // A gauge that no task has any more takes no place.
    std::erase_if(metric.series, [&metric](const auto& series) {
      return series.second.empty() && !metric.ended.contains(series.first);
    });
  }
}

void ProgramMetrics::AppendSeries(const std::string& name, const Metric& metric,
                                  const std::string& labels, std::string* out) const {
  std::vector<double> sum = Sum(metric, labels);
  if (metric.type != MetricType::kHistogram) {
    AppendSample(out, name, labels, sum[0]);
    return;
  }
  std::vector<uint64_t> counts;
  for (size_t i = 0; i <= metric.bounds.size(); ++i)
    counts.push_back(static_cast<uint64_t>(sum[i]));
  AppendHistogram(out, name, labels, metric.bounds, counts, sum.back());
}

void ProgramMetrics::AppendText(std::string* out) const {
  constexpr const char* kTypes[] = {"counter", "gauge", "histogram"};
  std::lock_guard lock(mutex_);
  for (const auto& [name, metric] : metrics_) {
    AppendHead(out, name, kTypes[static_cast<size_t>(metric.type)], metric.help);
    for (const auto& [labels, tasks] : metric.series)
      if (!tasks.empty() || metric.ended.contains(labels)) AppendSeries(name, metric, labels, out);
  }
}

}  // namespace sluice::control
