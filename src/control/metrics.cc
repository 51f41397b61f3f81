#include "control/metrics.h"

#include <memory>
#include <vector>

#include "control/numbers.h"
#include "control/program_metrics.h"
#include "engine/task.h"
#include "engine/version.h"
#include "ledger/exposition.h"

namespace sluice::control {
namespace {

void AppendTasks(std::string* out) {
  std::vector<std::shared_ptr<js::Task>> tasks;
  for (int id : js::Task::List())
    if (auto task = js::Task::Find(id)) tasks.push_back(std::move(task));
  auto label = [](const js::Task& task) { return Label("task", std::to_string(task.id())); };
  AppendHead(out, "sluice_loop_turn_duration_seconds", "histogram",
             "How long turns of event loops took: what an event waits for at most.");
  for (const auto& task : tasks) {
    HistogramNumbers turns = task->turns.Numbers();
    AppendHistogram(out, "sluice_loop_turn_duration_seconds", label(*task), turns.bounds,
                    turns.counts, turns.sum);
  }
  auto put = [&](const char* name, const char* type, const char* help, auto value) {
    AppendHead(out, name, type, help);
    for (const auto& task : tasks) AppendSample(out, name, label(*task), value(*task));
  };
  put("sluice_loop_busy_seconds_total", "counter",
      "Time in which event loops did not wait; its rate is the utilisation.", BusySeconds);
  put("sluice_heap_bytes", "gauge", "JavaScript heap, where it was measured.",
      [](const js::Task& task) { return static_cast<double>(task.heap_bytes.load()); });
  put("sluice_heap_limit_bytes", "gauge", "The most that it may have, 0 for no limit.",
      [](const js::Task& task) { return static_cast<double>(task.max_heap.load()); });
}

}  // namespace

std::string MetricsText() {
  std::string out;
  const js::Versions& versions = js::GetVersions();
  AppendHead(&out, "sluice_build_info", "gauge", "The versions that run.");
  AppendSample(&out, "sluice_build_info",
               Label("version", versions.sluice) + "," + Label("jsc", versions.jsc) + "," +
                   Label("openssl", versions.openssl),
               1);
  AppendLedgerMetrics(&out);
  AppendTasks(&out);
  ProgramMetrics::Instance().AppendText(&out);
  return out;
}

}  // namespace sluice::control
