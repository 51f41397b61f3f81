#include "loop/wait_timer.h"

#include <sys/epoll.h>

#include "base/switch.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr uint32_t kWaitsBefore = 64;

bool TimerIsOff() {
  static const bool off = TurnedOff("SLUICE_WAIT_TIMER");
  return off;
}

}  // namespace

WaitTimer::~WaitTimer() {
  Leave();
}

void WaitTimer::Leave() {
  if (fd_ >= 0) sys::Close(fd_);
  fd_ = -1;
  armed_ms_ = 0;
}

// Without a descriptor for it, it is tried again after as many waits.
bool WaitTimer::Open(int epoll_fd) {
  waits_ = 0;
  if (TimerIsOff()) return false;
  fd_ = sys::TimerFd();
  // It is never read: each time it fires, it tells once.
  if (fd_ >= 0 && sys::EpollSet(epoll_fd, fd_, EPOLLIN | EPOLLET, 0, kData) == 0) return true;
  Leave();
  return false;
}

int64_t WaitTimer::Arm(int epoll_fd, uint64_t now_ms, int64_t timeout_ms) {
  if (timeout_ms <= 0) return timeout_ms;
  if (fd_ < 0 && (++waits_ < kWaitsBefore || !Open(epoll_fd))) return timeout_ms;
  const uint64_t due = now_ms + static_cast<uint64_t>(timeout_ms);
  if (armed_ms_ != 0 && armed_ms_ <= due) return -1;
  if (sys::SetTimerFd(fd_, due) != 0) return timeout_ms;
  armed_ms_ = due;
  return -1;
}

}  // namespace sluice
