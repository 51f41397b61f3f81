#include "dns/simulated_sockets.h"

#define CARES_NO_DEPRECATED
#include <ares.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/calls.h"

namespace sluice::dns {
namespace {

// As the system's calls: -1 and errno.
template <class T>
T Result(T result) {
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

int Open(int family, int type, int, void*) {
  return Result(sim::OpenSocket(family, type));
}

int Close(int fd, void*) {
  return Result(sim::Close(fd));
}

int Connect(int fd, const sockaddr* address, ares_socklen_t size, void*) {
  return Result(sim::Connect(fd, Address::From(address, size)));
}

bool IsStream(int fd) {
  int type = 0;
  return sim::GetOption(fd, SOL_SOCKET, SO_TYPE, &type) == 0 && type == SOCK_STREAM;
}

ares_ssize_t Receive(int fd, void* buffer, size_t size, int, sockaddr* from, ares_socklen_t* length,
                     void*) {
  if (IsStream(fd)) return Result(sim::Receive(fd, buffer, size, false));
  Address peer;
  ssize_t count = sim::ReceiveFrom(fd, buffer, size, &peer);
  if (count >= 0 && from != nullptr && length != nullptr) {
    *length = std::min<ares_socklen_t>(*length, peer.size());
    std::memcpy(from, peer.data(), *length);
  }
  return Result(count);
}

ares_ssize_t Send(int fd, const iovec* parts, int count, void*) {
  if (IsStream(fd)) return Result(sim::SendVector(fd, parts, count));
  // A datagram is one part.
  return Result(sim::SendTo(fd, parts[0].iov_base, parts[0].iov_len, Address()));
}

}  // namespace

const ares_socket_functions* SimulatedSockets() {
  static const ares_socket_functions functions{Open, Close, Connect, Receive, Send};
  return &functions;
}

}  // namespace sluice::dns
