// What a Socket's descriptor tells, and its options.
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <utility>

#include "sluice/proxy.h"
#include "sluice/socket.h"
#include "sys/sys.h"
#include "sys/tcp_info.h"

namespace sluice {
namespace {

constexpr uint64_t kMaxIdleMs = uint64_t{1} << 53;  // far from overflow

// Whether a connection is one of IPv6, whatever addresses were told of it.
bool IsV6(int fd) {
  Address address;
  if (fd >= 0) (void)sys::LocalAddress(fd, &address);
  return address.family() == AF_INET6;
}

}  // namespace

void Socket::Fill(ConnectionInfo& info, bool tcp) const {
  info.peer = PeerAddress();
  info.local = LocalAddress();
  info.bytes_in = info.wire_bytes_in = bytes_read_;
  info.bytes_out = info.wire_bytes_out = bytes_written_;
  info.queued = queued();
  TcpInfo found;
  if (tcp && info.peer.is_ip() && sys::GetTcpInfo(fd_, &found) == 0) info.tcp = found;
}

uint64_t Socket::Unacknowledged(uint64_t* sent) const {
  *sent = bytes_written_;
  return fd_ >= 0 ? sys::Unacknowledged(fd_) : 0;
}

uint64_t Socket::Unread() const {
  return fd_ >= 0 && reading_ ? sys::Unread(fd_) : 0;
}

Address Socket::LocalAddress() const {
  if (proxied_ && !proxied_->local) return proxied_->destination;
  Address address;
  if (fd_ >= 0) (void)sys::LocalAddress(fd_, &address);
  return address;
}

Address Socket::PeerAddress() const {
  if (proxied_ && !proxied_->local) return proxied_->source;
  if (peer_) return peer_.unpack();
  Address address;
  if (fd_ >= 0) (void)sys::PeerAddress(fd_, &address);
  return address;
}

int Socket::SetNoDelay(bool on) {
  return -sys::SetOption(fd_, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0);
}

int Socket::SetTypeOfService(int value) {
  bool v6 = IsV6(fd_);
  return -(v6 ? sys::SetOption(fd_, IPPROTO_IPV6, IPV6_TCLASS, value)
              : sys::SetOption(fd_, IPPROTO_IP, IP_TOS, value));
}

int Socket::GetTypeOfService(int* value) const {
  bool v6 = IsV6(fd_);
  return -(v6 ? sys::GetOption(fd_, IPPROTO_IPV6, IPV6_TCLASS, value)
              : sys::GetOption(fd_, IPPROTO_IP, IP_TOS, value));
}

int Socket::SetKeepAlive(bool on, unsigned delay_seconds, unsigned interval_seconds,
                         unsigned count) {
  const std::pair<int, unsigned> settings[] = {
      {TCP_KEEPIDLE, delay_seconds}, {TCP_KEEPINTVL, interval_seconds}, {TCP_KEEPCNT, count}};
  int result = sys::SetOption(fd_, SOL_SOCKET, SO_KEEPALIVE, on ? 1 : 0);
  for (auto [option, value] : settings)
    if (result == 0 && on && value > 0)
      result = sys::SetOption(fd_, IPPROTO_TCP, option, static_cast<int>(value));
  return -result;
}

void Socket::SetIdleTimeout(uint64_t ms) {
  if (fd_ < 0) return;
  idle_ms_ = std::min(ms, kMaxIdleMs);
  idle_reported_ = false;
  // A timer that runs is left as it is, and looks at the limit when it fires: who sets and clears
  // one for each message moves nothing in the loop's heap.
  if (ms == 0) return;
  idle_from_ = loop_.Refresh();
  uint64_t due = idle_from_ + idle_ms_;
  if (!idle_timer_) idle_timer_ = std::make_unique<Timer>(loop_, [this] { CheckIdle(); });
  if (!idle_timer_->active() || idle_timer_->when() > due) idle_timer_->SetAt(due);
}

void Socket::CheckIdle() {
  if (idle_ms_ == 0) {
    idle_timer_.reset();
    return;
  }
  uint64_t due = std::max({idle_from_, last_in_, last_out_}) + idle_ms_;
  if (loop_.now() < due) {
    idle_timer_->SetAt(due);
    return;
  }
  Ref<Socket> keep(this);
  idle_reported_ = true;
  handler_->OnIdle(*this);
}

}  // namespace sluice
