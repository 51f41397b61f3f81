#include "control/requests.h"

#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/json.h"
#include "base/json_parser.h"
#include "control/ask.h"
#include "control/numbers.h"
#include "engine/task.h"
#include "grant/grant.h"
#include "ledger/capture.h"
#include "ledger/event_json.h"
#include "ledger/json.h"
#include "ledger/loop_ledger.h"
#include "sluice/ledger.h"

namespace sluice::control {
namespace {

using Send = std::function<bool(std::string_view)>;
using namespace std::chrono_literals;

constexpr size_t kEventsAtOnce = 256;  // of a line
constexpr auto kStackPatience = 1000ms;

// One request.
class Request {
 public:
  Request(const JsonObject& members, const Send& send) : members_(members), send_(send) {}

  bool Run() {
    std::string method = Text("method");
    if (method == "info") return Result([](JsonWriter& json) { PutProcess(json); });
    if (method == "stats") return Result([](JsonWriter& json) { PutStats(json); });
    if (method == "sess") return Sessions();
    if (method == "close") return Close();
    if (method == "stack") return Stack();
    if (method == "dump") return Dump();
    if (method == "capture") return DoCapture();
    return Fail("ERR_CONTROL_METHOD",
                "there is no method '" + method +
                    "'; there are info, stats, sess, close, stack, dump, capture");
  }
  bool Fail(std::string_view code, std::string_view message) {
    JsonWriter json;
    Begin(json).Key("error").Open('{').Member("code", code).Member("message", message).Close('}');
    return End(json);
  }

 private:
  JsonWriter& Begin(JsonWriter& json) {
    json.Open('{').Member("v", kProtocol);
    if (auto id = members_.find("id"); id != members_.end()) json.Member("id", id->second);
    return json;
  }
  bool End(JsonWriter& json) { return send_(json.Close('}').Take() + '\n'); }
  bool Result(const std::function<void(JsonWriter&)>& put) {
    JsonWriter json;
    Begin(json).Key("result");
    put(json);
    return End(json);
  }
  std::string Text(std::string_view name) const {
    auto found = members_.find(name);
    return found != members_.end() ? found->second : "";
  }
  std::string Parameter(std::string_view name) const { return Text("params." + std::string(name)); }
  uint64_t Number(std::string_view name, uint64_t otherwise) const {
    std::string text = Parameter(name);
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty() ? value
                                                                                     : otherwise;
  }

  bool Sessions();
  bool Part(const std::vector<ConnectionInfo>& list, size_t* count);
  bool Fits(const ConnectionInfo& info) const;
  bool Close();
  bool Stack();
  bool Dump();
  bool DoCapture();

  const JsonObject& members_;
  const Send& send_;
  WallClock clock_;
  uint64_t opened_before_ = ~uint64_t{0};
  uint64_t limit_ = ~uint64_t{0};
  std::optional<AddressRange> peers_;
  std::string peer_path_;
};

bool Request::Fits(const ConnectionInfo& info) const {
  std::string group = Parameter("group"), code = Parameter("code");
  if (!group.empty() && info.group != group) return false;
  if (!code.empty() && Name(info.reason.code) != code) return false;
  if (peers_ && !peers_->Contains(info.peer)) return false;
  if (!peer_path_.empty() && info.peer.text() != peer_path_ && info.local.text() != peer_path_)
    return false;
  return info.opened_ms <= opened_before_;
}

// Sends those of list that fit as one line.
bool Request::Part(const std::vector<ConnectionInfo>& list, size_t* count) {
  JsonWriter json;
  size_t before = *count;
  Begin(json).Key("part").Open('[');
  for (const ConnectionInfo& info : list) {
    if (*count >= limit_) break;
    if (!Fits(info)) continue;
    Put(json, info, clock_);
    ++*count;
  }
  json.Close(']');
  return *count == before || End(json);
}

bool Request::Sessions() {
  if (std::string peer = Parameter("peer"); !peer.empty()) {
    peers_ = AddressRange::Parse(peer);
    if (!peers_) peer_path_ = peer;
  }
  limit_ = Number("limit", limit_);
  uint64_t now = clock_.Now();
  if (uint64_t older = Number("older", 0); older > 0)
    opened_before_ = now > older * 1000 ? now - older * 1000 : 0;
  size_t count = 0;
  std::vector<int> stuck;
  if (Parameter("closed") == "true") {
    if (!Part(Ledger::Recent({}), &count)) return false;
  } else {
    for (const Ledger::LoopEntry& loop : Ledger::Loops()) {
      bool there = true;
      bool answers = EachChunk(loop, true, [&](const std::vector<ConnectionInfo>& list) {
        there = Part(list, &count);
        return there && count < limit_;
      });
      if (!there) return false;
      if (!answers) stuck.push_back(loop.task);
    }
  }
  return Result([&](JsonWriter& json) {
    json.Open('{').Member("count", count).Key("stuck").Open('[');
    for (int task : stuck) json.Value(task);
    json.Close(']').Close('}');
  });
}

// Ends a connection of a loop, whose table is looked through some at a turn. Returns whether it was
// there; nothing if the loop does not turn.
std::optional<bool> EndAt(const Ledger::LoopEntry& loop, uint64_t id) {
  constexpr size_t kSlotsAtOnce = 2048;
  struct Look {
    bool found;
    size_t next;
  };
  size_t slot = 0;
  do {
    auto look = Ask<Look>(loop, [id, slot](Loop& asked) {
      size_t next = slot;
      ConnectionRecord* record = LoopLedger::Of(asked).Find(id, kSlotsAtOnce, &next);
      // Not from here: what the program does then is not to be waited for.
      if (record != nullptr)
        LoopLedger::Of(asked).EndLater(*record, CloseReason::Of(CloseCode::kControl));
      return Look{record != nullptr, next};
    });
    if (!look) return std::nullopt;
    if (look->found) return true;
    slot = look->next;
  } while (slot != 0);
  return false;
}

bool Request::Close() {
  uint64_t id = Number("connection", 0);
  if (id == 0) return Fail("ERR_CONTROL_PARAMETER", "close needs the number of a connection");
  bool asked_all = true;
  for (const Ledger::LoopEntry& loop : Ledger::Loops()) {
    auto found = EndAt(loop, id);
    if (!found) asked_all = false;
    if (found.value_or(false))
      return Result([&](JsonWriter& json) { json.Open('{').Member("closed", id).Close('}'); });
  }
  if (!asked_all)
    return Fail("ERR_CONTROL_STUCK", "a task that may have the connection does not answer");
  return Fail("ERR_CONTROL_CONNECTION", "there is no open connection " + std::to_string(id));
}

// The stack of a task that is busy; "" if it is not, or does nothing that has one.
bool Request::Stack() {
  auto task = js::Task::Find(static_cast<int>(Number("task", js::Task::kMainId)));
  if (!task) return Fail("ERR_CONTROL_TASK", "there is no such task");
  task->WantStack();
  std::string stack;
  for (auto waited = 0ms; stack.empty() && waited < kStackPatience; waited += 20ms) {
    std::this_thread::sleep_for(20ms);
    stack = task->TakeStack();
  }
  return Result([&](JsonWriter& json) { json.Open('{').Member("stack", stack).Close('}'); });
}

// The recorder's events, some hundreds a line.
bool Request::Dump() {
  uint64_t count = 0;
  std::string part;
  bool there = true;
  auto send = [&] {
    JsonWriter json;
    Begin(json).Key("part").Raw("[" + part + "]");
    part.clear();
    there = End(json);
    return there;
  };
  DumpEvents([&](std::string_view event) {
    if (!part.empty()) part += ',';
    part += event;
    return ++count % kEventsAtOnce != 0 || send();
  });
  if (!there || (!part.empty() && !send())) return false;
  return Result([&](JsonWriter& json) { json.Open('{').Member("count", count).Close('}'); });
}

// Captures until a limit, or the client is gone; what there is so far is told once a second.
bool Request::DoCapture() {
  CaptureOptions options;
  options.file = Parameter("file");
  options.records = Parameter("mode") == "records";
  options.max_bytes = Number("bytes", options.max_bytes);
  options.max_ms = Number("seconds", options.max_ms / 1000) * 1000;
  options.snap = static_cast<uint32_t>(
      std::min<uint64_t>(Number("snap", options.snap), CaptureOptions::kMostSnap));
  std::string peer = Parameter("peer");
  auto peers = AddressRange::Parse(peer);
  if (!options.file.starts_with('/'))
    return Fail("ERR_CONTROL_PARAMETER", "capture needs the absolute path of a new file");
  if (!peer.empty() && !peers)
    return Fail("ERR_CONTROL_PARAMETER", "'" + peer + "' is no IP address, and no range of them");
  options.wants = [peers, group = Parameter("group"),
                   id = Number("connection", 0)](const ConnectionInfo& info) {
    return (!peers || peers->Contains(info.peer)) && (group.empty() || info.group == group) &&
           (id == 0 || info.id == id);
  };
  auto reply = std::make_shared<Reply<CaptureNumbers>>();
  options.ended = [reply](const CaptureNumbers& numbers) { reply->Give(numbers); };
  Error error;
  grant::As operator_of_all({});  // who may ask here is no program
  auto capture = Capture::Start(std::move(options), &error);
  if (!capture) return Fail("ERR_CONTROL_CAPTURE", error.message());
  auto put = [](JsonWriter& json, const CaptureNumbers& numbers) {
    json.Open('{').Member("connections", numbers.connections);
    json.Member("packets", numbers.packets).Member("dropped", numbers.dropped);
    json.Member("bytes", numbers.bytes).Close('}');
  };
  std::optional<CaptureNumbers> numbers;
  while (!(numbers = reply->Wait(kStackPatience))) {
    JsonWriter json;
    Begin(json).Key("part").Open('[');
    put(json, capture->numbers());
    json.Close(']');
    if (!End(json)) capture->Stop();
  }
  if (numbers->error != 0)
    return Fail("ERR_CONTROL_CAPTURE",
                Error::System("write", numbers->error, Parameter("file")).message());
  return Result([&](JsonWriter& json) { put(json, *numbers); });
}

}  // namespace

bool Answer(std::string_view text, const std::function<bool(std::string_view)>& send) {
  auto members = ParseJson(text);
  JsonObject none;
  Request request(members ? *members : none, send);
  if (!members) return request.Fail("ERR_CONTROL_JSON", "a request is a line of JSON, an object");
  return request.Run();
}

}  // namespace sluice::control
