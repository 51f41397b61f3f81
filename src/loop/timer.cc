// Timers are in a heap of the loop: the next one is on top, those of one moment in the order in
// which they were set.
#include <algorithm>
#include <cstdint>

#include "sluice/loop.h"

namespace sluice {
namespace {
bool Earlier(const Timer* a, uint64_t a_order, const Timer* b, uint64_t b_order) {
  return a->when() != b->when() ? a->when() < b->when() : a_order < b_order;
}
}  // namespace

void Timer::SetAfter(uint64_t ms) {
  // Callbacks may have taken long since the turn began.
  uint64_t when = loop_.Refresh() + ms;
  SetAt(when >= ms ? when : UINT64_MAX);
}

void Timer::SetAt(uint64_t when_ms) {
  // A timer that sets itself to a time long over must not stay ahead of the others for ever.
  when_ = std::max(when_ms, loop_.now_ms_);
  order_ = loop_.timer_order_++;
  if (index_ < 0) {
    loop_.timers_.push_back(this);
    loop_.HeapPlace(loop_.timers_.size() - 1, this);
  }
  loop_.HeapUp(static_cast<size_t>(index_));
  loop_.HeapDown(static_cast<size_t>(index_));
}

void Timer::Cancel() {
  if (index_ >= 0) loop_.HeapRemove(this);
}

void Loop::HeapPlace(size_t index, Timer* timer) {
  timers_[index] = timer;
  timer->index_ = static_cast<int32_t>(index);
}

void Loop::HeapUp(size_t index) {
  Timer* timer = timers_[index];
  while (index > 0) {
    size_t parent = (index - 1) / 2;
    if (!Earlier(timer, timer->order_, timers_[parent], timers_[parent]->order_)) break;
    HeapPlace(index, timers_[parent]);
    index = parent;
  }
  HeapPlace(index, timer);
}

void Loop::HeapDown(size_t index) {
  Timer* timer = timers_[index];
  for (;;) {
    size_t child = 2 * index + 1;
    if (child >= timers_.size()) break;
    if (child + 1 < timers_.size() && Earlier(timers_[child + 1], timers_[child + 1]->order_,
                                              timers_[child], timers_[child]->order_))
      ++child;
    if (!Earlier(timers_[child], timers_[child]->order_, timer, timer->order_)) break;
    HeapPlace(index, timers_[child]);
    index = child;
  }
  HeapPlace(index, timer);
}

void Loop::HeapRemove(Timer* timer) {
  size_t index = static_cast<size_t>(timer->index_);
  timer->index_ = -1;
  Timer* last = timers_.back();
  timers_.pop_back();
  if (last == timer) return;
  HeapPlace(index, last);
  HeapUp(index);
  HeapDown(static_cast<size_t>(last->index_));
}

int64_t Loop::TimeToNextTimer() const {
  if (timers_.empty()) return -1;
  uint64_t when = timers_.front()->when_;
  return when <= now_ms_ ? 0 : static_cast<int64_t>(when - now_ms_);
}

bool Loop::RunTimers() {
  bool ran = false;
  // Timers set by these callbacks wait for the next turn, even with a delay of 0.
  uint64_t limit = timer_order_;
  while (!timers_.empty()) {
    Timer* timer = timers_.front();
    if (timer->when_ > now_ms_ || timer->order_ >= limit) break;
    HeapRemove(timer);
    ran = true;
    auto callback = timer->callback_;
    (*callback)();
  }
  return ran;
}

}  // namespace sluice
