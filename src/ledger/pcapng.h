// Internal. Blocks of a pcapng file (draft-ietf-opsawg-pcapng), and the packets of TCP connections
// that never were packets: their bytes, as if they had gone over IP.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sluice/address.h"

namespace sluice::pcapng {

// AppendHead appends what a file begins with: a section, and one interface whose packets begin with
// their IP header (LINKTYPE_RAW) and have at most snap bytes.
void AppendHead(std::string* out, uint32_t snap);
// AppendSecrets appends a block of TLS secrets, lines of an NSS key log.
void AppendSecrets(std::string* out, std::string_view lines);

// A segment of a TCP connection.
struct Segment {
  const Address& from;  // both IPv4, or both IPv6
  const Address& to;
  uint32_t sequence;
  uint32_t acknowledged;
  uint8_t flags;  // kSyn and so on
  bool inbound;   // it came to this side
  std::span<const uint8_t> data;
  std::string_view comment = {};
};
constexpr uint8_t kFin = 1, kSyn = 2, kReset = 4, kPush = 8, kAck = 16;
// How much data a segment has at most.
constexpr size_t kMostData = 32 * 1024;

// AppendSegment appends a packet, of which snap bytes are kept; time in µs since 1970.
void AppendSegment(std::string* out, const Segment& segment, uint64_t time, uint32_t snap);

}  // namespace sluice::pcapng
