// Internal. MessageQueue: the messages that other tasks sent to one task.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sluice/loop.h"

namespace sluice::sim {
struct Thread;
}

namespace sluice::js {

// Message is a copy of what was sent: no object of an engine crosses threads.
struct Message {
  // The numbers are those of lib/internal/task/messages.js.
  enum class Kind : uint8_t { kNone, kText, kJsonText, kBytes };
  Kind kind = Kind::kNone;
  int from = 0;         // the sender's task id
  std::u16string text;  // kText, kJsonText
  std::unique_ptr<uint8_t[]> bytes;
  size_t byte_count = 0;
  std::u16string addition;  // kBytes: JSON of what goes with them, "" for nothing

  // size returns what the message counts for in a queue, in bytes: two a character.
  size_t size() const { return 2 * (text.size() + addition.size()) + byte_count; }
};

// MessageQueue keeps messages in order, up to a size and a number. Any thread, where not said
// otherwise.
class MessageQueue {
 public:
  static constexpr size_t kDefaultCapacity = 1024 * 1024;
  static constexpr size_t kMaxMessages = 16384;  // so that empty ones are bounded too

  MessageQueue() = default;
  ~MessageQueue();
  MessageQueue(const MessageQueue&) = delete;
  MessageQueue& operator=(const MessageQueue&) = delete;

  // Push appends; false if the queue is full or closed.
  bool Push(Message message);
  // Pop takes the first message, if there is one.
  std::optional<Message> Pop();
  // Wait takes the first message, waiting for it at most timeout_ms (-1: for ever); nothing when
  // the time is over or Interrupt() was called. Its task's thread.
  std::optional<Message> Wait(int64_t timeout_ms);
  // Interrupt ends this Wait and all later ones until Resume.
  void Interrupt();
  void Resume();
  void Clear();
  void Close();  // refuses messages from now on

  size_t size() const;
  size_t capacity() const;
  void set_capacity(size_t bytes);

  // Listen posts deliver to mailbox whenever messages are there, until Listen with null; deliver
  // asks by Listen again when it left some. Its task's thread.
  void Listen(std::shared_ptr<Mailbox> mailbox, void (*deliver)());
  // Descriptor returns an eventfd that is readable while messages wait; -errno on failure. It
  // belongs to the queue.
  int Descriptor();

 private:
  // Wait in a simulation, whose time it is that passes.
  std::optional<Message> WaitSimulated(int64_t timeout_ms);
  void WakeWaiter();
  void Notify();
  void UpdateDescriptor();

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  std::deque<Message> messages_;
  size_t size_ = 0;
  size_t capacity_ = kDefaultCapacity;
  bool closed_ = false;
  bool interrupted_ = false;
  std::shared_ptr<Mailbox> mailbox_;
  void (*deliver_)() = nullptr;
  bool posted_ = false;
  int event_fd_ = -1;
  bool signalled_ = false;
  sim::Thread* waiter_ = nullptr;  // who waits in a simulation
};

}  // namespace sluice::js
