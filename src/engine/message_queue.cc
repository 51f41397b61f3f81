#include "engine/message_queue.h"

#include <chrono>

#include "sim/calls.h"
#include "sys/sys.h"

namespace sluice::js {

MessageQueue::~MessageQueue() {
  if (event_fd_ >= 0) sys::Close(event_fd_);
}

bool MessageQueue::Push(Message message) {
  std::lock_guard lock(mutex_);
  size_t size = message.size();
  if (closed_ || messages_.size() >= kMaxMessages || size > capacity_ || size_ > capacity_ - size)
    return false;
  size_ += size;
  messages_.push_back(std::move(message));
  WakeWaiter();
  UpdateDescriptor();
  Notify();
  return true;
}

std::optional<Message> MessageQueue::Pop() {
  std::lock_guard lock(mutex_);
  if (messages_.empty()) return std::nullopt;
  Message message = std::move(messages_.front());
  messages_.pop_front();
  size_ -= message.size();
  UpdateDescriptor();
  return message;
}

std::optional<Message> MessageQueue::WaitSimulated(int64_t timeout_ms) {
  for (bool woken = true; woken;) {
    if (auto message = Pop()) return message;
    {
      std::lock_guard lock(mutex_);
      if (interrupted_) return std::nullopt;
      waiter_ = sim::Running();
    }
    woken = sim::Park(timeout_ms);
    std::lock_guard lock(mutex_);
    waiter_ = nullptr;
  }
  return std::nullopt;
}

// The lock is held.
void MessageQueue::WakeWaiter() {
  arrived_.notify_all();
  if (waiter_ != nullptr) sim::Wake(waiter_);
}

std::optional<Message> MessageQueue::Wait(int64_t timeout_ms) {
  if (sim::Active()) return WaitSimulated(timeout_ms);
  {
    std::unique_lock lock(mutex_);
    auto ready = [this] { return interrupted_ || !messages_.empty(); };
    if (timeout_ms < 0)
      arrived_.wait(lock, ready);
    else
      arrived_.wait_for(lock, std::chrono::milliseconds(timeout_ms), ready);
    if (interrupted_ && messages_.empty()) return std::nullopt;
  }
  return Pop();
}

void MessageQueue::Interrupt() {
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  WakeWaiter();
}

void MessageQueue::Resume() {
  std::lock_guard lock(mutex_);
  interrupted_ = false;
}

void MessageQueue::Clear() {
  std::deque<Message> gone;
  std::lock_guard lock(mutex_);
  gone.swap(messages_);
  size_ = 0;
  UpdateDescriptor();
}

void MessageQueue::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    mailbox_ = nullptr;
  }
  Clear();
}

size_t MessageQueue::size() const {
  std::lock_guard lock(mutex_);
  return size_;
}

size_t MessageQueue::capacity() const {
  std::lock_guard lock(mutex_);
  return capacity_;
}

void MessageQueue::set_capacity(size_t bytes) {
  std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void MessageQueue::Listen(std::shared_ptr<Mailbox> mailbox, void (*deliver)()) {
  std::lock_guard lock(mutex_);
  mailbox_ = std::move(mailbox);
  deliver_ = deliver;
  posted_ = false;
  Notify();
}

int MessageQueue::Descriptor() {
  std::lock_guard lock(mutex_);
  if (event_fd_ < 0) {
    event_fd_ = sys::EventFd();
    signalled_ = false;
    UpdateDescriptor();
  }
  return event_fd_;
}

// The lock is held.
void MessageQueue::Notify() {
  if (!mailbox_ || posted_ || messages_.empty()) return;
  posted_ = mailbox_->Post(deliver_);
}

// The lock is held.
void MessageQueue::UpdateDescriptor() {
  if (event_fd_ < 0 || signalled_ == !messages_.empty()) return;
  signalled_ = !signalled_;
  signalled_ ? sys::SignalEventFd(event_fd_) : sys::DrainEventFd(event_fd_);
}

}  // namespace sluice::js
