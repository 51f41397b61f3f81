// Internal. Questions to loops, by threads that wait for them no longer than a moment.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "sluice/ledger.h"

namespace sluice::control {

// How long a task is waited for that is asked; then it counts as stuck.
constexpr std::chrono::milliseconds kPatience{250};
// Snapshots of a turn of a loop: some 0.2 ms, with TCP_INFO.
constexpr size_t kAtOnce = 64;

// The reply of a loop. Whoever has not begun to answer when nobody waits any more shall not.
template <class T>
class Reply {
 public:
  // Begin returns whether somebody waits still: Give must follow soon.
  bool Begin() {
    std::lock_guard lock(mutex_);
    begun_ = !abandoned_;
    return begun_;
  }
  void Give(T value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
    given_.notify_one();
  }
  std::optional<T> Wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    given_.wait_for(lock, patience, [this] { return value_.has_value(); });
    if (begun_) given_.wait(lock, [this] { return value_.has_value(); });
    abandoned_ = !value_.has_value();
    return std::move(value_);
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable given_;
  bool begun_ = false;
  bool abandoned_ = false;
  std::optional<T> value_;
};

// Ask runs question on the loop's thread; nothing, and it is not run later, if the loop does not
// turn in time, or is gone.
template <class T>
std::optional<T> Ask(const Ledger::LoopEntry& loop, std::function<T(Loop&)> question) {
  auto reply = std::make_shared<Reply<T>>();
  bool posted = loop.mailbox->Post([reply, question = std::move(question)] {
    if (reply->Begin()) reply->Give(question(*Loop::Current()));
  });
  return posted ? reply->Wait(kPatience) : std::nullopt;
}

// EachChunk lists a loop's open connections, some at a turn, until with() returns false. With
// TCP_INFO if tcp. Returns false if the loop does not turn in time, or is gone.
template <class With>
bool EachChunk(const Ledger::LoopEntry& loop, bool tcp, With with) {
  struct Chunk {
    std::vector<ConnectionInfo> list;
    size_t next = 0;
  };
  size_t place = 0;
  do {
    auto chunk = Ask<Chunk>(loop, [place, tcp](Loop& asked) {
      Chunk found;
      found.next = Ledger::List(asked, place, kAtOnce, tcp, &found.list);
      return found;
    });
    if (!chunk) return false;
    if (!with(chunk->list)) return true;
    place = chunk->next;
  } while (place != 0);
  return true;
}

}  // namespace sluice::control
