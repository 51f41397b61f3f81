// How a socket tells that no byte moved for a while.
#include <algorithm>

#include "sluice/socket.h"
#include "stream/write_queue.h"

namespace sluice {
namespace {

constexpr uint64_t kMaxIdleMs = uint64_t{1} << 53;  // far from overflow

}  // namespace

void Socket::SetIdleTimeout(uint64_t ms) {
  if (fd_ < 0) return;
  ms = std::min(ms, kMaxIdleMs);
  idle_ms_ = ms;
  idle_reported_ = false;
  idle_from_ = loop_.Refresh();
  if (ms == 0) {
    idle_timer_.reset();
    return;
  }
  if (!idle_timer_) idle_timer_ = std::make_unique<Timer>(loop_, [this] { CheckIdle(); });
  idle_timer_->SetAt(idle_from_ + ms);
}

void Socket::CheckIdle() {
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
