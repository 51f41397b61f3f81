#include "stream/proxy_header.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace sluice {
namespace {

using Bytes = std::span<const uint8_t>;
using State = ProxyReading::State;

constexpr uint8_t kSignature[] = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
constexpr std::string_view kWord = "PROXY ";
constexpr size_t kMostV1 = 107;  // bytes, with CR LF
constexpr size_t kFixedV2 = 16;  // bytes before the addresses

ProxyReading Bad(const char* reason) {
  return {State::kBad, 0, 0, reason};
}
ProxyReading More(size_t have, size_t wanted) {
  return {State::kMore, have, wanted, nullptr};
}

// ---- Version 1: a line

std::optional<uint16_t> PortOf(std::string_view text) {
  constexpr size_t kDigits = 5;
  constexpr unsigned kMost = 65535;
  if (text.empty() || text.size() > kDigits || (text.size() > 1 && text[0] == '0'))
    return std::nullopt;
  unsigned port = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (port > kMost) return std::nullopt;
  return static_cast<uint16_t>(port);
}

std::optional<Address> IpOf(std::string_view text, int family, std::string_view port) {
  auto number = PortOf(port);
  if (!number || IpFamily(text) != family || text.find('%') != std::string_view::npos)
    return std::nullopt;
  return Address::Ip(text, *number);
}

const char* ReadLine(std::string_view line, ProxyHeader* header) {
  line.remove_prefix(kWord.size());
  std::string_view words[5];
  size_t count = 0;
  while (count < std::size(words)) {
    size_t space = line.find(' ');
    words[count++] = line.substr(0, space);
    if (space == std::string_view::npos) break;
    line.remove_prefix(space + 1);
    if (count == std::size(words)) return "more words than five";
  }
  if (words[0] == "UNKNOWN") {
    header->local = true;
    return nullptr;
  }
  int family = words[0] == "TCP4" ? 4 : words[0] == "TCP6" ? 6 : 0;
  if (family == 0) return "a protocol that is not TCP4, TCP6 or UNKNOWN";
  if (count != std::size(words)) return "addresses or ports are missing";
  auto source = IpOf(words[1], family, words[3]);
  auto destination = IpOf(words[2], family, words[4]);
  if (!source || !destination) return "an address or port that is none";
  header->source = *source;
  header->destination = *destination;
  return nullptr;
}

ProxyReading ReadV1(Bytes bytes, ProxyHeader* header) {
  auto end = std::find(bytes.begin(), bytes.end(), '\n');
  auto length = static_cast<size_t>(end - bytes.begin());
  if (end == bytes.end()) {
    if (length >= kMostV1) return Bad("a line that is too long");
    auto cr = std::find(bytes.begin(), bytes.end(), '\r');
    if (cr != bytes.end() && cr + 1 != bytes.end()) return Bad("CR without LF");
    return More(length, kMostV1);
  }
  if (length + 1 > kMostV1) return Bad("a line that is too long");
  if (length < kWord.size() || bytes[length - 1] != '\r') return Bad("LF without CR");
  std::string_view line(reinterpret_cast<const char*>(bytes.data()), length - 1);
  if (line.find('\r') != std::string_view::npos) return Bad("CR without LF");
  if (const char* reason = ReadLine(line, header)) return Bad(reason);
  header->version = 1;
  header->bytes.assign(bytes.begin(), end + 1);
  return {State::kDone, length + 1, 0, nullptr};
}

// ---- Version 2: fixed fields, addresses, then TLVs

uint16_t Short(Bytes bytes) {
  return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

Address Ip(int family, Bytes host, uint16_t port) {
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, host.data(), sizeof v4.sin_addr);
    return Address::From(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, host.data(), sizeof v6.sin6_addr);
  return Address::From(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

Address Unix(Bytes field) {
  size_t length = field.size();
  while (length > 0 && field[length - 1] == 0) --length;
  std::string_view path(reinterpret_cast<const char*>(field.data()), length);
  return Address::Unix(path).value_or(Address());
}

// The kinds of addresses: the high half of the fourteenth byte.
enum Family : uint8_t { kUnspecified, kInet, kInet6, kUnix };
constexpr size_t kAddressSizes[] = {0, 12, 36, 216};

void ReadAddresses(uint8_t family, Bytes block, ProxyHeader* header) {
  if (family == kUnix) {
    header->source = Unix(block.first(block.size() / 2));
    header->destination = Unix(block.subspan(block.size() / 2));
    return;
  }
  int kind = family == kInet ? AF_INET : AF_INET6;
  size_t host = family == kInet ? sizeof(in_addr) : sizeof(in6_addr);
  Bytes ports = block.subspan(2 * host);
  header->source = Ip(kind, block.first(host), Short(ports));
  header->destination = Ip(kind, block.subspan(host, host), Short(ports.subspan(2)));
}

constexpr uint8_t kTypeCrc32c = 0x03;
constexpr uint8_t kTypeUniqueId = 0x05;
constexpr uint8_t kTypeSsl = 0x20;
constexpr size_t kMostUniqueId = 128;
constexpr size_t kTlvHead = 3;
constexpr size_t kSslHead = 5;  // client, verify
constexpr size_t kCrcSize = 4;

// Calls tell(type, value) for each; false where they do not end with the bytes.
template <typename Tell>
bool ForEachTlv(Bytes bytes, Tell tell) {
  while (!bytes.empty()) {
    if (bytes.size() < kTlvHead) return false;
    size_t length = Short(bytes.subspan(1));
    if (length > bytes.size() - kTlvHead) return false;
    tell(bytes[0], bytes.subspan(kTlvHead, length));
    bytes = bytes.subspan(kTlvHead + length);
  }
  return true;
}

const char* CheckCrc(Bytes header, Bytes value) {
  constexpr uint8_t kZeros[kCrcSize] = {};
  if (value.size() != kCrcSize) return "a checksum that is not 4 bytes long";
  auto before = static_cast<size_t>(value.data() - header.data());
  uint32_t crc = Crc32c(header.first(before));
  crc = Crc32c(kZeros, crc);
  crc = Crc32c(header.subspan(before + kCrcSize), crc);
  uint32_t told = 0;
  for (uint8_t byte : value) told = told << 8 | byte;
  return told == crc ? nullptr : "a checksum that is not the header's";
}

const char* CheckTlvs(Bytes header, Bytes tlvs) {
  const char* reason = nullptr;
  int checksums = 0;
  bool whole = ForEachTlv(tlvs, [&](uint8_t type, Bytes value) {
    const char* found = nullptr;
    if (type == kTypeCrc32c)
      found = ++checksums > 1 ? "two checksums" : CheckCrc(header, value);
    else if (type == kTypeUniqueId && value.size() > kMostUniqueId)
      found = "a unique id of more than 128 bytes";
    else if (type == kTypeSsl &&
             (value.size() < kSslHead ||
              !ForEachTlv(value.subspan(kSslHead), [](uint8_t, Bytes) {})))
      found = "fields of TLS that do not end with their block";
    if (reason == nullptr) reason = found;
  });
  return whole ? reason : "fields that do not end with the header";
}

ProxyReading ReadV2(Bytes bytes, const ProxyLimits& limits, ProxyHeader* header) {
  constexpr uint8_t kVersion2 = 2;
  constexpr uint8_t kLocal = 0;
  constexpr uint8_t kProxy = 1;
  constexpr uint8_t kStream = 1;
  if (bytes.size() < kFixedV2) return More(bytes.size(), kFixedV2);
  uint8_t command = bytes[12] & 15;
  uint8_t family = bytes[13] >> 4;
  uint8_t protocol = bytes[13] & 15;
  if (bytes[12] >> 4 != kVersion2) return Bad("a version that is not 2");
  if (command != kLocal && command != kProxy) return Bad("a command that is not LOCAL or PROXY");
  size_t size = kFixedV2 + Short(bytes.subspan(14));
  if (size > limits.most) return Bad("a header that is too long");
  bool known = family < std::size(kAddressSizes) && protocol <= kStream &&
               (family == kUnspecified) == (protocol == 0);
  if (command == kProxy && !known) return Bad("a family or protocol that is unknown");
  if (bytes.size() < size) return More(bytes.size(), size);
  bytes = bytes.first(size);
  Bytes block = bytes.subspan(kFixedV2);
  header->local = command == kLocal || family == kUnspecified;
  if (!header->local) {
    if (block.size() < kAddressSizes[family]) return Bad("addresses that are cut off");
    ReadAddresses(family, block.first(kAddressSizes[family]), header);
    if (const char* reason = CheckTlvs(bytes, block.subspan(kAddressSizes[family])))
      return Bad(reason);
  } else if (known && block.size() >= kAddressSizes[family]) {
    // What is not of a client's connection is skipped; a checksum holds all the same.
    const char* reason = nullptr;
    ForEachTlv(block.subspan(kAddressSizes[family]), [&](uint8_t type, Bytes value) {
      if (type == kTypeCrc32c && reason == nullptr) reason = CheckCrc(bytes, value);
    });
    if (reason != nullptr) return Bad(reason);
  }
  header->version = 2;
  header->bytes.assign(bytes.begin(), bytes.end());
  return {State::kDone, size, 0, nullptr};
}

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  constexpr uint32_t kPolynomial = 0x82F63B78;  // Castagnoli's, its bits reversed
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? kPolynomial : 0);
    table[i] = value;
  }
  return table;
}

}  // namespace

uint32_t Crc32c(std::span<const uint8_t> bytes, uint32_t so_far) {
  static constexpr auto kTable = MakeCrcTable();
  uint32_t crc = ~so_far;
  for (uint8_t byte : bytes) crc = crc >> 8 ^ kTable[(crc ^ byte) & 0xFF];
  return ~crc;
}

ProxyReading ReadProxyHeader(std::span<const uint8_t> bytes, const ProxyLimits& limits,
                             ProxyHeader* header) {
  auto begins = [&](auto& with) {
    return std::equal(bytes.begin(), bytes.begin() + std::min(bytes.size(), std::size(with)),
                      std::begin(with));
  };
  *header = {};
  if (bytes.empty()) return More(0, kFixedV2);
  if (limits.v2 && begins(kSignature)) return ReadV2(bytes, limits, header);
  if (limits.v1 && begins(kWord)) return ReadV1(bytes, header);
  return Bad("no header");
}

}  // namespace sluice
