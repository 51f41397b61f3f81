// Internal. Keying material of TLS 1.3 for others (RFC 8446, section 7.5).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tls/record_aead.h"

namespace sluice {

// ExportKeyingMaterial fills out from a connection's exporter master secret; false if label or out
// are too long. No context is the same as an empty one.
bool ExportKeyingMaterial(RecordSuite suite, std::span<const uint8_t> secret,
                          std::string_view label, std::span<const uint8_t> context,
                          std::span<uint8_t> out);

}  // namespace sluice
