#include "ledger/pcapng.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace sluice::pcapng {
namespace {

constexpr uint32_t kSectionBlock = 0x0A0D0D0A, kInterfaceBlock = 1, kPacketBlock = 6,
                   kSecretsBlock = 10;
constexpr uint32_t kByteOrder = 0x1A2B3C4D;
constexpr uint32_t kTlsKeyLog = 0x544C534B;
constexpr uint16_t kRawLink = 101;
constexpr uint16_t kCommentOption = 1, kFlagsOption = 2;
constexpr uint8_t kWindowHigh = 0xFF;

template <class T>
void Put(std::string* out, T value) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

void Pad(std::string* out, size_t start) {
  while ((out->size() - start) % 4 != 0) out->push_back(0);
}

// Begins a block; returns where it begins.
size_t Begin(std::string* out, uint32_t type) {
  size_t start = out->size();
  Put(out, type);
  Put(out, uint32_t{0});
  return start;
}

void End(std::string* out, size_t start) {
  Pad(out, start);
  auto size = static_cast<uint32_t>(out->size() - start + sizeof(uint32_t));
  std::memcpy(out->data() + start + sizeof(uint32_t), &size, sizeof size);
  Put(out, size);
}

void PutOption(std::string* out, uint16_t code, std::string_view value) {
  Put(out, code);
  Put(out, static_cast<uint16_t>(value.size()));
  size_t start = out->size();
  out->append(value);
  Pad(out, start);
}

// Numbers of IP are big-endian.
void Put16(std::string* out, size_t value) {
  Put(out, htons(static_cast<uint16_t>(value)));
}
void Put32(std::string* out, uint32_t value) {
  Put(out, htonl(value));
}

std::string_view BytesOf(const Address& address) {
  if (address.family() == AF_INET) {
    const auto* ip = reinterpret_cast<const sockaddr_in*>(address.data());
    return {reinterpret_cast<const char*>(&ip->sin_addr), sizeof ip->sin_addr};
  }
  const auto* ip = reinterpret_cast<const sockaddr_in6*>(address.data());
  return {reinterpret_cast<const char*>(&ip->sin6_addr), sizeof ip->sin6_addr};
}

// RFC 1071, of the sum of 16-bit words.
uint32_t Sum(std::string_view bytes, uint32_t sum = 0) {
  uint64_t total = sum;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2)
    total += static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << 8 |
             static_cast<uint8_t>(bytes[i + 1]);
  if (bytes.size() % 2 != 0)
    total += static_cast<uint64_t>(static_cast<uint8_t>(bytes.back())) << 8;
  while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
  return static_cast<uint32_t>(total);
}

void SetChecksum(std::string* packet, size_t place, uint32_t sum) {
  uint16_t value = htons(static_cast<uint16_t>(~sum));
  std::memcpy(packet->data() + place, &value, sizeof value);
}

std::string Packet(const Segment& segment) {
  constexpr size_t kTcpHeader = 20, kIpv4Header = 20;
  std::string_view from = BytesOf(segment.from), to = BytesOf(segment.to);
  size_t tcp_size = kTcpHeader + segment.data.size();
  std::string packet;
  packet.reserve(tcp_size + 2 * from.size() + kIpv4Header);
  if (segment.from.family() == AF_INET) {
    constexpr size_t kChecksum = 10;
    packet += "\x45";
    packet.push_back(0);
    Put16(&packet, kIpv4Header + tcp_size);
    Put32(&packet, 0x4000);  // no number; not to be fragmented
    packet.push_back(64);    // hops
    packet.push_back(IPPROTO_TCP);
    Put16(&packet, 0);
    packet.append(from).append(to);
    SetChecksum(&packet, kChecksum, Sum(packet));
  } else {
    Put32(&packet, 0x60000000);
    Put16(&packet, tcp_size);
    packet.push_back(IPPROTO_TCP);
    packet.push_back(64);
    packet.append(from).append(to);
  }
  size_t start = packet.size();
  Put16(&packet, segment.from.port());
  Put16(&packet, segment.to.port());
  Put32(&packet, segment.sequence);
  Put32(&packet, segment.acknowledged);
  packet.push_back(kTcpHeader / 4 << 4);
  packet.push_back(static_cast<char>(segment.flags));
  packet.push_back(static_cast<char>(kWindowHigh));
  packet.push_back(static_cast<char>(kWindowHigh));
  constexpr size_t kTcpChecksum = 16;
  Put32(&packet, 0);  // the checksum, and no urgent data
  packet.append(reinterpret_cast<const char*>(segment.data.data()), segment.data.size());
  auto pseudo = Sum(to, Sum(from, static_cast<uint32_t>(tcp_size + IPPROTO_TCP)));
  SetChecksum(&packet, start + kTcpChecksum, Sum(std::string_view(packet).substr(start), pseudo));
  return packet;
}

}  // namespace

void AppendHead(std::string* out, uint32_t snap) {
  size_t section = Begin(out, kSectionBlock);
  Put(out, kByteOrder);
  Put(out, uint16_t{1});
  Put(out, uint16_t{0});
  Put(out, ~uint64_t{0});  // its length is not told
  PutOption(out, 4, "sluice");
  Put(out, uint32_t{0});
  End(out, section);
  size_t link = Begin(out, kInterfaceBlock);
  Put(out, kRawLink);
  Put(out, uint16_t{0});
  Put(out, snap);
  End(out, link);
}

void AppendSecrets(std::string* out, std::string_view lines) {
  size_t block = Begin(out, kSecretsBlock);
  Put(out, kTlsKeyLog);
  Put(out, static_cast<uint32_t>(lines.size()));
  out->append(lines);
  End(out, block);
}

void AppendSegment(std::string* out, const Segment& segment, uint64_t time, uint32_t snap) {
  std::string packet = Packet(segment);
  auto size = static_cast<uint32_t>(packet.size());
  uint32_t kept = std::min(size, snap);
  size_t block = Begin(out, kPacketBlock);
  Put(out, uint32_t{0});
  Put(out, static_cast<uint32_t>(time >> 32));
  Put(out, static_cast<uint32_t>(time));
  Put(out, kept);
  Put(out, size);
  size_t data = out->size();
  out->append(packet, 0, kept);
  Pad(out, data);
  Put(out, kFlagsOption);
  Put(out, uint16_t{sizeof(uint32_t)});
  Put(out, uint32_t{segment.inbound ? 1u : 2u});
  if (!segment.comment.empty()) PutOption(out, kCommentOption, segment.comment);
  Put(out, uint32_t{0});  // the end of the options
  End(out, block);
}

}  // namespace sluice::pcapng
