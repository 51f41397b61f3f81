#include "ledger/peer_filter.h"

namespace sluice {

std::optional<PeerFilter> PeerFilter::Parse(std::string_view text) {
  PeerFilter filter;
  filter.range_ = AddressRange::Parse(text);
  if (filter.range_) return filter;
  if (auto scoped = Address::Ip(text, 0)) {  // fe80::1%eth0
    filter.path_ = scoped->host();
    return filter;
  }
  constexpr std::string_view kBeginnings{"/.@\0", 4};
  if (text.empty() || kBeginnings.find(text[0]) == std::string_view::npos) return std::nullopt;
  filter.path_ = text;
  if (text[0] == '@') filter.path_[0] = '\0';
  return filter;
}

bool PeerFilter::Fits(const ConnectionInfo& info) const {
  if (range_) return range_->Contains(info.peer);
  auto is = [this](const Address& end) {
    return end.host() == path_ || (!end.is_ip() && "./" + end.host() == path_);
  };
  return is(info.peer) || (!info.local.is_ip() && is(info.local));
}

}  // namespace sluice
