#include <algorithm>
#include <utility>

#include "sluice/loop.h"
#include "sys/sys.h"

namespace sluice {

void Mailbox::MakeRoom(size_t more) {
  size_t needed = tasks_.size() + reserved_ + more;
  if (needed > tasks_.capacity()) tasks_.reserve(std::max(needed, 2 * tasks_.capacity()));
}

bool Mailbox::Put(std::function<void()> task) {
  if (closed_) return false;
  tasks_.push_back(std::move(task));
  if (!woken_) sys::SignalEventFd(event_fd_);
  woken_ = true;
  return true;
}

bool Mailbox::Post(std::function<void()> task) {
  std::lock_guard lock(mutex_);
  MakeRoom(1);
  return Put(std::move(task));
}

void Mailbox::Reserve() {
  std::lock_guard lock(mutex_);
  MakeRoom(1);
  ++reserved_;
}

bool Mailbox::PostReserved(std::function<void()> task) noexcept {
  std::lock_guard lock(mutex_);
  --reserved_;
  return Put(std::move(task));
}

void Mailbox::Wake() {
  std::lock_guard lock(mutex_);
  if (closed_ || woken_) return;
  woken_ = true;
  sys::SignalEventFd(event_fd_);
}

}  // namespace sluice
