// Hosts: their names, their end and their start again, links that are cut, and the faults that come
// by themselves.
#include <algorithm>
#include <cerrno>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr double kLeastOutage = 0.1, kMostOutage = 20;  // seconds
constexpr int64_t kMostJumpMs = 24 * 3600 * 1000;

// Picks an element for which fit is true; null where there is none.
template <class T, class Fit>
T* PickOf(const Vector<T*>& all, Random& random, Fit fit) {
  Vector<T*> fitting;
  for (T* one : all)
    if (fit(one)) fitting.push_back(one);
  return fitting.empty() ? nullptr : fitting[random.Below(fitting.size())];
}

Socket* PickConnection(Random& random) {
  Vector<Socket*> open;
  for (auto& [id, socket] : world->sockets)
    if (socket->state == State::kConnected && socket->peer == nullptr && !socket->orphan &&
        socket->local.port != 0 && !IsLoopback(socket->remote.ip))
      open.push_back(socket);
  return open.empty() ? nullptr : open[random.Below(open.size())];
}

uint64_t Outage(Random& random) {
  double at = random.Unit();
  double seconds = kLeastOutage + (kMostOutage - kLeastOutage) * at * at;
  return static_cast<uint64_t>(seconds * kSecond);
}

String NameOfFlow(const Socket* socket) {
  Host* peer = HostOf(socket->remote.ip);
  return socket->host->name + "-" + (peer != nullptr ? peer->name : String("?"));
}

void CutSomeLink(Fault fault) {
  Random& random = world->faults.random(fault);
  auto& hosts = world->hosts;
  if (hosts.size() < 2) return;
  Host* a = hosts[random.Below(hosts.size())];
  Host* b = hosts[random.Below(hosts.size())];
  uint64_t length = Outage(random);
  if (a == b || world->paths[{a->index, b->index}].cut) return;
  bool both = fault == Fault::kCut;
  String where = a->name + (both ? "-" : ">") + b->name;
  if (!world->faults.Note(fault, where)) return;
  world->paths[{a->index, b->index}].cut = true;
  if (both) world->paths[{b->index, a->index}].cut = true;
  Event heal{EventKind::kHeal};
  heal.host = a;
  heal.other = b;
  AddEvent(world->occasions, world->now + length, heal);
}

void EndSomeHost(Fault fault) {
  Random& random = world->faults.random(fault);
  Host* host = PickOf(world->hosts, random,
                      [](Host* one) { return one->state == HostState::kUp && one->restarts; });
  uint64_t length = Outage(random);
  if (host == nullptr || !world->faults.Note(fault, host->name)) return;
  Kill(host, fault == Fault::kCrash, length);
}

}  // namespace

Host* FindHost(std::string_view name) {
  for (Host* host : world->hosts)
    if (host->name == name) return host;
  return nullptr;
}

static String FreeName(std::string_view wished) {
  String name(wished);
  for (int number = 2; FindHost(name) != nullptr; ++number)
    name = String(wished) + String(std::to_string(number));
  return name;
}

Host* NewHost(std::string_view wished) {
  auto* host = Make<Host>();
  host->name = FreeName(wished);
  host->index = static_cast<int>(world->hosts.size());
  constexpr uint32_t kFirstIp = 0x0a000001;  // 10.0.0.1
  host->ip = kFirstIp + static_cast<uint32_t>(host->index);
  host->process = 100 + host->index;
  world->hosts.push_back(host);
  return host;
}

Host* HostOf(uint32_t ip) {
  if (ip == kNameServerIp) return NameServer();
  for (Host* host : world->hosts)
    if (host->ip == ip) return host;
  return nullptr;
}

void Stop(Host* host, bool power) {
  std::erase_if(world->threads, [&](Thread* thread) {
    if (thread->host != host) return false;
    thread->where = Thread::Where::kGone;
    return true;
  });
  host->state = power ? HostState::kDown : HostState::kEnded;
  for (size_t i = 0; i < host->files.size(); ++i) {
    File* file = host->files[i];
    host->files[i] = nullptr;
    if (file == nullptr) continue;
    if (power && file->kind == FileKind::kSocket) continue;
    LetGo(file);
  }
  host->files.clear();
  if (!power) return;
  Vector<Socket*> gone;
  for (auto& [id, socket] : world->sockets)
    if (socket->host == host) gone.push_back(socket);
  for (Socket* socket : gone) {
    socket->queue.clear();
    Forget(socket);
  }
  host->flows.clear();
  host->listeners.clear();
  host->receivers.clear();
  host->paths.clear();
}

void Kill(Host* host, bool power, uint64_t restart_after) {
  if (host->state != HostState::kUp) return;
  host->expected = true;
  Stop(host, power);
  world->wishes.push_back({Wish::Kind::kKill, host});
  if (restart_after == UINT64_MAX) return;
  host->state = HostState::kDown;
  Event start{EventKind::kStart};
  start.host = host;
  host->restart_at = AddEvent(world->events, world->now + restart_after, start);
}

void SetCut(Host* a, Host* b, bool cut) {
  world->paths[{a->index, b->index}].cut = cut;
  world->trace.Add(cut ? "cut" : "heal", "%s>%s", a->name.c_str(), b->name.c_str());
}

void RunHeal(const Event& event) {
  SetCut(event.host, event.other, false);
  SetCut(event.other, event.host, false);
}

void RunOccasion(const Event& event) {
  Fault fault = event.fault;
  Random& random = world->faults.random(fault);
  switch (fault) {
    case Fault::kReset:
    case Fault::kForget: {
      Socket* socket = PickConnection(random);
      if (socket == nullptr || !world->faults.Note(fault, NameOfFlow(socket))) break;
      if (fault == Fault::kReset) SendReset(socket);
      Break(socket, fault == Fault::kReset ? ECONNRESET : ETIMEDOUT);
      break;
    }
    case Fault::kEnd: {
      Socket* socket = PickConnection(random);
      if (socket == nullptr || socket->shut) break;
      if (random.Chance(0.5))
        socket->severing = true;
      else if (world->faults.Note(fault, NameOfFlow(socket)))
        Sever(socket, random);
      break;
    }
    case Fault::kCut:
    case Fault::kOneWay:
      CutSomeLink(fault);
      break;
    case Fault::kKill:
    case Fault::kCrash:
      EndSomeHost(fault);
      break;
    case Fault::kClock: {
      Host* host = PickOf(world->hosts, random, [](Host*) { return true; });
      auto jump = static_cast<int64_t>(random.Below(2 * kMostJumpMs)) - kMostJumpMs;
      if (world->faults.Note(fault, host->name)) host->clock_offset += jump;
      break;
    }
    case Fault::kTask: {
      Thread* thread =
          PickOf(world->threads, random, [](Thread* one) { return !one->main && !one->doomed; });
      if (thread == nullptr || !world->faults.Note(fault, thread->host->name)) break;
      thread->doomed = true;
      thread->deadline = world->now;
      break;
    }
    default:
      break;
  }
  if (world->faults.on) Occasion(fault);
}

// ---- require('sim')

void Claim(int kind, std::string_view name, bool held) {
  Check& check = world->checks[String(name)];
  check.kind = static_cast<Check::Kind>(kind);
  ++check.reached;
  if (held) ++check.held;
  const char* words[] = {"always", "sometimes", "reachable"};
  world->trace.Add("claim", "%s %s %.*s %s", self->host->name.c_str(), words[kind],
                   static_cast<int>(name.size()), name.data(), held ? "holds" : "does not hold");
  if (held || check.kind != Check::Kind::kAlways) return;
  Fail("always: " + std::string(name));
}

void Calm() {
  if (!world->faults.on) return;
  world->faults.on = false;
  world->trace.Add("calm", "no more faults");
  world->occasions.clear();
  for (auto& [ends, path] : world->paths) path.cut = false;
  for (Host* host : world->hosts) {
    if (host->state != HostState::kDown || host->restart_at == 0) continue;
    world->wishes.push_back({Wish::Kind::kStart, host});
  }
}

bool TakeDoom() {
  return std::exchange(self->doomed, false);
}

bool AddHost(std::string_view name, const std::vector<std::string>& arguments,
             const std::vector<std::pair<std::string, std::string>>& environment, bool restarts,
             bool must_end) {
  // A scenario leaves its name to a host.
  if (FindHost(name) == self->host) self->host->name = FreeName("scenario");
  if (FindHost(name) != nullptr) return false;
  Host* host = NewHost(name);
  for (const std::string& one : arguments) host->arguments.emplace_back(one);
  for (auto& [key, value] : environment) host->environment.emplace_back(key, value);
  host->restarts = restarts;
  host->must_end = must_end;
  self->host->restarts = false;  // who has hosts is the scenario
  world->wishes.push_back({Wish::Kind::kStart, host});
  return true;
}

bool KillHost(std::string_view name, bool power, int64_t restart_after_ms) {
  Host* host = FindHost(name);
  if (host == nullptr) return false;
  world->trace.Add(power ? "crash" : "kill", "%s", host->name.c_str());
  Kill(host, power,
       restart_after_ms < 0 ? UINT64_MAX : static_cast<uint64_t>(restart_after_ms) * kMs);
  return true;
}

// An end of a link is a host, or the name server.
static Host* FindEnd(std::string_view name) {
  Host* host = FindHost(name);
  return host == nullptr && name == kNameServerName ? NameServer() : host;
}

bool CutLink(std::string_view a, std::string_view b, bool cut, bool both) {
  Host *one = FindEnd(a), *other = FindEnd(b);
  if (one == nullptr || other == nullptr) return false;
  SetCut(one, other, cut);
  if (both) SetCut(other, one, cut);
  return true;
}

bool SetLink(std::string_view a, std::string_view b, double latency, double bandwidth,
             double loss) {
  Host *one = FindEnd(a), *other = FindEnd(b);
  if (one == nullptr || other == nullptr) return false;
  for (auto ends : {std::pair(one->index, other->index), std::pair(other->index, one->index)}) {
    Path& path = world->paths[ends];
    if (latency >= 0) path.latency = latency;
    if (bandwidth >= 0) path.bandwidth = bandwidth;
    if (loss >= 0) path.loss = loss;
  }
  return true;
}

}  // namespace sluice::sim
