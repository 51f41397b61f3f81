// Internal. WaitTimer: a loop's sleep ends in time without a time-out of its own.
#pragma once

#include <cstdint>

namespace sluice {

// A sleep with a time-out has the kernel set a timer and take it back, 0.3 to 0.5 µs each time; a
// timerfd(2) stays set while the next deadline does, and where that went away it fires for nothing,
// once. It is opened after some sleeps: programs that sleep little do without. Not with
// SLUICE_WAIT_TIMER=0 in the environment. Loop thread.
class WaitTimer {
 public:
  // What epoll tells of it.
  static constexpr uint64_t kData = ~uint64_t{1};

  WaitTimer() = default;
  WaitTimer(const WaitTimer&) = delete;
  WaitTimer& operator=(const WaitTimer&) = delete;
  ~WaitTimer();

  // Arm returns the time-out to wait with: timeout_ms, or -1 where the timer is set to now_ms +
  // timeout_ms or before. Times are those of the monotonic clock.
  int64_t Arm(int epoll_fd, uint64_t now_ms, int64_t timeout_ms);
  // Fired tells that epoll told of it.
  void Fired() { armed_ms_ = 0; }
  // Leave tells that the epoll descriptor is another one from here on.
  void Leave();

 private:
  bool Open(int epoll_fd);

  int fd_ = -1;
  uint32_t waits_ = 0;  // with a time-out, before it was opened
  uint64_t armed_ms_ = 0;  // 0: not set
};

}  // namespace sluice
