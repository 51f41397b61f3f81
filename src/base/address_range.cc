#include <netinet/in.h>

#include <charconv>
#include <cstring>

#include "sluice/address.h"

namespace sluice {
namespace {

std::string_view BytesOf(const Address& address) {
  if (address.family() == AF_INET) {
    const auto* ip = reinterpret_cast<const sockaddr_in*>(address.data());
    return {reinterpret_cast<const char*>(&ip->sin_addr), sizeof ip->sin_addr};
  }
  if (address.family() != AF_INET6) return {};
  const auto* ip = reinterpret_cast<const sockaddr_in6*>(address.data());
  std::string_view bytes(reinterpret_cast<const char*>(&ip->sin6_addr), sizeof ip->sin6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&ip->sin6_addr)) bytes.remove_prefix(12);
  return bytes;
}

}  // namespace

std::optional<AddressRange> AddressRange::Parse(std::string_view text) {
  size_t slash = text.find('/');
  auto address = Address::Ip(text.substr(0, slash), 0);
  if (!address) return std::nullopt;
  AddressRange range;
  range.address_ = *address;
  auto most = static_cast<unsigned>(BytesOf(*address).size() * 8);
  range.bits_ = most;
  if (slash == text.npos) return range;
  text.remove_prefix(slash + 1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), range.bits_);
  if (error != std::errc() || end != text.data() + text.size() || range.bits_ > most)
    return std::nullopt;
  return range;
}

bool AddressRange::Contains(const Address& address) const {
  std::string_view mine = BytesOf(address_), other = BytesOf(address);
  if (mine.size() != other.size() || mine.empty()) return false;
  size_t whole = bits_ / 8;
  if (std::memcmp(mine.data(), other.data(), whole) != 0) return false;
  unsigned rest = bits_ % 8;
  if (rest == 0) return true;
  auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
  return ((mine[whole] ^ other[whole]) & mask) == 0;
}

}  // namespace sluice
