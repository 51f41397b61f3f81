#include "control/numbers.h"

#include <unistd.h>

#include "control/requests.h"
#include "engine/task.h"
#include "engine/version.h"
#include "ledger/json.h"
#include "ledger/process_numbers.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

// A turn that takes longer than this is shown as stuck.
constexpr uint64_t kStuckMs = 1000;

struct Facts {
  std::string program;
  std::string path;
  uint64_t started_ms = sys::MonotonicMs();
};
Facts& TheFacts() {
  static Facts* facts = new Facts;
  return *facts;
}

void PutMembersOfProcess(JsonWriter& json) {
  const Facts& facts = TheFacts();
  WallClock clock;
  json.Member("pid", getpid()).Member("version", js::GetVersions().sluice);
  json.Member("program", facts.program).Member("control", facts.path);
  json.Member("started", static_cast<int64_t>(clock.At(facts.started_ms)));
}

uint64_t BusyMs(const js::Task& task) {
  uint64_t since = task.busy_since.load(std::memory_order_relaxed);
  uint64_t now = sys::MonotonicMs();
  return since != 0 && now > since ? now - since : 0;
}

void PutTask(JsonWriter& json, const js::Task& task) {
  bool waits = task.busy_since.load(std::memory_order_relaxed) == 0;
  uint64_t busy = BusyMs(task);
  json.Open('{').Member("id", task.id()).Member("parent", task.parent());
  json.Member("name", task.name().empty() ? task.options().file : task.name());
  const auto& group = task.options().group;
  json.Member("group", group ? group->name() : "").Member("member", task.options().member);
  json.Member("state", waits ? "idle" : busy >= kStuckMs ? "stuck" : "busy");
  json.Member("busyMs", busy).Member("lastTurnMs", task.last_turn_ms.load());
  json.Member("cpuMs", task.cpu_ms());
  json.Member("heap", task.heap_bytes.load()).Member("maxHeap", task.max_heap.load());
  json.Close('}');
}

}  // namespace

void SetProgram(std::string program) {
  TheFacts().program = std::move(program);
}
void SetControlPath(std::string path) {
  TheFacts().path = std::move(path);
}

void PutProcess(JsonWriter& json) {
  json.Open('{');
  PutMembersOfProcess(json);
  json.Close('}');
}

// It never goes back: what is known of the present turn is less than what it will have lasted.
double BusySeconds(const js::Task& task) {
  for (;;) {
    uint64_t since = task.busy_since.load(std::memory_order_acquire);
    double before = task.turns.Numbers().sum;
    uint64_t busy = since != 0 ? BusyMs(task) : 0;
    if (task.busy_since.load(std::memory_order_acquire) != since) continue;
    constexpr uint64_t kResolutionMs = 1;
    return before + static_cast<double>(busy > kResolutionMs ? busy - kResolutionMs : 0) / 1e3;
  }
}

void PutStats(JsonWriter& json) {
  json.Open('{');
  PutMembersOfProcess(json);
  ProcessNumbers process = ReadProcess();
  json.Member("time", static_cast<int64_t>(WallClock().At(sys::MonotonicMs())));
  json.Member("cpuMs", static_cast<uint64_t>(process.cpu_seconds * 1e3));
  json.Member("rss", process.resident);
  json.Member("fds", process.fds).Member("maxFds", process.max_fds);
  json.Key("tasks").Open('[');
  for (int id : js::Task::List())
    if (auto task = js::Task::Find(id)) PutTask(json, *task);
  json.Close(']').Key("accounts").Open('[');
  for (const AccountLine& line : Ledger::Accounts()) {
    json.Open('{');
    PutMembers(json, line);
    json.Close('}');
  }
  json.Close(']').Close('}');
}

}  // namespace sluice::control
