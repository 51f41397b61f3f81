// Internal. PeerFilter: connections by their peers, as people name those.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/address_range.h"
#include "sluice/ledger.h"

namespace sluice {

// PeerFilter is an IP address, a range of them, or the path of a Unix socket.
class PeerFilter {
 public:
  // What Parse takes, for errors.
  static constexpr const char* kExpected =
      "an IP address, a range of them as 10.0.0.0/8, or the path of a Unix socket";
  // Parse returns nothing for any other text. A path begins with / or ., an abstract name with @.
  static std::optional<PeerFilter> Parse(std::string_view text);
  // Of a Unix connection either end counts: that of the client has no name.
  bool Fits(const ConnectionInfo& info) const;

 private:
  std::optional<AddressRange> range_;
  std::string path_;  // or an address with its zone, where there is no range
};

}  // namespace sluice
