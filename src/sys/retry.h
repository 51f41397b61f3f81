// Internal. Retry and WithoutSigpipe: how system calls are made that signals disturb.
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace sluice::sys {

// Retry calls until no signal interrupts the call; returns what it returned, or -errno.
template <class Call>
auto Retry(Call call) -> decltype(call()) {
  for (;;) {
    auto result = call();
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
  }
}

// WithoutSigpipe is Retry of a call that cannot be told to leave SIGPIPE out (MSG_NOSIGNAL).
template <class Call>
auto WithoutSigpipe(Call call) -> decltype(call()) {
  sigset_t pipe, before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  auto result = Retry(call);
  bool was_blocked = sigismember(&before, SIGPIPE) == 1;
  if (result == -EPIPE && !was_blocked) {  // take the signal before it is let through
    timespec at_once{};
    (void)sigtimedwait(&pipe, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

}  // namespace sluice::sys
