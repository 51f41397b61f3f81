// Internal. binding('metrics'): the metrics of the process, and the cells of those of programs.
#include "control/metrics.h"

#include <cerrno>

#include "control/numbers.h"
#include "control/program_metrics.h"
#include "engine/task.h"
#include "engine/value.h"
#include "ledger/exposition.h"
#include "sluice/ledger.h"

namespace sluice::js {
namespace {

using control::ProgramMetrics;

// What this task counted stays when it ends.
struct MetricsState final : BindingState {
  explicit MetricsState(Engine& engine) : task(engine.task().id()) {}
  ~MetricsState() override { ProgramMetrics::Instance().Ended(task); }
  const int task;
};

// declare(name, help, type, names of labels, bounds) → a ProgramMetrics::Known
JSValueRef Declare(Call& call) {
  std::vector<std::string> labels;
  std::vector<double> bounds;
  for (JSValueRef one : Elements(call.context(), call[3], call.exception()))
    labels.push_back(js::Text(call.context(), one));
  for (JSValueRef one : Elements(call.context(), call[4], call.exception()))
    bounds.push_back(JSValueToNumber(call.context(), one, nullptr));
  if (call.failed()) return call.undefined();
  auto known = ProgramMetrics::Instance().Declare(call.string(0), call.string(1),
                                                  static_cast<control::MetricType>(call.integer(2)),
                                                  labels, bounds);
  return call.number_value(static_cast<double>(known));
}

// series(name, labels, labels of the rest) → Float64Array of its cells, which scrapes read
JSValueRef Series(Call& call) {
  int task = call.engine().State<MetricsState>().task;
  auto place =
      ProgramMetrics::Instance().Series(task, call.string(0), call.string(1), call.string(2));
  auto* kept = new std::shared_ptr<control::Cells>(place.cells);
  auto release = [](void*, void* cells) {
    delete static_cast<std::shared_ptr<control::Cells>*>(cells);
  };
  return JSObjectMakeTypedArrayWithBytesNoCopy(
      call.context(), kJSTypedArrayTypeFloat64Array, &place.cells->values[place.first],
      place.count * sizeof(double), release, kept, call.exception());
}

// text() → all metrics
JSValueRef Text(Call& call) {
  return call.string_value(control::MetricsText());
}

// serve(host, port, path) → the port, or -errno
JSValueRef Serve(Call& call) {
  auto address = Address::Ip(call.string(0), static_cast<uint16_t>(call.integer(1)));
  if (!address) return call.number_value(-EINVAL);
  Error error;
  Address bound = control::ServeMetrics(grant::ToBind(*address), call.string(2), &error);
  if (error) return call.number_value(-static_cast<double>(error.number));
  return call.number_value(bound.port());
}

// busy() → seconds that the turns of this task's loop lasted in all
JSValueRef Busy(Call& call) {
  return call.number_value(control::BusySeconds(call.engine().task()));
}

constexpr FunctionEntry kFunctions[] = {
    {"busy", Guarded<Busy>}, {"declare", Guarded<Declare>}, {"series", Guarded<Series>},
    {"text", Guarded<Text>}, {"serve", Guarded<Serve>},
};

}  // namespace

void BindMetrics(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Text("contentType", std::string(Ledger::kMetricsType));
  binder.Value("mostSeries",
               JSValueMakeNumber(binder.context(), double{ProgramMetrics::kMostSeries}));
}

}  // namespace sluice::js
