// A TCP with windows, retransmission, half-close and resets, of packets that links carry or lose.
// What is lost is sent again from there on (go-back-N).
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr size_t kSegment = 16 * 1024;
constexpr uint64_t kLeastTimeout = 200 * kMs, kMostTimeout = 120 * kSecond;
constexpr uint64_t kSynTimeout = 1 * kSecond;
// Some 15 minutes and 2 minutes, as with Linux (tcp_retries2, tcp_syn_retries).
constexpr int kMostRetries = 15, kMostSyns = 6;
constexpr uint64_t kOrphanTime = 60 * kSecond;

void StopTimer(Socket* socket) {
  if (socket->timer.second != 0) world->events.erase(socket->timer);
  socket->timer = {};
}

// How long what is sent now waits behind what links carry already, both ways: as a real TCP learns
// it, so that it does not fill slow links with what is on its way.
uint64_t Waiting(const Socket* socket) {
  Host* other = HostOf(socket->remote.ip);
  if (other == nullptr || other == socket->host) return 0;
  uint64_t wait = 0;
  for (auto ends : {std::pair(socket->host->index, other->index),
                    std::pair(other->index, socket->host->index)}) {
    auto path = world->paths.find(ends);
    if (path != world->paths.end() && path->second.last_arrival > world->now)
      wait += path->second.last_arrival - world->now;
  }
  return wait;
}

void SetTimer(Socket* socket, uint64_t after) {
  StopTimer(socket);
  after += Waiting(socket);
  Event event{EventKind::kTimer};
  event.socket = socket->id;
  AddEvent(world->events, world->now + after, event, &socket->timer);
}

uint64_t FirstTimeout() {
  double trip = world->faults.level(Fault::kLatency) * 2 + world->faults.level(Fault::kSpread) * 2;
  return kLeastTimeout + static_cast<uint64_t>(trip * kMs);
}

Packet PacketOf(Socket* socket, uint8_t flags) {
  Packet packet;
  packet.from = socket->host;
  packet.source = socket->local;
  packet.target = socket->remote;
  packet.flags = flags;
  packet.sequence = socket->next;
  packet.acknowledged = socket->expected;
  size_t room = socket->in_limit - std::min(socket->in_limit, socket->in.size());
  socket->advertised = std::max(socket->advertised, socket->expected + room);
  packet.edge = socket->advertised;
  return packet;
}

void SendAck(Socket* socket) {
  Transmit(PacketOf(socket, Packet::kAck));
}

// Whether everything that was to be sent, the end included, is known to have arrived.
bool AllKnown(const Socket& socket) {
  return socket.una == socket.next && socket.out.empty() && (!socket.shut || socket.end_known);
}

void Acknowledge(Socket* socket, const Packet& packet) {
  socket->window_edge = std::max(socket->window_edge, packet.edge);
  uint64_t end = socket->una + socket->out.size();
  uint64_t highest = end + (socket->shut ? 1 : 0);
  if (packet.acknowledged > socket->una && packet.acknowledged <= highest) {
    bool all = packet.acknowledged > end;
    size_t bytes = static_cast<size_t>((all ? end : packet.acknowledged) - socket->una);
    socket->out.erase(0, bytes);
    socket->una = packet.acknowledged;
    socket->next = std::max(socket->next, socket->una);
    if (all) socket->end_known = socket->end_sent = true;
    socket->retries = 0;
    socket->timeout = FirstTimeout();
    StopTimer(socket);
    Changed(socket);
  } else if (packet.acknowledged == socket->una && packet.edge <= socket->una) {
    socket->retries = 0;  // it lives, and has no room
  }
}

void Accept(Socket* socket, Packet* packet) {
  uint64_t end = packet->sequence + packet->data.size();
  bool fin = (packet->flags & Packet::kFin) != 0;
  if (packet->data.empty() && !fin) return;
  if (socket->orphan && end > socket->expected && !packet->data.empty()) {
    SendReset(socket);  // nobody will read it
    Forget(socket);
    return;
  }
  if (packet->sequence <= socket->expected && !socket->ended) {
    size_t skip = static_cast<size_t>(socket->expected - packet->sequence);
    if (skip <= packet->data.size()) {
      size_t room = socket->in_limit - std::min(socket->in_limit, socket->in.size());
      size_t take = std::min(packet->data.size() - skip, room);
      socket->in.append(packet->data, skip, take);
      socket->expected += take;
      if (fin && socket->expected == end) {
        socket->ended = true;
        ++socket->expected;
      }
      Changed(socket);
    }
  }
  SendAck(socket);
}

void AnswerSyn(Host* host, Packet* packet) {
  Flow flow{packet->target, packet->source};
  if (auto known = host->flows.find(flow); known != host->flows.end()) {
    Transmit(PacketOf(known->second, Packet::kSyn | Packet::kAck));
    return;
  }
  auto found = host->listeners.find(packet->target.port);
  Vector<Socket*> fitting;
  if (found != host->listeners.end())
    for (Socket* one : found->second) {
      bool any = one->local.ip == 0 && !(one->only_v6 && packet->target.ip != kLoopback6) &&
                 !(one->family == AF_INET && packet->target.ip == kLoopback6);
      if (any || one->local.ip == packet->target.ip) fitting.push_back(one);
    }
  if (fitting.empty() || world->faults.Fires(Fault::kRefused, host->name)) {
    AnswerReset(host, *packet);
    return;
  }
  Socket* listener = fitting[fitting.size() == 1 ? 0 : world->random.Below(fitting.size())];
  if (listener->queue.size() > listener->backlog || world->faults.Fires(Fault::kQueue, host->name))
    return;  // the client asks again
  Socket* made = NewSocket(host, SOCK_STREAM, listener->family);
  made->local = packet->target;
  made->remote = packet->source;
  made->state = State::kConnected;
  made->window_edge = packet->edge;
  host->flows.emplace(flow, made);
  listener->queue.push_back(made);
  Changed(listener);
  Transmit(PacketOf(made, Packet::kSyn | Packet::kAck));
}

void OnReset(Socket* socket) {
  // What came after both ends (TIME_WAIT) takes nothing from who has not read yet.
  if (socket->shut && socket->ended && AllKnown(*socket)) return;
  if (socket->orphan)
    Forget(socket);
  else
    Break(socket, socket->state == State::kConnecting ? ECONNREFUSED
                  : socket->ended                     ? EPIPE
                                                      : ECONNRESET);
}

}  // namespace

// What a packet is answered that belongs to nobody.
void AnswerReset(Host* host, const Packet& packet) {
  Packet reset;
  reset.from = host;
  reset.source = packet.target;
  reset.target = packet.source;
  reset.flags = Packet::kReset | (packet.flags & Packet::kDatagram);
  Transmit(std::move(reset));
}

void SendSyn(Socket* socket) {
  Transmit(PacketOf(socket, Packet::kSyn));
  SetTimer(socket, kSynTimeout << socket->retries);
}

void SendReset(Socket* socket) {
  Packet packet = PacketOf(socket, Packet::kReset);
  Transmit(std::move(packet));
}

// Sends what the window has room for.
void Pump(Socket* socket) {
  if (socket->state != State::kConnected || socket->peer != nullptr || socket->local.port == 0)
    return;
  while (!socket->end_sent || socket->next < socket->una + socket->out.size()) {
    auto sent = static_cast<size_t>(socket->next - socket->una);
    size_t waiting = socket->out.size() - std::min(sent, socket->out.size());
    size_t room = socket->window_edge > socket->next
                      ? static_cast<size_t>(socket->window_edge - socket->next)
                      : 0;
    size_t size = std::min({waiting, room, kSegment});
    if (size > 1 && world->faults.random(Fault::kSplit).Chance(world->faults.level(Fault::kSplit)))
      size = 1 + world->faults.random(Fault::kSplit).Below(std::min<size_t>(size - 1, 512));
    bool end = socket->shut && size == waiting;
    if (size == 0 && !end) break;
    Packet packet = PacketOf(socket, Packet::kAck);
    packet.data = socket->out.substr(sent, size);
    socket->next += size;
    if (end) {
      packet.flags |= Packet::kFin;
      socket->end_sent = true;
      ++socket->next;
    }
    Transmit(std::move(packet));
  }
  if (!AllKnown(*socket) && socket->timer.second == 0) SetTimer(socket, socket->timeout);
}

void OnTimer(Socket* socket) {
  socket->timer = {};
  ++socket->retries;
  if (socket->state == State::kConnecting) {
    if (socket->retries > kMostSyns)
      Break(socket, ETIMEDOUT);
    else
      SendSyn(socket);
    return;
  }
  if (socket->orphan && AllKnown(*socket)) {
    Forget(socket);
    return;
  }
  if (socket->retries > kMostRetries) {
    if (socket->orphan)
      Forget(socket);
    else
      Break(socket, ETIMEDOUT);
    return;
  }
  socket->timeout = std::min(socket->timeout * 2, kMostTimeout);
  socket->next = socket->una;
  socket->end_sent = false;
  if (socket->window_edge <= socket->una && !socket->out.empty()) {  // is there room by now?
    Packet probe = PacketOf(socket, Packet::kAck);
    probe.data = socket->out.substr(0, 1);
    Transmit(std::move(probe));
  }
  Pump(socket);
  if (socket->timer.second == 0) SetTimer(socket, socket->timeout);
}

void AfterRead(Socket* socket) {
  if (socket->state != State::kConnected || socket->ended) return;
  uint64_t edge = socket->expected + socket->in_limit - socket->in.size();
  if (edge >= socket->advertised + std::max<size_t>(socket->in_limit / 2, 1)) SendAck(socket);
}

void EndOrphan(Socket* socket) {
  if (!socket->orphan || !AllKnown(*socket)) return;
  if (socket->ended)
    Forget(socket);
  else if (socket->timer.second == 0)
    SetTimer(socket, kOrphanTime);
}

// The connection ends with an error; what arrived before stays readable.
void Break(Socket* socket, int error) {
  world->trace.Add("break", "%s #%u errno %d", socket->host->name.c_str(), socket->id, error);
  StopTimer(socket);
  socket->host->flows.erase(Flow{socket->local, socket->remote});
  socket->error = error;
  socket->state = State::kClosed;
  socket->out.clear();
  socket->shut = socket->ended = true;
  Changed(socket);
}

void Sever(Socket* socket, Random& random) {
  Socket* ends[] = {socket, nullptr};
  if (Host* other = HostOf(socket->remote.ip)) {
    auto found = other->flows.find(Flow{socket->remote, socket->local});
    if (found != other->flows.end()) ends[1] = found->second;
  }
  for (Socket* end : ends) {
    if (end == nullptr || end->state != State::kConnected || end->shut) continue;
    auto sent = static_cast<size_t>(end->next - end->una);
    size_t waiting = end->out.size() - std::min(sent, end->out.size());
    end->out.resize(end->out.size() - random.Below(waiting + 1));
    end->shut = true;
    Changed(end);
    Pump(end);
  }
}

// The socket is gone without a word.
void Forget(Socket* socket) {
  StopTimer(socket);
  auto flow = socket->host->flows.find(Flow{socket->local, socket->remote});
  if (flow != socket->host->flows.end() && flow->second == socket) socket->host->flows.erase(flow);
  world->sockets.erase(socket->id);
  Destroy(socket);
}

void ArriveAt(Host* host, Packet* packet) {
  if ((packet->flags & Packet::kDatagram) != 0) {
    ReceiveDatagram(host, *packet);
    return;
  }
  auto found = host->flows.find(Flow{packet->target, packet->source});
  Socket* socket = found != host->flows.end() ? found->second : nullptr;
  if ((packet->flags & Packet::kReset) != 0) {
    if (socket != nullptr) OnReset(socket);
    return;
  }
  if ((packet->flags & (Packet::kSyn | Packet::kAck)) == Packet::kSyn) {
    AnswerSyn(host, packet);
    return;
  }
  if (socket == nullptr) {
    AnswerReset(host, *packet);
    return;
  }
  if (socket->state == State::kConnecting) {
    if ((packet->flags & Packet::kSyn) == 0) return;
    socket->state = State::kConnected;
    socket->retries = 0;
    StopTimer(socket);
    Changed(socket);
  }
  uint32_t id = socket->id;
  Acknowledge(socket, *packet);
  Accept(socket, packet);
  if (world->sockets.find(id) == world->sockets.end()) return;
  if (host == world->name_server && !socket->orphan) {
    AnswerStream(socket);
    return;
  }
  Pump(socket);
  EndOrphan(socket);
}

}  // namespace sluice::sim
