#include "sluice/address_range.h"

#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sluice {
namespace {

constexpr IpBytes kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;
constexpr unsigned kByte = 8;

}  // namespace

std::optional<IpBytes> IpBytesOf(const Address& address) {
  IpBytes bytes = kMapped;
  if (address.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.data());
    std::memcpy(bytes.data() + kMappedBits / kByte, &v4->sin_addr, sizeof v4->sin_addr);
    return bytes;
  }
  if (address.family() != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.data());
  std::memcpy(bytes.data(), &v6->sin6_addr, bytes.size());
  return bytes;
}

bool IsV4(const IpBytes& bytes) {
  return std::equal(kMapped.begin(), kMapped.begin() + kMappedBits / kByte, bytes.begin());
}

IpBytes Masked(const IpBytes& bytes, unsigned bits) {
  IpBytes masked{};
  size_t whole = std::min(bits, kAllBits) / kByte;
  std::copy_n(bytes.begin(), whole, masked.begin());
  if (whole < masked.size() && bits % kByte != 0)
    masked[whole] = static_cast<uint8_t>(bytes[whole] & (0xFF00 >> (bits % kByte)));
  return masked;
}

std::optional<AddressRange> AddressRange::Parse(std::string_view text) {
  size_t slash = text.find('/');
  std::string_view host = text.substr(0, slash);
  if (host.find('%') != std::string_view::npos) return std::nullopt;
  auto address = Address::Ip(host, 0);
  if (!address) return std::nullopt;
  unsigned before = address->family() == AF_INET ? kMappedBits : 0;
  unsigned bits = kAllBits - before;
  if (slash != std::string_view::npos) {
    std::string_view number = text.substr(slash + 1);
    if (number.empty() || (number.size() > 1 && number[0] == '0')) return std::nullopt;
    unsigned asked = 0;
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), asked);
    if (error != std::errc() || end != number.data() + number.size() || asked > bits)
      return std::nullopt;
    bits = asked;
  }
  IpBytes bytes = *IpBytesOf(*address);
  AddressRange range;
  range.bits_ = before + bits;
  // A part of the mapping names neither IPv4 addresses nor IPv6 ones.
  if (IsV4(bytes) && range.bits_ < kMappedBits) return std::nullopt;
  range.first_ = Masked(bytes, range.bits_);
  return range;
}

bool AddressRange::Contains(const IpBytes& address) const {
  if (Masked(address, bits_) != first_) return false;
  return bits_ == 0 || bits_ >= kMappedBits || !IsV4(address);
}

bool AddressRange::Contains(const Address& address) const {
  auto bytes = IpBytesOf(address);
  return bytes && Contains(*bytes);
}

std::string AddressRange::text() const {
  bool v4 = bits_ >= kMappedBits && IsV4(first_);
  sockaddr_storage storage{};
  if (v4) {
    auto* in = reinterpret_cast<sockaddr_in*>(&storage);
    in->sin_family = AF_INET;
    std::memcpy(&in->sin_addr, first_.data() + kMappedBits / kByte, sizeof in->sin_addr);
  } else {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&storage);
    in6->sin6_family = AF_INET6;
    std::memcpy(&in6->sin6_addr, first_.data(), first_.size());
  }
  socklen_t size = v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  return Address::From(reinterpret_cast<const sockaddr*>(&storage), size).host() + "/" +
         std::to_string(v4 ? bits_ - kMappedBits : bits_);
}

}  // namespace sluice
