// Public. Socket addresses: IPv4, IPv6 with zone, Unix paths.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// Address is the address of one end of a socket. The zero value is no address (family 0).
class Address {
 public:
  Address() = default;

  // Ip parses an IPv4 or IPv6 literal; IPv6 may carry a zone ("fe80::1%eth0", RFC 4007 section 11;
  // the zone is an interface's name or number). Returns nothing if text is no literal or its
  // zone names no interface of this machine.
  static std::optional<Address> Ip(std::string_view text, uint16_t port);
  // Unix returns the address of a Unix socket; a path that begins with '\0' is an abstract name
  // (unix(7)). Returns nothing if the path is empty or longer than 107 bytes.
  static std::optional<Address> Unix(std::string_view path);
  // From copies what the kernel or a resolver returned; no address if that is none.
  static Address From(const sockaddr* address, socklen_t length);

  // family returns AF_INET, AF_INET6, AF_UNIX, or 0 for no address.
  int family() const { return storage_.ss_family; }
  // is_ip returns whether it is an IPv4 or IPv6 address.
  bool is_ip() const { return family() == AF_INET || family() == AF_INET6; }
  // port returns the port in host order, 0 if the address has none.
  uint16_t port() const;
  // set_port changes the port of an IP address; other addresses stay as they are.
  void set_port(uint16_t port);
  // host returns the IP in text form ("::1", "fe80::1%eth0") or the Unix path.
  std::string host() const;
  // text returns "127.0.0.1:80", "[::1]:80" or the path, for people; an abstract name begins
  // with '@' there.
  std::string text() const;

  // data returns what connect(2) and bind(2) take; it lives as long as the Address.
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  // size returns how many bytes of data() count.
  socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

// PackedIp is an IP address and port in 24 bytes, for objects of which there are many. The zero
// value, and what is packed of an address that is no IP, is no address.
class PackedIp {
 public:
  PackedIp() = default;
  // PackedIp packs the IP, zone and port of address.
  explicit PackedIp(const Address& address);
  // unpack returns the address again.
  Address unpack() const;
  // Whether there is an address.
  explicit operator bool() const { return family_ != 0; }

 private:
  uint8_t ip_[16] = {};
  uint32_t scope_ = 0;
  uint16_t port_ = 0;  // network byte order
  uint16_t family_ = 0;
};

// AddressRange is an IP address, or all that begin with the same bits. An IPv4 address and the IPv6
// one that it is mapped into are the same here.
class AddressRange {
 public:
  // Parse reads "10.0.0.1", "10.0.0.0/8", "fe80::/10"; nothing for what is none.
  static std::optional<AddressRange> Parse(std::string_view text);
  // Contains returns whether address is in the range; Unix sockets are in none.
  bool Contains(const Address& address) const;

 private:
  Address address_;
  unsigned bits_ = 0;
};

// IpFamily returns 4 or 6 if text is an IP literal (IPv6 with or without a zone), else 0. The
// rules are those of Node's net.isIP(): four decimal parts without leading zeros.
int IpFamily(std::string_view text);

}  // namespace sluice
