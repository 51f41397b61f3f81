#include "sluice/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace sluice {
namespace {

bool ValidZone(std::string_view zone) {
  if (zone.empty()) return false;
  for (char c : zone) {
    bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '-' || c == '.' || c == ':' || c == '_' || c == '%';
    if (!ok) return false;
  }
  return true;
}

// inet_pton(3) wants a terminated string; text with a NUL inside is no literal.
bool Parse(int family, std::string_view text, void* out) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return false;
  buffer[text.copy(buffer, text.size())] = '\0';
  return inet_pton(family, buffer, out) == 1;
}

}  // namespace

int IpFamily(std::string_view text) {
  in6_addr unused;
  if (Parse(AF_INET, text, &unused)) return 4;
  size_t percent = text.find('%');
  if (percent != std::string_view::npos) {
    if (!ValidZone(text.substr(percent + 1))) return 0;
    text = text.substr(0, percent);
  }
  return Parse(AF_INET6, text, &unused) ? 6 : 0;
}

std::optional<Address> Address::Ip(std::string_view text, uint16_t port) {
  Address result;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&result.storage_);
  if (Parse(AF_INET, text, &v4->sin_addr)) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    result.size_ = sizeof *v4;
    return result;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&result.storage_);
  size_t percent = text.find('%');
  uint32_t scope = 0;
  if (percent != std::string_view::npos) {
    std::string zone(text.substr(percent + 1));
    if (!ValidZone(zone)) return std::nullopt;
    auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), scope);
    if (error != std::errc() || end != zone.data() + zone.size()) {
      scope = if_nametoindex(zone.c_str());
      if (scope == 0) return std::nullopt;
    }
    text = text.substr(0, percent);
  }
  result.storage_ = {};
  if (!Parse(AF_INET6, text, &v6->sin6_addr)) return std::nullopt;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  v6->sin6_scope_id = scope;
  result.size_ = sizeof *v6;
  return result;
}

std::optional<Address> Address::Unix(std::string_view path) {
  Address result;
  auto* address = reinterpret_cast<sockaddr_un*>(&result.storage_);
  if (path.empty() || path.size() >= sizeof address->sun_path) return std::nullopt;
  bool abstract = path.front() == '\0';
  if (!abstract && path.find('\0') != std::string_view::npos) return std::nullopt;
  address->sun_family = AF_UNIX;
  std::memcpy(address->sun_path, path.data(), path.size());
  result.size_ =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1));
  return result;
}

Address Address::From(const sockaddr* address, socklen_t length) {
  Address result;
  if (address == nullptr || length < sizeof(sa_family_t)) return result;
  length = std::min<socklen_t>(length, sizeof result.storage_);
  std::memcpy(&result.storage_, address, length);
  result.size_ = length;
  return result;
}

uint16_t Address::port() const {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  if (family() == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port);
  return 0;
}

void Address::set_port(uint16_t port) {
  if (family() == AF_INET) reinterpret_cast<sockaddr_in*>(&storage_)->sin_port = htons(port);
  if (family() == AF_INET6) reinterpret_cast<sockaddr_in6*>(&storage_)->sin6_port = htons(port);
}

std::string Address::host() const {
  char buffer[INET6_ADDRSTRLEN + IF_NAMESIZE + 2];
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr, buffer,
              sizeof buffer);
    return buffer;
  }
  if (family() == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage_);
    inet_ntop(AF_INET6, &v6->sin6_addr, buffer, sizeof buffer);
    std::string text = buffer;
    if (v6->sin6_scope_id != 0) {
      char name[IF_NAMESIZE];
      text += '%';
      text += if_indextoname(v6->sin6_scope_id, name) != nullptr
                  ? std::string(name)
                  : std::to_string(v6->sin6_scope_id);
    }
    return text;
  }
  if (family() == AF_UNIX) {
    const auto* local = reinterpret_cast<const sockaddr_un*>(&storage_);
    // The kernel may report one byte more than fits (unix(7), BUGS).
    size_t length = std::min<size_t>(size_, sizeof *local) - offsetof(sockaddr_un, sun_path);
    if (length > 0 && local->sun_path[0] != '\0') length = strnlen(local->sun_path, length);
    return std::string(local->sun_path, length);
  }
  return {};
}

std::string Address::text() const {
  if (family() == AF_INET6) return "[" + host() + "]:" + std::to_string(port());
  if (family() == AF_INET) return host() + ":" + std::to_string(port());
  std::string path = host();
  if (!path.empty() && path.front() == '\0') path.front() = '@';
  return path;
}

PackedIp::PackedIp(const Address& address) {
  if (address.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.data());
    std::memcpy(ip_, &v4->sin_addr, sizeof v4->sin_addr);
    port_ = v4->sin_port;
    family_ = AF_INET;
  } else if (address.family() == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.data());
    std::memcpy(ip_, &v6->sin6_addr, sizeof v6->sin6_addr);
    port_ = v6->sin6_port;
    scope_ = v6->sin6_scope_id;
    family_ = AF_INET6;
  }
}

Address PackedIp::unpack() const {
  if (family_ == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = port_;
    std::memcpy(&v4.sin_addr, ip_, sizeof v4.sin_addr);
    return Address::From(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  if (family_ == AF_INET6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = port_;
    v6.sin6_scope_id = scope_;
    std::memcpy(&v6.sin6_addr, ip_, sizeof v6.sin6_addr);
    return Address::From(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  }
  return {};
}

}  // namespace sluice
