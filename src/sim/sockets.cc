// The calls of sockets.
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "sim/calls.h"
#include "sim/point.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr int kMostBacklog = 4096;
constexpr size_t kMostSent = 256 * 1024;  // by one call: as much as a socket holds

Socket* SocketAt(int fd, int* error) {
  File* file = Find(fd);
  *error = file == nullptr ? -EBADF : file->kind != FileKind::kSocket ? -ENOTSOCK : 0;
  return *error == 0 ? static_cast<Socket*>(file) : nullptr;
}

size_t OpenFiles() {
  auto& files = self->host->files;
  return files.size() - static_cast<size_t>(std::count(files.begin(), files.end(), nullptr));
}

// 0, or -EMFILE where the host has no descriptor left.
int MayOpen() {
  if (OpenFiles() >= self->host->limit || world->faults.Fires(Fault::kDescriptor, self->host->name))
    return -EMFILE;
  return 0;
}

auto& Ports(Socket* socket) {
  return socket->type == SOCK_STREAM ? socket->host->listeners : socket->host->receivers;
}

bool IsTaken(Socket* socket, Point at) {
  auto found = Ports(socket).find(at.port);
  if (found == Ports(socket).end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](Socket* other) {
    if (other == socket || (other->reuse_port && socket->reuse_port)) return false;
    return other->local.ip == at.ip || other->local.ip == 0 || at.ip == 0;
  });
}

uint16_t FreePort(Socket* socket) {
  Host* host = socket->host;
  for (;;) {
    uint16_t port = host->next_port++;
    if (host->next_port >= 61000) host->next_port = 32768;
    bool used = host->listeners.count(port) != 0 || host->receivers.count(port) != 0;
    if (!used) return port;
  }
}

void Unlist(Socket* socket) {
  for (auto* map : {&socket->host->listeners, &socket->host->receivers}) {
    auto found = map->find(socket->local.port);
    if (found == map->end()) continue;
    std::erase(found->second, socket);
    if (found->second.empty()) map->erase(found);
  }
}

void BindSome(Socket* socket, uint32_t ip) {
  socket->local = {ip, FreePort(socket)};
  socket->bound = true;
  if (socket->type == SOCK_DGRAM) socket->host->receivers[socket->local.port].push_back(socket);
}

size_t Room(const Socket& socket) {
  const Socket& holder = socket.peer != nullptr ? *socket.peer : socket;
  size_t used = socket.peer != nullptr ? holder.in.size() : holder.out.size();
  size_t limit = socket.peer != nullptr ? holder.in_limit : holder.out_limit;
  return limit - std::min(limit, used);
}

}  // namespace

uint64_t OpenDescriptors() {
  return OpenFiles();
}

int OpenSocket(int family, int type) {
  if (int error = MayOpen(); error != 0) return error;
  return Open(NewSocket(self->host, type & 0xf, family));
}

int SocketPair(int fds[2]) {
  if (int error = MayOpen(); error != 0) return error;
  Socket* ends[2] = {NewSocket(self->host, SOCK_STREAM, AF_UNIX),
                     NewSocket(self->host, SOCK_STREAM, AF_UNIX)};
  for (int i = 0; i < 2; ++i) {
    ends[i]->peer = ends[1 - i];
    ends[i]->state = State::kConnected;
    fds[i] = Open(ends[i]);
  }
  return 0;
}

int Bind(int fd, const Address& address) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->family == AF_UNIX) return BindPath(socket, address);
  Point at = PointOf(address);
  if (at.ip != 0 && !IsLoopback(at.ip) && at.ip != socket->host->ip) return -EADDRNOTAVAIL;
  if (at.port == 0) at.port = FreePort(socket);
  if (IsTaken(socket, at)) return -EADDRINUSE;
  socket->local = at;
  socket->bound = true;
  if (socket->type == SOCK_DGRAM) Ports(socket)[at.port].push_back(socket);
  return 0;
}

int Listen(int fd, int backlog) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->family != AF_UNIX) {
    if (!socket->bound) BindSome(socket, 0);
    if (IsTaken(socket, socket->local)) return -EADDRINUSE;
    auto& list = socket->host->listeners[socket->local.port];
    if (std::find(list.begin(), list.end(), socket) == list.end()) list.push_back(socket);
  }
  socket->state = State::kListening;
  socket->backlog = static_cast<size_t>(std::clamp(backlog, 0, kMostBacklog));
  world->trace.Add("listen", "%s #%u :%u", socket->host->name.c_str(), socket->id,
                   socket->local.port);
  return 0;
}

int Accept(int fd, Address* peer) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->state != State::kListening) return -EINVAL;
  if (socket->queue.empty()) return -EAGAIN;
  if (error = MayOpen(); error != 0) return error;
  Socket* made = socket->queue.front();
  socket->queue.pop_front();
  Changed(socket);
  if (peer != nullptr) *peer = AddressOf(*made, made->remote, false);
  int result = Open(made);
  world->trace.Add("accept", "%s #%u", made->host->name.c_str(), made->id);
  return result;
}

int Connect(int fd, const Address& address) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->type == SOCK_STREAM && socket->state != State::kFresh)
    return socket->state == State::kConnecting ? -EALREADY : -EISCONN;
  if (socket->family == AF_UNIX) return ConnectUnix(socket, address);
  Point to = PointOf(address);
  if (to.ip == 0) to.ip = kLoopback4;
  if (to.port == 0) return -ECONNREFUSED;
  if (!socket->bound) BindSome(socket, IsLoopback(to.ip) ? to.ip : socket->host->ip);
  if (socket->local.ip == 0) socket->local.ip = IsLoopback(to.ip) ? to.ip : socket->host->ip;
  socket->remote = to;
  if (socket->type == SOCK_DGRAM) return 0;
  if (!IsLoopback(to.ip) && HostOf(to.ip) == nullptr) return -ENETUNREACH;
  if (!socket->host->flows.emplace(Flow{socket->local, to}, socket).second) return -EADDRNOTAVAIL;
  socket->state = State::kConnecting;
  SendSyn(socket);
  return -EINPROGRESS;
}

int Disconnect(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket != nullptr) socket->remote = {};
  return error;
}

ssize_t Receive(int fd, void* buffer, size_t size, bool peek) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->state == State::kListening || socket->state == State::kFresh) return -ENOTCONN;
  if (socket->in.empty()) {
    if (socket->error != 0) return -std::exchange(socket->error, 0);
    return socket->ended ? 0 : -EAGAIN;
  }
  size_t count = std::min(size, socket->in.size());
  Random& random = world->faults.random(Fault::kFewer);
  if (count > 1 && random.Chance(world->faults.level(Fault::kFewer)))
    count = 1 + random.Below(std::min<size_t>(count - 1, 256));
  std::memcpy(buffer, socket->in.data(), count);
  if (peek) return static_cast<ssize_t>(count);
  world->trace.Add("recv", "%s #%u %zu #%08x", socket->host->name.c_str(), socket->id, count,
                   Trace::Digest(buffer, count));
  socket->in.erase(0, count);
  if (socket->family != AF_UNIX)
    AfterRead(socket);
  else if (socket->peer != nullptr)
    Changed(socket->peer);
  return static_cast<ssize_t>(count);
}

ssize_t Send(int fd, const void* data, size_t size) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->state == State::kConnecting) return -EAGAIN;
  if (socket->error != 0) return -std::exchange(socket->error, 0);
  if (socket->state != State::kConnected || socket->shut) return -EPIPE;
  if (socket->family == AF_UNIX &&
      (socket->peer == nullptr || socket->peer->state != State::kConnected))
    return -EPIPE;
  if (size == 0) return 0;
  if (world->faults.Fires(Fault::kMemory, socket->host->name)) return -ENOBUFS;
  size_t count = std::min(size, Room(*socket));
  if (count == 0) return -EAGAIN;
  Random& random = world->faults.random(Fault::kShort);
  if (count > 1 && random.Chance(world->faults.level(Fault::kShort)))
    count = 1 + random.Below(count - 1);
  world->trace.Add("send", "%s #%u %zu #%08x", socket->host->name.c_str(), socket->id, count,
                   Trace::Digest(data, count));
  if (socket->peer != nullptr) {
    socket->peer->in.append(static_cast<const char*>(data), count);
    Changed(socket->peer);
  } else {
    socket->out.append(static_cast<const char*>(data), count);
    bool severing = std::exchange(socket->severing, false);
    if (severing && world->faults.Note(Fault::kEnd, socket->host->name))
      Sever(socket, world->faults.random(Fault::kEnd));
    else
      Pump(socket);
  }
  return static_cast<ssize_t>(count);
}

ssize_t SendVector(int fd, const iovec* parts, int count) {
  std::string all;
  for (int i = 0; i < count && all.size() < kMostSent; ++i)
    all.append(static_cast<const char*>(parts[i].iov_base),
               std::min(parts[i].iov_len, kMostSent - all.size()));
  return Send(fd, all.data(), all.size());
}

ssize_t Read(int fd, void* buffer, size_t size) {
  File* file = Find(fd);
  if (file == nullptr) return -EBADF;
  if (file->kind == FileKind::kSocket) return Receive(fd, buffer, size, false);
  if (file->kind != FileKind::kEvent) return -EINVAL;
  auto* event = static_cast<EventCounter*>(file);
  if (size < sizeof event->count) return -EINVAL;
  if (event->count == 0) return -EAGAIN;
  std::memcpy(buffer, &event->count, sizeof event->count);
  event->count = 0;
  return sizeof event->count;
}

ssize_t Write(int fd, const void* data, size_t size) {
  File* file = Find(fd);
  if (file == nullptr) return -EBADF;
  if (file->kind == FileKind::kSocket) return Send(fd, data, size);
  if (file->kind != FileKind::kEvent) return -EINVAL;
  uint64_t more = 0;
  std::memcpy(&more, data, std::min(size, sizeof more));
  static_cast<EventCounter*>(file)->count += more;
  Changed(file);
  return static_cast<ssize_t>(size);
}

ssize_t SendTo(int fd, const void* data, size_t size, const Address& peer) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  Point to = peer.family() != 0 ? PointOf(peer) : socket->remote;
  if (to.port == 0) return -EDESTADDRREQ;
  if (socket->error != 0) return -std::exchange(socket->error, 0);
  if (size > 65507) return -EMSGSIZE;
  if (to.ip == 0) to.ip = kLoopback4;
  if (!socket->bound) BindSome(socket, 0);
  if (world->faults.Fires(Fault::kMemory, socket->host->name)) return -ENOBUFS;
  Packet packet;
  packet.from = socket->host;
  packet.source = socket->local;
  if (packet.source.ip == 0) packet.source.ip = IsLoopback(to.ip) ? to.ip : socket->host->ip;
  packet.target = to;
  packet.flags = Packet::kDatagram;
  packet.data.assign(static_cast<const char*>(data), size);
  if (!IsLoopback(to.ip) && HostOf(to.ip) == nullptr) return -ENETUNREACH;
  Transmit(std::move(packet));
  return static_cast<ssize_t>(size);
}

ssize_t ReceiveFrom(int fd, void* buffer, size_t size, Address* peer) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->error != 0) return -std::exchange(socket->error, 0);
  if (socket->datagrams.empty()) return -EAGAIN;
  Datagram first = std::move(socket->datagrams.front());
  socket->datagrams.pop_front();
  size_t count = std::min(size, first.data.size());
  std::memcpy(buffer, first.data.data(), count);
  *peer = AddressOf(*socket, first.from, false);
  return static_cast<ssize_t>(count);
}

int ShutdownWrite(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->state != State::kConnected) return -ENOTCONN;
  if (socket->shut) return 0;
  socket->shut = true;
  world->trace.Add("shutdown", "%s #%u", socket->host->name.c_str(), socket->id);
  Changed(socket);
  if (socket->family != AF_UNIX) {
    Pump(socket);
  } else if (socket->peer != nullptr) {
    socket->peer->ended = true;
    Changed(socket->peer);
  }
  return 0;
}

int LocalAddress(int fd, Address* out) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket != nullptr) *out = AddressOf(*socket, socket->local, true);
  return error;
}

int PeerAddress(int fd, Address* out) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  if (socket->type == SOCK_STREAM && socket->state != State::kConnected) return -ENOTCONN;
  if (socket->type == SOCK_DGRAM && socket->remote.port == 0) return -ENOTCONN;
  *out = AddressOf(*socket, socket->remote, false);
  return 0;
}

int SocketError(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  return socket != nullptr ? std::exchange(socket->error, 0) : -error;
}

int SetOption(int fd, int level, int option, int value) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  socket->options[level << 16 | option] = value;
  if (level == SOL_SOCKET && option == SO_REUSEPORT) socket->reuse_port = value != 0;
  if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY) socket->only_v6 = value != 0;
  return 0;
}

int GetOption(int fd, int level, int option, int* value) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return error;
  auto found = socket->options.find(level << 16 | option);
  *value = found != socket->options.end() ? found->second : 0;
  if (level != SOL_SOCKET) return 0;
  if (option == SO_TYPE) *value = socket->type;
  if (option == SO_SNDBUF) *value = static_cast<int>(socket->out_limit);
  if (option == SO_RCVBUF) *value = static_cast<int>(socket->in_limit);
  if (option == SO_DOMAIN) *value = socket->family;
  if (option == SO_ACCEPTCONN) *value = socket->state == State::kListening ? 1 : 0;
  return 0;
}

int SetLingerZero(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket != nullptr) socket->linger_zero = true;
  return error;
}

uint64_t Unacknowledged(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  if (socket == nullptr) return 0;
  return socket->peer != nullptr ? socket->peer->in.size() : socket->out.size();
}

uint64_t Unread(int fd) {
  int error;
  Socket* socket = SocketAt(fd, &error);
  return socket != nullptr ? socket->in.size() : 0;
}

// The last descriptor is gone.
void CloseStream(Socket* socket) {
  world->trace.Add("close", "%s #%u", socket->host->name.c_str(), socket->id);
  for (Socket* waiting : std::exchange(socket->queue, {})) {
    waiting->linger_zero = true;
    CloseStream(waiting);
  }
  Unlist(socket);
  if (socket->family == AF_UNIX) {
    auto path = socket->host->paths.find(socket->path);
    if (path != socket->host->paths.end() && path->second == socket)
      socket->host->paths.erase(path);
    if (Socket* peer = socket->peer) {
      peer->peer = nullptr;
      peer->ended = true;
      if (!socket->in.empty() || socket->linger_zero) peer->error = ECONNRESET;
      Changed(peer);
    }
    Forget(socket);
    return;
  }
  bool open = socket->state == State::kConnected && socket->type == SOCK_STREAM;
  if (!open || socket->linger_zero || !socket->in.empty()) {
    if (open) SendReset(socket);
    Forget(socket);
    return;
  }
  socket->orphan = true;
  socket->shut = true;
  uint32_t id = socket->id;
  Pump(socket);
  if (world->sockets.count(id) != 0) EndOrphan(socket);
}

}  // namespace sluice::sim
