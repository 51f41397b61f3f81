// A libFuzzer target: headers of the PROXY protocol. targets.py builds and runs it.
#include "stream/proxy_header.h"

#include <cstdlib>
#include <span>

namespace {

using sluice::ProxyReading;

void Expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::span<const uint8_t> bytes(data, size);
  sluice::ProxyLimits limits;
  sluice::ProxyHeader header;
  ProxyReading reading = sluice::ReadProxyHeader(bytes, limits, &header);
  Expect(reading.size <= size);
  if (reading.state == ProxyReading::State::kMore)
    Expect(reading.size == size && reading.wanted > size);
  if (reading.state != ProxyReading::State::kDone) return 0;
  Expect(header.bytes.size() == reading.size && reading.size <= limits.most);
  Expect(header.local || header.version == 2 || header.source.is_ip());
  // Whatever comes in pieces is read as if it had come at once, and what follows is not looked at.
  for (size_t length = 0; length < reading.size; ++length) {
    sluice::ProxyHeader part;
    Expect(sluice::ReadProxyHeader(bytes.first(length), limits, &part).state ==
           ProxyReading::State::kMore);
  }
  return 0;
}
