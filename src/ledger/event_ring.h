// Internal. EventRing: what happened last in a loop, in events of a fixed size.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace sluice {

// What happened. docs/observe.md has the names, src/ledger/event_json.cc what a and b are of each.
enum class EventKind : uint8_t {
  kOpened,           // a connection; code: its side and transport
  kConnected,        // an attempt succeeded
  kSecure,           // a handshake was done; a: µs that it took
  kHandshakeFailed,  // code: HandshakeFailure
  kQueued,           // a write waits for the peer; a: bytes
  kDrained,          // nothing waits any more
  kClosed,           // code: CloseCode; a, b: bytes in and out
  kRefused,          // code: Refusal; a: how many connections
  kAcceptFailed,     // a: errno value
  kSlowTurn,         // a: ms that a turn of the loop took
  kEnded,            // the loop did
};

struct Event {
  uint64_t time_ms;  // of Loop::now()
  EventKind kind;
  uint8_t code;
  uint64_t connection;  // 0: of none
  uint64_t a;
  uint64_t b;
};

// EventRing has the last events of one loop: 32 bytes each, written by its thread alone without a
// lock, read by any. Its memory is taken with the first event, and becomes resident as it fills.
class EventRing {
 public:
  static constexpr size_t kEventBytes = 32;
  static constexpr size_t kDefaultBytes = 256 * 1024;
  static constexpr size_t kLeastBytes = 4096;
  static constexpr size_t kMostBytes = size_t{1} << 30;

  // SetSize tells how large rings are that are made from now on, 0 for none. Before the first loop.
  static void SetSize(size_t bytes);

  explicit EventRing(int task = 0);
  EventRing(const EventRing&) = delete;
  EventRing& operator=(const EventRing&) = delete;

  void set_task(int task) { task_ = task; }
  int task() const { return task_; }  // any thread
  // The loop's thread.
  void Add(const Event& event);
  // Copy returns the events, the oldest first. What is overwritten meanwhile is left out. Any
  // thread.
  std::vector<Event> Copy() const;

 private:
  static constexpr size_t kWords = kEventBytes / sizeof(uint64_t);
  struct Unmap {
    size_t bytes;
    void operator()(uint64_t* words) const;
  };

  const size_t capacity_;  // events
  std::atomic<int> task_;
  std::unique_ptr<uint64_t[], Unmap> memory_;
  std::atomic<uint64_t*> words_{
      nullptr};                       // of memory_, once there is some; each is used atomically
  std::atomic<uint64_t> added_{0};    // events since the start, with one that is being written
  std::atomic<uint64_t> written_{0};  // without it
};

}  // namespace sluice
