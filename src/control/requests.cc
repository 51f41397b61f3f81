#include "control/requests.h"

#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/json.h"
#include "base/json_parser.h"
#include "control/numbers.h"
#include "engine/task.h"
#include "ledger/event_json.h"
#include "ledger/json.h"
#include "sluice/ledger.h"

namespace sluice::control {
namespace {

using Send = std::function<bool(std::string_view)>;
using namespace std::chrono_literals;

constexpr size_t kAtOnce = 256;    // snapshots of a turn of a loop
constexpr auto kPatience = 250ms;  // for a task that is asked; then it counts as stuck
constexpr auto kStackPatience = 1000ms;

// The reply of a loop, which may come when nobody waits any more.
template <class T>
class Reply {
 public:
  void Give(T value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
    given_.notify_one();
  }
  std::optional<T> Wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    given_.wait_for(lock, patience, [this] { return value_.has_value(); });
    return std::move(value_);
  }

 private:
  std::mutex mutex_;  // guards value_
  std::condition_variable given_;
  std::optional<T> value_;
};

// Ask runs question on the loop's thread; nothing if the loop does not turn in time, or is gone.
template <class T>
std::optional<T> Ask(const Ledger::LoopEntry& loop, std::function<T(Loop&)> question) {
  auto reply = std::make_shared<Reply<T>>();
  bool posted = loop.mailbox->Post(
      [reply, question = std::move(question)] { reply->Give(question(*Loop::Current())); });
  return posted ? reply->Wait(kPatience) : std::nullopt;
}

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
    return Fail("ERR_CONTROL_METHOD", "there is no method '" + method +
                                          "'; there are info, stats, sess, close, stack, dump");
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
      size_t place = 0;
      do {
        struct Chunk {
          std::vector<ConnectionInfo> list;
          size_t next = 0;
        };
        auto chunk = Ask<Chunk>(loop, [place](Loop& asked) {
          Chunk found;
          found.next = Ledger::List(asked, place, kAtOnce, true, &found.list);
          return found;
        });
        if (!chunk) {
          stuck.push_back(loop.task);
          break;
        }
        if (!Part(chunk->list, &count)) return false;
        place = chunk->next;
      } while (place != 0 && count < limit_);
    }
  }
  return Result([&](JsonWriter& json) {
    json.Open('{').Member("count", count).Key("stuck").Open('[');
    for (int task : stuck) json.Value(task);
    json.Close(']').Close('}');
  });
}

bool Request::Close() {
  uint64_t id = Number("connection", 0);
  if (id == 0) return Fail("ERR_CONTROL_PARAMETER", "close needs the number of a connection");
  bool asked_all = true;
  for (const Ledger::LoopEntry& loop : Ledger::Loops()) {
    auto found = Ask<bool>(loop, [id](Loop& asked) {
      ConnectionRecord* record = Ledger::Find(asked, id);
      if (record == nullptr) return false;
      record->End(CloseReason::Of(CloseCode::kControl));
      return true;
    });
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
    return ++count % kAtOnce != 0 || send();
  });
  if (!there || (!part.empty() && !send())) return false;
  return Result([&](JsonWriter& json) { json.Open('{').Member("count", count).Close('}'); });
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
