// Internal. Patterns of addresses, and addresses in the one form in which they are compared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/address.h"

namespace sluice::grant {

// Canonical returns the address that the kernel makes of one: ::ffff:127.0.0.1 is 127.0.0.1, a zone
// is left out. As a peer, an address of all interfaces is that of this machine.
Address Canonical(const Address& address, bool peer);

// PortRange is the ports from first to last.
struct PortRange {
  uint16_t first;
  uint16_t last;
};

// EndpointPattern is a pattern of one of the scopes listen and connect:
//
//   address[:port[-port]]       127.0.0.1:80, [::1]:8000-8999, ::1
//   network/bits[:port…]        10.0.0.0/8:443, [fd00::/8]:443
//   *[:port…]                   every IP address
//   name[:port…]                connect only: what the system's resolver gave for that name
//   unix:/path, unix:@name      a Unix socket, or all beneath a directory; unix:* for all
class EndpointPattern {
 public:
  // Parse returns nothing for what is no pattern.
  static std::optional<EndpointPattern> Parse(std::string_view text);

  // Matches returns whether an address that is Canonical is one of the pattern's. Of a Unix
  // socket path is its name without symbolic links; a pattern of a name has no address of its own.
  bool Matches(const Address& address) const;
  bool MatchesUnix(std::string_view path) const;
  // LeadsUnix returns whether the way to a Unix socket of the pattern goes through path.
  bool LeadsUnix(std::string_view path) const;
  // Touches is Matches for listening: an address of all interfaces touches all patterns of its
  // ports, one without a port all ports.
  bool Touches(const Address& address) const;
  // Covers returns whether all that other matches is matched by this.
  bool Covers(const EndpointPattern& other) const;

  // address returns the one address that the pattern is, if it is one; unix_path its name as
  // MatchesUnix takes it.
  std::optional<Address> address() const;
  const std::string& unix_path() const { return real_; }
  // name returns the host name of the pattern, "" if it has none.
  const std::string& name() const { return name_; }
  // ports returns those of the pattern; nothing of a Unix socket.
  std::optional<PortRange> ports() const;
  bool PortMatches(uint16_t port) const { return port >= first_ && port <= last_; }

 private:
  enum class Kind : uint8_t { kAny, kNetwork, kName, kUnix };
  bool IsWildcardIp() const { return bits_ == 0 && ip_ == std::array<uint8_t, 16>{}; }
  bool SetPorts(std::string_view text);
  bool SetNetwork(std::string_view text);
  bool SetUnix(std::string_view text);

  Kind kind_ = Kind::kAny;
  std::array<uint8_t, 16> ip_{};  // kNetwork: IPv4 in its first four bytes
  int family_ = 0;
  int bits_ = 0;
  uint16_t first_ = 0;
  uint16_t last_ = 65535;
  std::string name_;  // in lower case, without a last dot
  std::string path_;  // kUnix: "" for all; '@' begins an abstract one
  std::string real_;  // path_ without symbolic links
};

// PlainName returns a host name as patterns have it: in lower case, without a last dot.
std::string PlainName(std::string_view name);

// IpBytes copies the IP of an address, four or sixteen bytes, and returns how many; 0 for none.
int IpBytes(const Address& address, uint8_t* out);

}  // namespace sluice::grant
