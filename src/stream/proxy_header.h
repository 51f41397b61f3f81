// Internal. The header of the PROXY protocol (sluice/proxy.h), read from bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sluice/proxy.h"

namespace sluice {

// ProxyReading is how far a header is known.
struct ProxyReading {
  enum class State { kMore, kDone, kBad };
  State state = State::kMore;
  // kMore and kDone: how many of the bytes are the header's: all, where it is not complete.
  size_t size = 0;
  // kMore: how long it is, or how much can be told of it at the earliest.
  size_t wanted = 0;
  const char* reason = nullptr;  // kBad: what is wrong with it
};

// ReadProxyHeader looks at the bytes that a connection begins with, from the first on, and fills in
// *header once it is complete.
ProxyReading ReadProxyHeader(std::span<const uint8_t> bytes, const ProxyLimits& limits,
                             ProxyHeader* header);

// Crc32c returns the checksum of RFC 3720 section B.4; of several pieces, with the one so far.
uint32_t Crc32c(std::span<const uint8_t> bytes, uint32_t so_far = 0);

}  // namespace sluice
