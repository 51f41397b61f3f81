#include "control/dashboard.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "base/json.h"
#include "control/ask.h"
#include "control/http.h"
#include "control/numbers.h"
#include "control/service.h"
#include "engine/task.h"
#include "ledger/json.h"
#include "sluice/ledger.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

using namespace std::chrono_literals;

constexpr size_t kShown = 10;              // connections of each kind
constexpr uint64_t kConnectionsMs = 5000;  // how old the list of connections may be
constexpr size_t kTokenBytes = 16;
constexpr std::string_view kHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action "
    "'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
    "Cache-Control: no-store\r\n";

std::string NewToken() {
  uint8_t bytes[kTokenBytes];
  if (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) return "";
  std::string token;
  for (uint8_t byte : bytes)
    for (int half : {byte >> 4, byte & 0xF}) token += "0123456789abcdef"[half];
  return token;
}

// In a time that does not tell where they differ.
bool Same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() != b.size();
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

// Whether a browser that sends this Host was pointed here, and not by a name that an attacker
// resolves to this address (DNS rebinding).
bool IsHost(std::string_view host, const Address& bound) {
  std::string port = ":" + std::to_string(bound.port());
  return host == bound.text() || host == "localhost" + port || host == "127.0.0.1" + port ||
         host == "[::1]" + port;
}

struct Extremes {
  std::vector<ConnectionInfo> largest;  // by bytes
  std::vector<ConnectionInfo> slowest;  // by how long what is queued has waited
};

uint64_t Size(const ConnectionInfo& info) {
  return info.bytes_in + info.bytes_out;
}

uint64_t WaitingSince(const ConnectionInfo& info) {
  return std::max(info.last_out_ms, info.opened_ms);
}

void Keep(std::vector<ConnectionInfo>* list, const ConnectionInfo& info, auto before) {
  list->insert(std::upper_bound(list->begin(), list->end(), info, before), info);
  if (list->size() > kShown) list->pop_back();
}

Extremes FindExtremes() {
  Extremes found;
  for (const Ledger::LoopEntry& loop : Ledger::Loops()) {
    // Those of a stuck task are left out; its state says so.
    (void)EachChunk(loop, false, [&](const std::vector<ConnectionInfo>& list) {
      for (const ConnectionInfo& info : list) {
        Keep(&found.largest, info, [](const auto& a, const auto& b) { return Size(a) > Size(b); });
        if (info.queued > 0)
          Keep(&found.slowest, info,
               [](const auto& a, const auto& b) { return WaitingSince(a) < WaitingSince(b); });
      }
      return true;
    });
  }
  return found;
}

// Feed makes what all pages are told, once a second at most.
class Feed {
 public:
  std::string Text() {
    std::lock_guard lock(mutex_);
    uint64_t now = sys::MonotonicMs();
    constexpr uint64_t kFreshMs = 900;
    if (text_.empty() || now - made_ms_ >= kFreshMs) {
      if (connections_.empty() || now - listed_ms_ >= kConnectionsMs) {
        connections_ = Connections();
        listed_ms_ = now;
      }
      text_ = Make();
      made_ms_ = now;
    }
    return text_;
  }

 private:
  static std::string Connections() {
    WallClock clock;
    Extremes found = FindExtremes();
    JsonWriter json;
    json.Open('{');
    auto put = [&](const char* key, const std::vector<ConnectionInfo>& list) {
      json.Key(key).Open('[');
      for (const ConnectionInfo& info : list) Put(json, info, clock);
      json.Close(']');
    };
    put("largest", found.largest);
    put("slowest", found.slowest);
    return json.Close('}').Take();
  }

  std::string Make() const {
    JsonWriter json;
    json.Open('{').Key("stats");
    PutStats(json);
    json.Key("turns").Open('[');
    for (int id : js::Task::List()) {
      auto task = js::Task::Find(id);
      if (!task) continue;
      HistogramNumbers turns = task->turns.Numbers();
      json.Open('{').Member("task", id).Member("busy", BusySeconds(*task)).Key("counts").Open('[');
      for (uint64_t count : turns.counts) json.Value(count);
      json.Close(']').Key("bounds").Open('[');
      for (double bound : turns.bounds) json.Value(bound);
      json.Close(']').Close('}');
    }
    json.Close(']').Key("restarts").Open('[');
    for (const auto& one : Ledger::RestartCounts())
      json.Open('{')
          .Member("group", one.group)
          .Member("member", one.member)
          .Member("reason", one.reason)
          .Member("count", one.count)
          .Close('}');
    json.Close(']').Key("connections").Raw(connections_);
    return json.Close('}').Take();
  }

  std::mutex mutex_;  // guards what follows
  std::string text_;
  std::string connections_;
  uint64_t made_ms_ = 0;
  uint64_t listed_ms_ = 0;
};

void SendEvents(int client, Feed& feed) {
  while (Send(client, "data: " + feed.Text() + "\n\n")) std::this_thread::sleep_for(1s);
}

struct Page {
  std::string token;
  Address bound;
  std::function<std::string_view(std::string_view)> file;
  Feed feed;
};

HttpAnswer Answer(const HttpRequest& request, const std::shared_ptr<Page>& page) {
  if (!IsHost(request.host, page->bound))
    return {"421 Misdirected Request", kPlainText, "this is another host\n"};
  std::string_view path = request.path;
  path.remove_prefix(std::min<size_t>(path.size(), 1));
  size_t slash = std::min(path.find('/'), path.size());
  if (!Same(path.substr(0, slash), page->token) || slash == path.size())
    return {"404 Not Found", kPlainText,
            "the address of the dashboard has a token, which the program printed\n"};
  std::string_view name = path.substr(slash + 1);
  if (name == "events")
    return {"200 OK", "text/event-stream", "", kHeaders,
            [page](int client) { SendEvents(client, page->feed); }};
  constexpr std::pair<std::string_view, std::string_view> kFiles[] = {
      {"page.html", "text/html; charset=utf-8"},
      {"app.js", "text/javascript; charset=utf-8"},
      {"style.css", "text/css; charset=utf-8"}};
  if (name.empty()) name = "page.html";
  for (const auto& [file, type] : kFiles)
    if (name == file) return {"200 OK", type, std::string(page->file(file)), kHeaders};
  return {"404 Not Found", kPlainText, "there is no such file\n"};
}

}  // namespace

std::string ServeDashboard(const Address& address,
                           std::function<std::string_view(std::string_view)> file, Error* error) {
  auto page = std::make_shared<Page>();
  page->token = NewToken();
  page->file = std::move(file);
  if (page->token.empty()) {
    *error = Error::System("getrandom", EAGAIN);
    return "";
  }
  int fd = ListenAt(grant::OwnAddress(address), &page->bound, error);
  if (fd < 0) return "";
  auto answer = [page](const HttpRequest& request) { return Answer(request, page); };
  if (!StartService(fd, Crowd::kWait, [answer](int client) { ServeHttp(client, answer); })) {
    *error = Error::System("listen", EAGAIN, address.text());
    sys::Close(fd);
    return "";
  }
  return "http://" + page->bound.text() + "/" + page->token + "/";
}

}  // namespace sluice::control
