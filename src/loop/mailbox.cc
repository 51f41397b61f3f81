#include <utility>

#include "sluice/loop.h"
#include "sys/sys.h"

namespace sluice {

bool Mailbox::Post(std::function<void()> task) {
  Tasks tasks;
  tasks.push_back(std::move(task));
  return PostAll(std::move(tasks));
}

bool Mailbox::PostAll(Tasks tasks) noexcept {
  std::lock_guard lock(mutex_);
  if (closed_) return false;  // tasks die after the lock: they may post
  tasks_.splice(tasks_.end(), tasks);
  if (!woken_) sys::SignalEventFd(event_fd_);
  woken_ = true;
  return true;
}

void Mailbox::Wake() {
  std::lock_guard lock(mutex_);
  if (closed_ || woken_) return;
  woken_ = true;
  sys::SignalEventFd(event_fd_);
}

}  // namespace sluice
