// Public. The PROXY protocol, by which a load balancer tells whom it connects for: versions 1 and 2 of
// https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sluice/address.h"

namespace sluice {

// ProxyHeader is a header that was read to its end and is as it must be.
struct ProxyHeader {
  uint8_t version = 0;  // 1 or 2
  // The load balancer's own connection, as of a health check, or one whose ends it does not tell:
  // the addresses are those of the connection.
  bool local = false;
  PackedIp peer;               // who sent it; none over a Unix socket
  Address source;              // the client; none if it is not told
  Address destination;         // what it connected to; likewise
  std::vector<uint8_t> bytes;  // all of it, as it came
};

// ProxyLimits are which headers are taken.
struct ProxyLimits {
  size_t most = 4096;  // bytes of a header
  bool v1 = true;      // whether version 1 is
  bool v2 = true;      // whether version 2 is
};

// ProxyRule says who must send a header, and which. Nobody may at first.
struct ProxyRule {
  // Add trusts "10.0.0.0/8", "::1" or, for Unix sockets, "unix"; false if network is none of these.
  bool Add(std::string_view network);
  // Trusts returns whether a peer must send a header. All others are refused.
  bool Trusts(const Address& peer) const;

  std::vector<AddressRange> ranges;  // that Add() was given
  bool unix_peers = false;           // whether it was given "unix"
  uint64_t timeout_ms = 5000;        // how long a header may take
  ProxyLimits limits;                // which headers are taken
};

}  // namespace sluice
