#include "ledger/event_ring.h"

#include <sys/mman.h>

#include <algorithm>

namespace sluice {
namespace {

std::atomic<size_t> ring_bytes{EventRing::kDefaultBytes};

// The first word of an event: 48 bits of time, kind, code.
constexpr unsigned kTimeShift = 16;
constexpr unsigned kKindShift = 8;

// Whoever sees a word sees what was stored before it.
void Store(uint64_t& word, uint64_t value) {
  std::atomic_ref(word).store(value, std::memory_order_release);
}
uint64_t Load(uint64_t& word) {
  return std::atomic_ref(word).load(std::memory_order_acquire);
}

}  // namespace

void EventRing::Unmap::operator()(uint64_t* words) const {
  munmap(words, bytes);
}

void EventRing::SetSize(size_t bytes) {
  ring_bytes = bytes;
}

EventRing::EventRing(int task) : capacity_(ring_bytes / kEventBytes), task_(task) {}

void EventRing::Add(const Event& event) {
  if (capacity_ == 0) return;
  if (!memory_) {
    // Pages of zeros that the system gives when they are written. calloc() writes them itself where
    // it takes them from the memory of a thread.
    size_t bytes = capacity_ * kEventBytes;
    void* memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = {static_cast<uint64_t*>(memory), Unmap{bytes}};
    words_.store(memory_.get(), std::memory_order_release);
  }
  uint64_t index = added_.load(std::memory_order_relaxed);
  // Whoever reads one of these words sees that its place is taken (Copy looks at added_ again).
  added_.store(index + 1, std::memory_order_relaxed);
  uint64_t* place = memory_.get() + index % capacity_ * kWords;
  Store(place[0],
        event.time_ms << kTimeShift | static_cast<uint64_t>(event.kind) << kKindShift | event.code);
  Store(place[1], event.connection);
  Store(place[2], event.a);
  Store(place[3], event.b);
  written_.store(index + 1, std::memory_order_release);
}

std::vector<Event> EventRing::Copy() const {
  std::vector<Event> events;
  uint64_t* words = words_.load(std::memory_order_acquire);
  uint64_t written = written_.load(std::memory_order_acquire);
  if (words == nullptr) return events;
  uint64_t first = written > capacity_ ? written - capacity_ : 0;
  for (uint64_t index = first; index < written; ++index) {
    uint64_t* place = words + index % capacity_ * kWords;
    uint64_t head = Load(place[0]);
    events.push_back({head >> kTimeShift, static_cast<EventKind>(head >> kKindShift & 0xFF),
                      static_cast<uint8_t>(head & 0xFF), Load(place[1]), Load(place[2]),
                      Load(place[3])});
  }
  uint64_t taken = added_.load(std::memory_order_relaxed);
  uint64_t kept = taken > capacity_ ? taken - capacity_ : 0;
  if (kept > first)
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(std::min<uint64_t>(
                                                      kept - first, events.size())));
  return events;
}

}  // namespace sluice
