// Public. The event loop: one per thread, level-triggered epoll(7), timers, tasks from other
// threads.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sluice/error.h"
#include "sluice/ref.h"

struct epoll_event;

namespace sluice {

class HeapTrim;
class Loop;
class WaitTimer;

// Watcher is told when its descriptor is ready. It does not own the descriptor. It may outlive the
// loop, without a descriptor then. Loop thread.
class Watcher {
 public:
  static constexpr uint32_t kRead = 1;    // EPOLLIN
  static constexpr uint32_t kWrite = 4;   // EPOLLOUT
  static constexpr uint32_t kErrors = 8;  // EPOLLERR: failures and hang-ups alone

  // owner is what the loop holds by a reference while it calls the watcher.
  Watcher(Loop& loop, RefCounted& owner);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 protected:
  virtual ~Watcher();

  // OnReady reports epoll events (EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP). The loop holds a
  // reference to the owner during the call. Events may be stale: a call that finds nothing to do
  // must be prepared for EAGAIN.
  virtual void OnReady(uint32_t events) = 0;
  // OnWatchFailed tells that the kernel refuses to watch the descriptor: EBADF, ENOMEM, ENOSPC
  // (epoll_ctl(2)). Default: OnReady(EPOLLERR). Plain files never come here: they are always
  // ready.
  virtual void OnWatchFailed(int error);
  // OnLoopEnd tells that the loop is going away: Unwatch and close now.
  virtual void OnLoopEnd() = 0;

  // Watch sets the descriptor and the wanted events; changes reach the kernel before the next
  // wait, so that setting and clearing within one turn costs nothing. With 0 the descriptor is
  // taken out of epoll altogether: errors and hang-ups are then not reported either.
  void Watch(int fd, uint32_t interest);
  // Unwatch forgets the descriptor. Call it before the descriptor is closed; closing tells that
  // the caller closes it now, which takes it out of epoll without a call of our own.
  void Unwatch(bool closing = false);
  // interest returns the events that are wanted.
  uint32_t interest() const { return interest_; }

 private:
  friend class Loop;
  void Link(Watcher** list);
  void Unlink();

  Loop* watcher_loop_;  // null after the loop's end
  RefCounted& owner_;
  Watcher** link_ = nullptr;  // what points to this one in the loop's list of all watchers
  Watcher* next_ = nullptr;
  int watched_fd_ = -1;
  uint32_t interest_ = 0;    // wanted
  uint32_t registered_ = 0;  // known to the kernel
  int32_t slot_ = -1;        // index in the loop's table, -1 while not in it
  int32_t dirty_ = -1;       // index in the loop's list of changes, -1 while not in it
};

// Timer calls its function once at its time; set it again to repeat. Setting, re-setting and
// cancelling are O(log n). Destroying it cancels it, also from within its function. The loop's end
// cancels it too. A timer does not keep Loop::Run going. Loop thread.
class Timer {
 public:
  // A timer of loop, not armed, that will call callback.
  Timer(Loop& loop, std::function<void()> callback)
      : loop_(loop), callback_(std::make_shared<std::function<void()>>(std::move(callback))) {}
  ~Timer() { Cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // SetAt arms the timer for a time of Loop::now(), in ms; a time that is over means now.
  void SetAt(uint64_t when_ms);
  // SetAfter arms the timer ms milliseconds from the moment of the call.
  void SetAfter(uint64_t ms);
  // Cancel disarms the timer.
  void Cancel();
  // active returns whether the timer is armed.
  bool active() const { return index_ >= 0; }
  // when returns the time for which it was last armed, in ms of Loop::now().
  uint64_t when() const { return when_; }

 private:
  friend class Loop;
  Loop& loop_;
  // Shared with the call that runs: the function may destroy the timer.
  std::shared_ptr<std::function<void()>> callback_;
  uint64_t when_ = 0;
  uint64_t order_ = 0;  // equal times fire in the order in which they were set
  int32_t index_ = -1;  // place in the loop's heap
};

// TurnHook lets an engine take part in every turn of the loop, nested ones too. Loop thread.
class TurnHook {
 public:
  virtual ~TurnHook() = default;
  // BeforeWait runs before the loop sleeps; it returns how long the hook allows, in ms
  // (-1 for ever, 0 not at all).
  virtual int64_t BeforeWait() = 0;
  // AfterWait runs directly after the loop woke, before anything is dispatched.
  virtual void AfterWait() {}
  // AfterEvents runs at the end of a turn.
  virtual void AfterEvents() = 0;
};

// Mailbox takes tasks for a loop from any thread, also after the loop is gone.
class Mailbox {
 public:
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  // A list, so that what is in one needs no memory to be posted and taken.
  using Tasks = std::list<std::function<void()>>;

  // Post queues task for the loop's thread, in the order of the calls. Returns false, and drops
  // the task, if the loop is gone. Throws std::bad_alloc. Any thread.
  bool Post(std::function<void()> task);
  // PostAll does as Post() with each of tasks, but needs no memory. Any thread.
  bool PostAll(Tasks tasks) noexcept;
  // Wake ends a wait of the loop. Any thread.
  void Wake();

 private:
  friend class Loop;
  explicit Mailbox(int event_fd) : event_fd_(event_fd) {}  // takes the descriptor over
  std::mutex mutex_;                                       // guards what follows
  Tasks tasks_;
  bool woken_ = false;
  bool closed_ = false;
  int event_fd_;  // open until closed_; the number is constant
};

// LoopState is what a layer keeps per loop (Loop::State); destroyed first when the loop ends.
class LoopState {
 public:
  virtual ~LoopState() = default;
};

// LoopDescriptors are what a loop needs of the kernel. Who starts a thread with a loop opens them
// before it, where it can be told that there are none. They are closed unless a loop took them.
class LoopDescriptors {
 public:
  // Open returns none on failure, and sets *error: EMFILE, ENFILE, ENOMEM. Any thread.
  static LoopDescriptors Open(Error* error);
  LoopDescriptors() = default;
  // Takes them over; other has none afterwards.
  LoopDescriptors(LoopDescriptors&& other) noexcept
      : epoll_(std::exchange(other.epoll_, -1)), event_(std::exchange(other.event_, -1)) {}
  LoopDescriptors& operator=(LoopDescriptors&&) = delete;
  ~LoopDescriptors();
  // Whether both could be opened.
  explicit operator bool() const { return epoll_ >= 0; }

 private:
  friend class Loop;
  int epoll_ = -1;
  int event_ = -1;  // watched by epoll_
};

// Loop runs the callbacks of one thread. It must be used on the thread that made it, but
// for its mailbox, and there is at most one of it in a thread. Nested RunOnce() calls are allowed:
// a callback may run a turn, but must neither destroy the loop nor throw: an exception that leaves
// a callback ends the program (std::terminate). Streams, listeners and timers may be held longer
// than the loop lives: they are closed then, their loop() must not be used, and timers not be set.
// A child process of fork(2) has no use of it: it ends, or executes another program.
class Loop {
 public:
  Loop();  // throws std::system_error if the kernel gives no descriptors
  // Makes a loop with descriptors that were opened before.
  explicit Loop(LoopDescriptors descriptors);
  ~Loop();  // closes what is still open on it, without callbacks
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Current returns the loop of this thread, or null.
  static Loop* Current();

  // RunOnce runs one turn: waits at most timeout_ms (-1: until something happens), then due
  // timers, ready descriptors and posted tasks. Returns whether any callback ran.
  bool RunOnce(int64_t timeout_ms) noexcept;
  // Run turns until Stop() was called, or nothing is alive and no task is posted.
  void Run() noexcept;
  // Stop ends Run() after the turn that goes on. Other threads post a task that calls it.
  void Stop() { stopped_ = true; }

  // Post runs task in a later part of this turn or in the next one. Loop thread; others use the
  // mailbox.
  void Post(std::function<void()> task);
  // mailbox returns what other threads may keep to reach the loop. Any thread.
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // now returns the monotonic time of this turn in ms.
  uint64_t now() const { return now_ms_; }
  // now_ns returns the time when the clock was read last, in ns.
  uint64_t now_ns() const { return now_ns_; }
  // Refresh reads the clock, and returns what now() is from here on.
  uint64_t Refresh();

  // Hold adds to what keeps Run() going: open sockets, servers and pending requests hold a count
  // each, and so do posted tasks. Timers do not.
  void Hold() {
    ++alive_;
    ++holds_;
  }
  // Release takes one Hold back.
  void Release() { --alive_; }
  // alive returns whether something keeps Run() going.
  bool alive() const { return alive_ > 0 || !tasks_.empty(); }
  // holds returns how often Hold() was called.
  uint64_t holds() const { return holds_; }

  // Await keeps done for Finish, which runs it with the number that Await returned; until then it
  // counts as alive. If the loop ends first, done is destroyed with it, on the loop's thread.
  uint64_t Await(std::function<void()> done);
  // Finish runs what Await kept under number, which is gone then. Loop thread.
  void Finish(uint64_t number);
  // awaited returns how many such there are.
  size_t awaited() const { return awaited_.size(); }

  // MarkWork notes that a callback ran, for hooks that dispatch on their own.
  void MarkWork() { worked_ = true; }

  // SetHook sets the one hook, not owned; null for none.
  void SetHook(TurnHook* hook) { hook_ = hook; }

  // The size of scratch(), in bytes.
  static constexpr size_t kScratchSize = 64 * 1024;
  // scratch returns a buffer of the loop for bytes that are consumed before the callback returns.
  // A nested turn has one of its own.
  uint8_t* scratch();

  // State returns the T of this loop, made on first use.
  template <class T>
  T& State() {
    static const char key = 0;
    for (auto& [id, state] : states_)
      if (id == &key) return static_cast<T&>(*state);
    states_.emplace_back(&key, std::make_unique<T>(*this));
    return static_cast<T&>(*states_.back().second);
  }

  // NotifyDescriptorFreed tells those who wait for a free descriptor to try again. Whatever closes
  // one on this loop calls it.
  void NotifyDescriptorFreed();
  // NoteMemoryFreed counts the end of something large, a handshake or a connection: half a second
  // after the last of many, the allocator gives what they left back to the system.
  void NoteMemoryFreed();
  // WaitForDescriptor calls retry once after a descriptor was freed on this loop, and otherwise
  // after 100 ms, because other threads and files free them too.
  void WaitForDescriptor(std::function<void()> retry);

 private:
  friend class Watcher;
  friend class Timer;
  struct Slot {
    Watcher* watcher = nullptr;
    uint32_t generation = 0;
  };

  void MarkDirty(Watcher* watcher);
  void Enter(Watcher* watcher);
  void Leave(Watcher* watcher);
  void ApplyChanges();
  void RetryAfterFailure(Watcher* watcher, int error);
  void FindLostRegistrations(const epoll_event* events, int count);
  void RenewEpoll();
  bool RunTimers();
  bool RunTasks(bool take_mail);
  bool Dispatch(uint64_t data, uint32_t events);
  int64_t TimeToNextTimer() const;
  int Wait(epoll_event* events, int64_t timeout_ms);

  void HeapPlace(size_t index, Timer* timer);
  void HeapUp(size_t index);
  void HeapDown(size_t index);
  void HeapRemove(Timer* timer);

  int epoll_fd_ = -1;
  uint64_t now_ms_ = 0;
  uint64_t now_ns_ = 0;
  uint64_t timer_order_ = 0;
  int64_t alive_ = 0;
  uint64_t holds_ = 0;
  bool stopped_ = false;
  bool worked_ = false;
  int depth_ = 0;  // turns that go on, one in the other
  int lost_events_ = 0;
  TurnHook* hook_ = nullptr;
  Watcher* watchers_ = nullptr;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  std::vector<Watcher*> dirty_;
  std::vector<Timer*> timers_;
  std::vector<std::function<void()>> starved_;
  std::unique_ptr<Timer> starved_timer_;
  std::unique_ptr<HeapTrim> heap_trim_;
  std::unique_ptr<WaitTimer> wait_timer_;
  std::unordered_map<uint64_t, std::function<void()>> awaited_;
  uint64_t last_awaited_ = 0;
  std::unique_ptr<uint8_t[]> scratch_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::pair<const void*, std::unique_ptr<LoopState>>> states_;
  Mailbox::Tasks tasks_;  // of this thread and of the mailbox, run in order
};

}  // namespace sluice
