// What a socket tells captures.
#include <sys/uio.h>

#include <algorithm>

#include "ledger/capture.h"
#include "sluice/socket.h"

namespace sluice {

void Socket::CaptureRead(std::span<const uint8_t> data) {
  CaptureLevel level = above() != nullptr ? CaptureLevel::kWire : CaptureLevel::kBoth;
  CaptureBytes(*this, level, true, data, above() == nullptr);
}

void Socket::CaptureWritten(std::span<const iovec> parts, ssize_t written) {
  CaptureLevel level = above() != nullptr ? CaptureLevel::kWire : CaptureLevel::kBoth;
  auto left = static_cast<size_t>(written);
  for (const iovec& part : parts) {
    size_t size = std::min(left, part.iov_len);
    if (size == 0) break;
    left -= size;
    CaptureBytes(*this, level, false, {static_cast<const uint8_t*>(part.iov_base), size},
                 above() == nullptr);
  }
}

}  // namespace sluice
