#include "grant/endpoint.h"

#include <netinet/in.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

#include "grant/path.h"

namespace sluice::grant {
namespace {

const sockaddr_in& Ip4(const Address& address) {
  return *reinterpret_cast<const sockaddr_in*>(address.data());
}
const sockaddr_in6& Ip6(const Address& address) {
  return *reinterpret_cast<const sockaddr_in6*>(address.data());
}

Address MakeIp4(const void* bytes, uint16_t port) {
  sockaddr_in ip{};
  ip.sin_family = AF_INET;
  ip.sin_port = htons(port);
  std::memcpy(&ip.sin_addr, bytes, 4);
  return Address::From(reinterpret_cast<const sockaddr*>(&ip), sizeof ip);
}

Address MakeIp6(const in6_addr& bytes, uint16_t port) {
  sockaddr_in6 ip{};
  ip.sin6_family = AF_INET6;
  ip.sin6_port = htons(port);
  ip.sin6_addr = bytes;
  return Address::From(reinterpret_cast<const sockaddr*>(&ip), sizeof ip);
}

bool SameBits(const uint8_t* a, const uint8_t* b, int bits) {
  auto whole = static_cast<size_t>(bits / 8);
  if (std::memcmp(a, b, whole) != 0) return false;
  int rest = bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

// Everything of a number from 0 to most, nothing else.
bool Number(std::string_view text, int most, int* out) {
  if (text.empty() || !std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && *out <= most;
}

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  // A name that reads as a number is an address to the resolver: 0x7f.1, 2130706433.
  size_t dot = text.rfind('.');
  std::string_view last = dot == text.npos ? text : text.substr(dot + 1);
  if (last.empty() || std::isdigit(static_cast<unsigned char>(last[0]))) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
  });
}

bool IsWildcard(const Address& address) {
  uint8_t bytes[16] = {};
  int size = IpBytes(address, bytes);
  return size > 0 && std::all_of(bytes, bytes + size, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

int IpBytes(const Address& address, uint8_t* out) {
  if (address.family() == AF_INET) {
    std::memcpy(out, &Ip4(address).sin_addr, 4);
    return 4;
  }
  if (address.family() != AF_INET6) return 0;
  std::memcpy(out, &Ip6(address).sin6_addr, 16);
  return 16;
}

Address Canonical(const Address& address, bool peer) {
  if (!address.is_ip()) return address;
  uint16_t port = address.port();
  uint8_t bytes[16];
  int size = IpBytes(address, bytes);
  Address plain;
  if (size == 16 && IN6_IS_ADDR_V4MAPPED(&Ip6(address).sin6_addr))
    plain = MakeIp4(bytes + 12, port);
  else
    plain = size == 4 ? MakeIp4(bytes, port) : MakeIp6(Ip6(address).sin6_addr, port);
  if (!peer || !IsWildcard(plain)) return plain;
  constexpr uint8_t kThisMachine[] = {127, 0, 0, 1};
  return plain.family() == AF_INET ? MakeIp4(kThisMachine, port) : MakeIp6(in6addr_loopback, port);
}

std::string PlainName(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  std::string plain(name);
  for (char& c : plain) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return plain;
}

bool EndpointPattern::SetPorts(std::string_view text) {
  size_t dash = text.find('-');
  int first = 0;
  int last = 0;
  if (!Number(text.substr(0, dash), 65535, &first)) return false;
  last = first;
  if (dash != text.npos && !Number(text.substr(dash + 1), 65535, &last)) return false;
  first_ = static_cast<uint16_t>(first);
  last_ = static_cast<uint16_t>(last);
  return first <= last;
}

bool EndpointPattern::SetNetwork(std::string_view text) {
  size_t slash = text.find('/');
  auto address = Address::Ip(text.substr(0, slash), 0);
  if (!address || text.find('%') != text.npos) return false;
  int most = address->family() == AF_INET ? 32 : 128;
  bits_ = most;
  if (slash != text.npos && !Number(text.substr(slash + 1), most, &bits_)) return false;
  Address plain = Canonical(*address, false);
  if (plain.family() != address->family()) {
    // A network of IPv4 that is written within IPv6.
    if (bits_ < 96) return false;
    bits_ -= 96;
  }
  kind_ = Kind::kNetwork;
  family_ = plain.family();
  IpBytes(plain, ip_.data());
  // 0.0.0.0 and :: are all addresses of their family, as they are to bind(2).
  if (slash == text.npos && IsWildcard(plain)) bits_ = 0;
  return true;
}

bool EndpointPattern::SetUnix(std::string_view text) {
  kind_ = Kind::kUnix;
  if (text == "*") return true;
  if (text.empty() || text.find('\0') != text.npos) return false;
  if (text[0] != '@' && text[0] != '/') return false;
  path_ = text[0] == '@' ? std::string(text) : CleanPath(text);
  real_ = text[0] == '@' ? path_ : RealPathOf(path_);
  return true;
}

std::optional<EndpointPattern> EndpointPattern::Parse(std::string_view text) {
  EndpointPattern pattern;
  if (text.starts_with("unix:")) {
    if (!pattern.SetUnix(text.substr(5))) return std::nullopt;
    return pattern;
  }
  std::string_view host = text;
  std::string_view ports;
  bool has_ports = false;
  if (text.starts_with('[')) {
    size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    host = text.substr(1, end - 1);
    std::string_view rest = text.substr(end + 1);
    if (IpFamily(host.substr(0, host.find('/'))) != 6) return std::nullopt;
    if (!rest.empty() && rest[0] != ':') return std::nullopt;
    has_ports = !rest.empty();
    if (has_ports) ports = rest.substr(1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    size_t colon = text.find(':');
    host = text.substr(0, colon);
    ports = text.substr(colon + 1);
    has_ports = true;
  }
  if (has_ports && ports != "*" && !pattern.SetPorts(ports)) return std::nullopt;
  if (host == "*") return pattern;
  if (pattern.SetNetwork(host)) return pattern;
  pattern.name_ = PlainName(host);
  pattern.kind_ = Kind::kName;
  if (!IsName(pattern.name_)) return std::nullopt;
  return pattern;
}

bool EndpointPattern::Matches(const Address& address) const {
  if (kind_ == Kind::kUnix || !address.is_ip() || !PortMatches(address.port())) return false;
  if (kind_ == Kind::kAny) return true;
  if (kind_ != Kind::kNetwork) return false;
  uint8_t bytes[16];
  IpBytes(address, bytes);
  return family_ == address.family() && SameBits(ip_.data(), bytes, bits_);
}

bool EndpointPattern::Touches(const Address& address) const {
  if (Matches(address)) return true;
  if (kind_ == Kind::kUnix || kind_ == Kind::kName || !address.is_ip()) return false;
  bool ports = PortMatches(address.port()) || (first_ == 0 && last_ == 65535);
  if (!ports || !IsWildcard(address)) return false;
  return family_ == address.family() || address.family() == AF_INET6;
}

bool EndpointPattern::MatchesUnix(std::string_view path) const {
  if (kind_ != Kind::kUnix) return false;
  if (path_.empty() || path == path_) return true;
  if (path_[0] == '@' || path.empty() || path[0] == '@') return false;
  return IsBeneath(path, path_) || IsBeneath(path, real_);
}

std::optional<Address> EndpointPattern::address() const {
  if (kind_ == Kind::kUnix) {
    if (real_.empty()) return std::nullopt;
    std::string name = real_;
    if (name[0] == '@') name[0] = '\0';
    return Address::Unix(name);
  }
  if (kind_ != Kind::kNetwork || first_ != last_) return std::nullopt;
  if (family_ == AF_INET && (bits_ == 32 || IsWildcardIp())) return MakeIp4(ip_.data(), first_);
  if (family_ != AF_INET6 || (bits_ != 128 && !IsWildcardIp())) return std::nullopt;
  in6_addr bytes;
  std::memcpy(&bytes, ip_.data(), sizeof bytes);
  return MakeIp6(bytes, first_);
}

std::optional<PortRange> EndpointPattern::ports() const {
  if (kind_ == Kind::kUnix) return std::nullopt;
  return PortRange{first_, last_};
}

bool EndpointPattern::LeadsUnix(std::string_view path) const {
  return MatchesUnix(path) || (kind_ == Kind::kUnix && !path_.empty() && path_[0] == '/' &&
                               (IsBeneath(path_, path) || IsBeneath(real_, path)));
}

bool EndpointPattern::Covers(const EndpointPattern& other) const {
  if (kind_ == Kind::kUnix || other.kind_ == Kind::kUnix)
    return kind_ == other.kind_ &&
           (path_.empty() || (!other.path_.empty() && MatchesUnix(other.real_)));
  if (other.first_ < first_ || other.last_ > last_) return false;
  switch (kind_) {
    case Kind::kAny:
      return true;
    case Kind::kName:
      return other.kind_ == Kind::kName && name_ == other.name_;
    case Kind::kNetwork:
      return other.kind_ == Kind::kNetwork && family_ == other.family_ && bits_ <= other.bits_ &&
             SameBits(ip_.data(), other.ip_.data(), bits_);
    case Kind::kUnix:
      break;
  }
  return false;
}

}  // namespace sluice::grant
