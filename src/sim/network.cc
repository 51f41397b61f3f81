// Links between hosts: what a packet takes, and what becomes of it.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {

namespace {

constexpr size_t kBuffers[] = {64 * 1024, 128 * 1024, 256 * 1024};
constexpr size_t kSlowBuffer = 2 * 1024;
constexpr size_t kDatagramsWaiting = 64;
constexpr size_t kHeaderOfPacket = 40;  // bytes of each packet beside its data

const char* KindOf(const Packet& packet) {
  if ((packet.flags & Packet::kDatagram) != 0) return "datagram";
  if ((packet.flags & Packet::kReset) != 0) return "RST";
  if ((packet.flags & Packet::kSyn) != 0)
    return (packet.flags & Packet::kAck) != 0 ? "SYN-ACK" : "SYN";
  if ((packet.flags & Packet::kFin) != 0) return "FIN";
  return packet.data.empty() ? "ACK" : "data";
}

void Tell(const char* what, const Packet& packet, const Host* to) {
  world->trace.Add(what, "%s:%u>%s:%u %s seq=%llu ack=%llu %zu #%08x", packet.from->name.c_str(),
                   packet.source.port, to->name.c_str(), packet.target.port, KindOf(packet),
                   static_cast<unsigned long long>(packet.sequence),
                   static_cast<unsigned long long>(packet.acknowledged), packet.data.size(),
                   Trace::Digest(packet.data.data(), packet.data.size()));
}

// The ns that a packet takes over a path.
uint64_t Flight(Path& path, size_t size) {
  Faults& faults = world->faults;
  double latency = path.latency >= 0 ? path.latency : faults.level(Fault::kLatency);
  double spread = faults.level(Fault::kSpread) * faults.random(Fault::kSpread).Unit();
  double bandwidth = path.bandwidth >= 0 ? path.bandwidth : faults.level(Fault::kBandwidth);
  uint64_t start = std::max(world->now, path.busy_until);
  if (bandwidth > 0) {
    start +=
        static_cast<uint64_t>(static_cast<double>(size + kHeaderOfPacket) / bandwidth * kSecond);
    path.busy_until = start;
  }
  uint64_t arrival = start + static_cast<uint64_t>((latency + spread) * kMs);
  // A path keeps the order.
  arrival = std::max(arrival, path.last_arrival + 1);
  path.last_arrival = arrival;
  return arrival;
}

Socket* ReceiverOf(Host* host, const Packet& packet) {
  auto found = host->receivers.find(packet.target.port);
  if (found == host->receivers.end()) return nullptr;
  for (Socket* socket : found->second) {
    if (socket->local.ip != 0 && socket->local.ip != packet.target.ip) continue;
    if (socket->remote.port != 0 && socket->remote != packet.source) continue;
    return socket;
  }
  return nullptr;
}

void Refuse(const Packet& packet) {
  auto found = packet.from->flows.find(Flow{packet.source, packet.target});
  if (found != packet.from->flows.end() && found->second->state == State::kConnecting)
    Break(found->second, ENETUNREACH);
}

}  // namespace

void Transmit(Packet packet) {
  Host* from = packet.from;
  Host* to = IsLoopback(packet.target.ip) ? from : HostOf(packet.target.ip);
  Event event{EventKind::kArrival};
  if (to == nullptr) {
    Refuse(packet);
    return;
  }
  uint64_t arrival;
  if (to == from) {
    Path& path = world->paths[{from->index, from->index}];
    arrival = std::max(world->now + 10 * kUs, path.last_arrival + 1);
    path.last_arrival = arrival;
  } else {
    Path& path = world->paths[{from->index, to->index}];
    arrival = Flight(path, packet.data.size());
    double loss = path.loss >= 0 ? path.loss : world->faults.level(Fault::kLoss);
    if (path.cut || (world->faults.random(Fault::kLoss).Chance(loss) &&
                     world->faults.Note(Fault::kLoss, to->name))) {
      Tell("lost", packet, to);
      return;
    }
  }
  Tell("sent", packet, to);
  event.host = to;
  event.packet = Make<Packet>(std::move(packet));
  AddEvent(world->events, arrival, event);
}

void Arrive(Packet* packet) {
  Host* to = IsLoopback(packet->target.ip) ? packet->from : HostOf(packet->target.ip);
  bool cut = to != packet->from && world->paths[{packet->from->index, to->index}].cut;
  if (cut || to->state == HostState::kDown) {
    Tell("lost", *packet, to);
    return;
  }
  Tell("here", *packet, to);
  ArriveAt(to, packet);
}

Socket* NewSocket(Host* host, int type, int family) {
  auto* socket = Make<Socket>(host, type, family);
  socket->id = ++world->last_socket;
  Random& random = world->random;
  socket->out_limit = kBuffers[random.Below(std::size(kBuffers))];
  socket->in_limit = kBuffers[random.Below(std::size(kBuffers))];
  if (type == SOCK_STREAM && world->faults.Fires(Fault::kSlow, host->name))
    socket->in_limit = kSlowBuffer;
  socket->timeout = 200 * kMs;
  world->sockets.emplace(socket->id, socket);
  return socket;
}

void ReceiveDatagram(Host* host, const Packet& packet) {
  if (host == world->name_server) {
    AnswerDatagram(packet);
    return;
  }
  bool refused = (packet.flags & Packet::kReset) != 0;
  if (Socket* socket = ReceiverOf(host, packet)) {
    if (refused && socket->remote == packet.source)
      socket->error = ECONNREFUSED;
    else if (!refused && socket->datagrams.size() < kDatagramsWaiting)
      socket->datagrams.push_back({packet.source, packet.data});
    Changed(socket);
    return;
  }
  // Who has connected the socket that it came from hears that nobody is here, as by ICMP.
  if (!refused) AnswerReset(host, packet);
}

}  // namespace sluice::sim
