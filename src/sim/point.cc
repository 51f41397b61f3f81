#include "sim/point.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace sluice::sim {
namespace {

constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

Address Ip6(Point point) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(point.port);
  uint8_t* bytes = v6.sin6_addr.s6_addr;
  uint32_t ip = htonl(point.ip);
  if (point.ip == kLoopback6) {
    bytes[15] = 1;
  } else if (point.ip != 0) {
    std::memcpy(bytes, kMapped, sizeof kMapped);
    std::memcpy(bytes + sizeof kMapped, &ip, sizeof ip);
  }
  return Address::From(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

}  // namespace

Point PointOf(const Address& address) {
  uint32_t ip = 0;
  if (address.family() == AF_INET) {
    ip = ntohl(reinterpret_cast<const sockaddr_in*>(address.data())->sin_addr.s_addr);
  } else if (address.family() == AF_INET6) {
    const uint8_t* bytes = reinterpret_cast<const sockaddr_in6*>(address.data())->sin6_addr.s6_addr;
    std::memcpy(&ip, bytes + sizeof kMapped, sizeof ip);
    ip = ntohl(ip);
    // Hosts have IPv4 addresses: any other IPv6 address is nowhere.
    bool mapped = std::memcmp(bytes, kMapped, sizeof kMapped) == 0;
    if (!mapped && ip > kLoopback6) ip = 0xffffffff;
  }
  return {ip, address.port()};
}

Address Ip4(uint32_t ip, uint16_t port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(ip);
  return Address::From(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
}

Address HostAddress() {
  return Ip4(self->host->ip, 0);
}

Address NameServerAddress() {
  return Ip4(kNameServerIp, 0);
}

Address AddressOf(const Socket& socket, Point point, bool local) {
  if (socket.family == AF_INET6) return Ip6(point);
  if (socket.family == AF_INET) return Ip4(point.ip, point.port);
  const String* path = local ? &socket.path : socket.peer != nullptr ? &socket.peer->path : nullptr;
  if (path != nullptr && !path->empty())
    if (auto named = Address::Unix(*path)) return *named;
  sockaddr unnamed{};
  unnamed.sa_family = AF_UNIX;
  return Address::From(&unnamed, sizeof unnamed.sa_family);
}

}  // namespace sluice::sim
