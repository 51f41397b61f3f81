// Names of hosts: lookups of the system, and the name server that answers questions by UDP and TCP
// (RFC 1035).
#include <netdb.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "sim/calls.h"
#include "sim/point.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr uint16_t kPort = 53;
constexpr size_t kHeader = 12, kMostDatagram = 512, kMostStream = 65535;
constexpr uint8_t kResponse = 0x80, kTruncated = 0x02, kAuthoritative = 0x04;
constexpr uint8_t kRecursive = 0x80;
enum Code : uint8_t { kOk = 0, kFormat = 1, kServerFailed = 2, kNoName = 3, kNotImplemented = 4 };
enum Type : uint16_t { kA = 1, kPtr = 12, kOpt = 41, kAny = 255 };
constexpr uint16_t kInternet = 1;
constexpr uint32_t kTtl = 60;  // seconds

String Lower(std::string_view name) {
  String lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// The addresses of a name, in an order that the seed picks.
Vector<uint32_t> AddressesOf(std::string_view name) {
  Vector<uint32_t> found;
  String lower = Lower(name);
  for (Host* host : world->hosts)
    if (Lower(host->name) == lower) found.push_back(host->ip);
  auto alias = world->names.find(lower);
  if (alias != world->names.end())
    for (Host* host : alias->second) found.push_back(host->ip);
  for (size_t i = found.size(); i > 1; --i) std::swap(found[i - 1], found[world->random.Below(i)]);
  return found;
}

// What names of the addresses of hosts look like: 1.0.0.10.in-addr.arpa
Host* HostOfReverse(const String& name) {
  unsigned a, b, c, d;
  int used = 0;
  if (std::sscanf(name.c_str(), "%u.%u.%u.%u.in-addr.arpa%n", &a, &b, &c, &d, &used) != 4 ||
      static_cast<size_t>(used) != name.size() || a > 255 || b > 255 || c > 255 || d > 255)
    return nullptr;
  return HostOf(d << 24 | c << 16 | b << 8 | a);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  uint16_t Number() {
    uint16_t high = Byte(), low = Byte();
    return static_cast<uint16_t>(high << 8 | low);
  }
  std::string Name() {
    std::string name;
    for (uint8_t size = Byte(); size != 0 && ok; size = Byte()) {
      if (size > 63 || at + size > bytes_.size()) ok = false;  // questions have no pointers
      if (!ok) break;
      name += std::string(name.empty() ? "" : ".") + std::string(bytes_.substr(at, size));
      at += size;
    }
    return name;
  }
  uint8_t Byte() {
    if (at >= bytes_.size()) ok = false;
    return ok ? static_cast<uint8_t>(bytes_[at++]) : 0;
  }

  size_t at = 0;
  bool ok = true;

 private:
  std::string_view bytes_;
};

void Put(String& out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

// A record of the name of the question.
void PutRecord(String& out, uint16_t type, const String& data) {
  Put(out, 0xc000 | kHeader, 2);
  Put(out, type, 2);
  Put(out, kInternet, 2);
  Put(out, kTtl, 4);
  Put(out, data.size(), 2);
  out += data;
}

String NameBytes(std::string_view name) {
  String bytes;
  while (!name.empty()) {
    std::string_view label = name.substr(0, std::min(name.find('.'), size_t{63}));
    Put(bytes, label.size(), 1);
    bytes += label;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  Put(bytes, 0, 1);
  return bytes;
}

struct Answers {
  Code code = kOk;
  uint16_t count = 0;
  String records;
};

Answers Find(const std::string& name, uint16_t type, std::string_view who) {
  Answers answers;
  if (world->faults.Fires(Fault::kName, who)) {
    answers.code = kServerFailed;
    return answers;
  }
  Vector<uint32_t> addresses = AddressesOf(name);
  Host* reverse = HostOfReverse(Lower(name));
  if (addresses.empty() && reverse == nullptr) answers.code = kNoName;
  if (type == kA || type == kAny)
    for (uint32_t ip : addresses) {
      String data;
      Put(data, ip, 4);
      PutRecord(answers.records, kA, data);
      ++answers.count;
    }
  if (reverse != nullptr && (type == kPtr || type == kAny)) {
    PutRecord(answers.records, kPtr, NameBytes(reverse->name));
    ++answers.count;
  }
  return answers;
}

// The answer to a question; "" to what is none. Nothing of it is longer than most, or than what the
// question says by an OPT record (RFC 6891).
String Answer(std::string_view question, size_t most, std::string_view who) {
  Reader read(question);
  uint16_t id = read.Number();
  uint8_t flags = read.Byte();
  (void)read.Byte();
  uint16_t questions = read.Number();
  read.at = kHeader;
  if ((flags & kResponse) != 0 || question.size() < kHeader) return {};
  std::string name = read.Name();
  uint16_t type = read.Number(), kind = read.Number();
  size_t end = read.at;
  Answers answers;
  if (questions != 1 || !read.ok)
    answers.code = kFormat;
  else if ((flags & 0x78) != 0 || kind != kInternet)
    answers.code = kNotImplemented;
  else
    answers = Find(name, type, who);
  if (read.ok && read.Byte() == 0 && read.Number() == kOpt)
    most = std::max<size_t>(most, read.Number());
  world->trace.Add("name", "%.*s asks for %s type %u: code %u, %u answers",
                   static_cast<int>(who.size()), who.data(), name.c_str(), type, answers.code,
                   answers.count);
  bool fits = end + answers.records.size() <= most;
  String out;
  Put(out, id, 2);
  Put(out, (flags & 0x01u) | kResponse | kAuthoritative | (fits ? 0u : kTruncated), 1);
  Put(out, kRecursive | answers.code, 1);
  Put(out, answers.code == kFormat ? 0 : 1, 2);
  Put(out, fits ? answers.count : 0, 2);
  Put(out, 0, 4);
  if (answers.code != kFormat) out += question.substr(kHeader, end - kHeader);
  if (fits) out += answers.records;
  return out;
}

uint64_t Delay() {
  double delay =
      world->faults.level(Fault::kNameDelay) * world->faults.random(Fault::kNameDelay).Unit();
  return static_cast<uint64_t>(delay);
}

}  // namespace

Host* NameServer() {
  if (world->name_server == nullptr) {
    auto* host = Make<Host>();
    host->name = kNameServerName;
    host->index = -1;
    host->ip = kNameServerIp;
    host->state = HostState::kUp;
    world->name_server = host;
    Socket* listener = NewSocket(host, SOCK_STREAM, AF_INET);
    listener->local = {0, kPort};
    listener->state = State::kListening;
    listener->backlog = SIZE_MAX;
    host->listeners[kPort].push_back(listener);
  }
  return world->name_server;
}

void AnswerDatagram(const Packet& packet) {
  if (packet.target.port != kPort) return;
  String answer = Answer(packet.data, kMostDatagram, packet.from->name);
  if (answer.empty()) return;
  auto* reply = Make<Packet>();
  reply->from = NameServer();
  reply->source = packet.target;
  reply->target = packet.source;
  reply->flags = Packet::kDatagram;
  reply->data = answer;
  Event event{EventKind::kDeparture};
  event.packet = reply;
  AddEvent(world->events, world->now + Delay() * kMs, event);
}

void AnswerStream(Socket* socket) {
  for (Socket* listener : NameServer()->listeners[kPort]) std::erase(listener->queue, socket);
  while (socket->in.size() >= 2) {
    size_t size = Reader(socket->in).Number();
    if (socket->in.size() < 2 + size) break;
    Host* peer = HostOf(socket->remote.ip);
    std::string_view question = std::string_view(socket->in).substr(2, size);
    String answer = Answer(question, kMostStream, peer != nullptr ? peer->name : String("?"));
    Put(socket->out, answer.size(), 2);
    socket->out += answer;
    socket->in.erase(0, 2 + size);
  }
  if (socket->ended) socket->in.clear();
  Pump(socket);
  if (socket->ended) CloseStream(socket);
}

int Lookup(const std::string& name, int family, std::vector<Address>* addresses) {
  world->name_delay += Delay();
  if (auto literal = Address::Ip(name, 0)) {
    if (family != AF_UNSPEC && family != literal->family()) return EAI_ADDRFAMILY;
    addresses->push_back(*literal);
    return 0;
  }
  if (name == "localhost") {
    addresses->push_back(family == AF_INET6 ? *Address::Ip("::1", 0) : Ip4(kLoopback4, 0));
    return 0;
  }
  if (world->faults.Fires(Fault::kName, self->host->name)) return EAI_AGAIN;
  Vector<uint32_t> found = AddressesOf(name);
  world->trace.Add("name", "%s asks for %s: %s", self->host->name.c_str(), name.c_str(),
                   found.empty() ? "none" : "found");
  if (found.empty() || family == AF_INET6) return EAI_NONAME;
  for (uint32_t ip : found) addresses->push_back(Ip4(ip, 0));
  return 0;
}

std::string NameOfAddress(const Address& address) {
  Point point = PointOf(address);
  if (IsLoopback(point.ip)) return "localhost";
  Host* host = HostOf(point.ip);
  return host != nullptr ? std::string(host->name) : "";
}

bool AddName(std::string_view name, std::string_view host_name) {
  Host* host = FindHost(host_name);
  if (host != nullptr) world->names[Lower(name)].push_back(host);
  return host != nullptr;
}

}  // namespace sluice::sim
