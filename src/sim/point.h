// Internal. Between Address, as programs see it, and Point.
#pragma once

#include "sim/world.h"
#include "sluice/address.h"

namespace sluice::sim {

// PointOf returns the point of an IP address; an IPv4 address in IPv6 is the IPv4 one.
Point PointOf(const Address& address);
// AddressOf returns how a socket sees a point, or its path; local tells which end of it.
Address AddressOf(const Socket& socket, Point point, bool local);
// Ip4 returns the address of a host.
Address Ip4(uint32_t ip, uint16_t port);

}  // namespace sluice::sim
