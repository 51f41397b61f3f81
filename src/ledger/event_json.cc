#include "ledger/event_json.h"

#include <algorithm>
#include <cstring>

#include "ledger/event_ring.h"
#include "ledger/json.h"
#include "ledger/registry.h"

namespace sluice {
namespace {

constexpr const char* kEventNames[] = {"opened",        "connected", "secure", "handshake-failed",
                                       "queued",        "drained",   "closed", "refused",
                                       "accept-failed", "slow-turn", "ended"};

void PutDetails(JsonWriter& json, const Event& event) {
  switch (event.kind) {
    case EventKind::kOpened:
      json.Member("side", Name(static_cast<Side>(event.code >> 4)));
      json.Member("transport", Name(static_cast<Transport>(event.code & 0xF)));
      return;
    case EventKind::kSecure:
      json.Member("ms", static_cast<double>(event.a) / 1e3);
      return;
    case EventKind::kHandshakeFailed:
      json.Member("reason", Name(static_cast<HandshakeFailure>(event.code)));
      return;
    case EventKind::kQueued:
      json.Member("bytes", event.a);
      return;
    case EventKind::kClosed:
      json.Member("code", Name(static_cast<CloseCode>(event.code)));
      json.Member("in", event.a).Member("out", event.b);
      return;
    case EventKind::kRefused:
      json.Member("reason", Name(static_cast<Refusal>(event.code))).Member("count", event.a);
      return;
    case EventKind::kAcceptFailed:
      if (const char* name = strerrorname_np(static_cast<int>(event.a))) json.Member("error", name);
      return;
    case EventKind::kSlowTurn:
      json.Member("ms", event.a);
      return;
    case EventKind::kConnected:
    case EventKind::kDrained:
    case EventKind::kEnded:
      return;
  }
}

}  // namespace

void DumpEvents(const std::function<bool(std::string_view)>& line) {
  struct Entry {
    int task;
    Event event;
  };
  std::vector<Entry> all;
  for (const auto& ring : Registry::Instance().Rings())
    for (const Event& event : ring->Copy()) all.push_back({ring->task(), event});
  std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    return a.event.time_ms < b.event.time_ms;
  });
  WallClock clock;
  for (const auto& [task, event] : all) {
    JsonWriter json;
    json.Open('{').Member("time", static_cast<int64_t>(clock.At(event.time_ms)));
    json.Member("task", task).Member("event", kEventNames[static_cast<size_t>(event.kind)]);
    if (event.connection != 0) json.Member("connection", event.connection);
    PutDetails(json, event);
    if (!line(json.Close('}').text())) return;
  }
}

}  // namespace sluice
