// Public. AddressRange: a range of IP addresses, as "10.0.0.0/8".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/address.h"

namespace sluice {

// IpBytes is an IP address as 128 bits: IPv6, or IPv4 as IPv4-mapped (RFC 4291, section 2.5.5.2),
// so that a client of "::" is the same one by either form.
using IpBytes = std::array<uint8_t, 16>;

// IpBytesOf returns those of an IP address, without zone and port; nothing of another.
std::optional<IpBytes> IpBytesOf(const Address& address);
// IsV4 returns whether bytes are an IPv4 address.
bool IsV4(const IpBytes& bytes);
// Masked returns bytes with all after the first bits cleared; 0 to 128.
IpBytes Masked(const IpBytes& bytes, unsigned bits);

// AddressRange is all addresses that begin with the same bits. The zero value is every address.
// Immutable.
class AddressRange {
 public:
  AddressRange() = default;
  // Parse reads an address, with "/bits" or alone for all of its bits: "192.0.2.0/24", "::1",
  // "2001:db8::/32". Bits after the prefix count nothing; "::ffff:10.0.0.0/104" is "10.0.0.0/8",
  // and with fewer bits than 96 none. A zone is none of it. Returns nothing for any other text.
  static std::optional<AddressRange> Parse(std::string_view text);

  // Contains returns whether address begins with the prefix. No IPv4 address is in one of IPv6 of
  // at least one bit.
  bool Contains(const IpBytes& address) const;
  // Likewise; Unix sockets are in none.
  bool Contains(const Address& address) const;
  // text returns "10.0.0.0/8", what Parse takes.
  std::string text() const;

 private:
  IpBytes first_{};
  unsigned bits_ = 0;
};

}  // namespace sluice
