#include "control/requests.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

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
#include "ledger/peer_filter.h"
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

  bool Run();
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
  // Check has looked at it.
  uint64_t Number(std::string_view name, uint64_t otherwise) const {
    std::string text = Parameter(name);
    return text.empty() ? otherwise : *Digits(text);
  }
  static std::optional<uint64_t> Digits(std::string_view text) {
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  // What a method takes: texts of any kind, or numbers in a range.
  struct Taken {
    std::string_view name;
    uint64_t least = 0;
    uint64_t most = 0;  // 0: a text
  };
  struct Method {
    std::string_view name;
    bool (Request::*run)();
    std::vector<Taken> takes;
  };
  static const std::vector<Method>& Methods();
  // Check returns what is wrong with the parameters, "" for nothing.
  std::string Check(const Method& method) const;
  bool Wrong(std::string_view name, std::string_view expected) {
    return Fail("ERR_CONTROL_PARAMETER", std::string(name) + " must be " + std::string(expected) +
                                             ", not '" + Parameter(name) + "'");
  }

  bool Info();
  bool Stats();
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
  CloseCode code_ = CloseCode::kNone;
  std::optional<PeerFilter> peers_;
};

const std::vector<Request::Method>& Request::Methods() {
  constexpr uint64_t kMostSeconds = 1'000'000'000;
  constexpr uint64_t kMostTime = 2'000'000;           // of a capture, in seconds
  constexpr uint64_t kMostNumber = (1ULL << 53) - 1;  // that JavaScript knows
  constexpr uint64_t kLeastSnap = 64;
  static const auto* methods = new std::vector<Method>{
      {"info", &Request::Info, {}},
      {"stats", &Request::Stats, {}},
      {"sess",
       &Request::Sessions,
       {{"older", 0, kMostSeconds},
        {"limit", 0, kMostNumber},
        {"peer"},
        {"group"},
        {"code"},
        {"closed"}}},
      {"close", &Request::Close, {{"connection", 1, kMostNumber}}},
      {"stack", &Request::Stack, {{"task", 1, INT32_MAX}}},
      {"dump", &Request::Dump, {}},
      {"capture",
       &Request::DoCapture,
       {{"file"},
        {"mode"},
        {"peer"},
        {"group"},
        {"connection", 1, kMostNumber},
        {"seconds", 1, kMostTime},
        {"bytes", 1, kMostNumber},
        {"snap", kLeastSnap, CaptureOptions::kMostSnap}}},
  };
  return *methods;
}

// The names of methods or parameters, for people.
std::string NamesOf(const auto& list) {
  std::string names;
  for (const auto& one : list) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return names;
}

bool Request::Run() {
  std::string name = Text("method");
  for (const Method& method : Methods()) {
    if (method.name != name) continue;
    std::string wrong = Check(method);
    return wrong.empty() ? (this->*method.run)() : Fail("ERR_CONTROL_PARAMETER", wrong);
  }
  return Fail("ERR_CONTROL_METHOD",
              "there is no method '" + name + "'; there are " + NamesOf(Methods()));
}

std::string Request::Check(const Method& method) const {
  constexpr std::string_view kPrefix = "params.";
  for (const auto& [key, value] : members_) {
    if (!key.starts_with(kPrefix)) continue;
    std::string_view name = std::string_view(key).substr(kPrefix.size());
    auto taken = std::find_if(method.takes.begin(), method.takes.end(),
                              [&](const Taken& one) { return one.name == name; });
    if (taken == method.takes.end()) {
      std::string names = NamesOf(method.takes);
      return std::string(method.name) + " has no parameter '" + std::string(name) + "'; there " +
             (names.empty() ? "is none" : "are " + names);
    }
    if (taken->most == 0) continue;
    auto number = Digits(value);
    if (!number || *number < taken->least || *number > taken->most)
      return std::string(name) + " must be a number from " + std::to_string(taken->least) + " to " +
             std::to_string(taken->most) + ", not '" + value + "'";
  }
  return "";
}

bool Request::Info() {
  return Result([](JsonWriter& json) { PutProcess(json); });
}

bool Request::Stats() {
  return Result([](JsonWriter& json) { PutStats(json); });
}

bool Request::Fits(const ConnectionInfo& info) const {
  std::string group = Parameter("group");
  if (!group.empty() && info.group != group) return false;
  if (code_ != CloseCode::kNone && info.reason.code != code_) return false;
  if (peers_ && !peers_->Fits(info)) return false;
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
    peers_ = PeerFilter::Parse(peer);
    if (!peers_) return Wrong("peer", PeerFilter::kExpected);
  }
  if (std::string code = Parameter("code"); !code.empty()) {
    code_ = CloseCodeOf(code);
    if (code_ == CloseCode::kNone) {
      std::string names;
      for (size_t i = 1; i < kCloseCodes; ++i)
        names += (i > 1 ? ", " : "") + std::string(Name(static_cast<CloseCode>(i)));
      return Wrong("code", "one of " + names);
    }
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
  std::string mode = Parameter("mode");
  if (!mode.empty() && mode != "plain" && mode != "records")
    return Wrong("mode", "plain or records");
  options.records = mode == "records";
  options.max_bytes = Number("bytes", options.max_bytes);
  options.max_ms = Number("seconds", options.max_ms / 1000) * 1000;
  options.snap = static_cast<uint32_t>(Number("snap", options.snap));
  std::string peer = Parameter("peer");
  auto peers = AddressRange::Parse(peer);
  if (!options.file.starts_with('/'))
    return Fail("ERR_CONTROL_PARAMETER", "capture needs the absolute path of a new file");
  if (!peer.empty() && !peers)
    return Wrong("peer", "an IP address, or a range of them as 10.0.0.0/8");
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
