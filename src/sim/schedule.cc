// Who runs: one thread of all hosts at a time, which the seed picks where it would wait; and the
// clock, which jumps to the next event when all of them wait.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {

World* world = nullptr;
thread_local Thread* self = nullptr;

namespace {

// What a turn of a loop takes, at least and at most. That it differs lets others overtake.
constexpr uint64_t kTurnLeast = 1 * kUs, kTurnMost = 50 * kUs;

void Futex(std::atomic<uint32_t>* word, int operation, uint32_t value) {
  syscall(SYS_futex, word, operation, value, nullptr, nullptr, 0);
}

void Await(Thread* thread) {
  while (thread->turn.load(std::memory_order_acquire) == 0) Futex(&thread->turn, FUTEX_WAIT, 0);
}

bool MayRun(Thread* thread) {
  if (thread->where == Thread::Where::kReady) return true;
  if (thread->where != Thread::Where::kWaiting) return false;
  return thread->deadline <= world->now || (thread->epoll != nullptr && IsReady(thread->epoll));
}

void Run(const Event& event) {
  switch (event.kind) {
    case EventKind::kArrival:
      Arrive(event.packet);
      Destroy(event.packet);
      break;
    case EventKind::kDeparture:
      Transmit(std::move(*event.packet));
      Destroy(event.packet);
      break;
    case EventKind::kTimer: {
      auto found = world->sockets.find(event.socket);
      if (found != world->sockets.end()) OnTimer(found->second);
      break;
    }
    case EventKind::kOccasion:
      RunOccasion(event);
      break;
    case EventKind::kHeal:
      RunHeal(event);
      break;
    case EventKind::kStart:
      if (event.host->state == HostState::kDown)
        world->wishes.push_back({Wish::Kind::kStart, event.host});
      break;
  }
}

// Runs the first event of both lists that is due; returns whether there was one.
bool RunOne() {
  auto& events = world->events;
  auto& occasions = world->occasions;
  bool network = !events.empty() && events.begin()->first.first <= world->now;
  bool fault = !occasions.empty() && occasions.begin()->first.first <= world->now;
  if (network && fault) network = events.begin()->first < occasions.begin()->first;
  if (!network && !fault) return false;
  auto& list = network ? events : occasions;
  Event event = list.begin()->second;
  list.erase(list.begin());
  Run(event);
  return true;
}

// The next moment at which something goes on by itself.
uint64_t NextMoment() {
  uint64_t next = UINT64_MAX;
  if (!world->events.empty()) next = world->events.begin()->first.first;
  for (Thread* thread : world->threads)
    if (thread->where == Thread::Where::kWaiting) next = std::min(next, thread->deadline);
  return next;
}

// Returns who is next; null where the process that started all is.
Thread* Next() {
  for (;;) {
    while (!world->over && world->wishes.empty() && RunOne()) {
    }
    if (world->over || !world->wishes.empty()) return nullptr;
    Vector<Thread*> ready;
    for (Thread* thread : world->threads)
      if (MayRun(thread)) ready.push_back(thread);
    if (!ready.empty()) return ready[world->random.Below(ready.size())];
    uint64_t next = NextMoment();
    bool nothing = next == UINT64_MAX;
    if (nothing || next > world->end) {
      if (!nothing) world->now = world->end;
      world->trace.Add("end", "%s", nothing ? "nothing is left to happen" : "the time is over");
      world->over = true;
      return nullptr;
    }
    if (!world->occasions.empty()) next = std::min(next, world->occasions.begin()->first.first);
    world->now = std::max(world->now, next);
  }
}

}  // namespace

uint64_t AddEvent(Map<Key, Event>& events, uint64_t time, Event event, Key* key) {
  Key at{std::max(time, world->now), ++world->order};
  events.emplace(at, event);
  if (key != nullptr) *key = at;
  return at.first;
}

void Occasion(Fault fault) {
  double rate = world->faults.level(fault);
  if (rate <= 0 || !IsRate(fault)) return;
  double seconds = -std::log(1 - world->faults.random(fault).Unit()) / rate;
  if (seconds > 1e6) return;
  Event event{EventKind::kOccasion};
  event.fault = fault;
  AddEvent(world->occasions, world->now + static_cast<uint64_t>(seconds * kSecond), event);
}

bool Pass(bool leaves) {
  Thread* mine = self;
  if (mine != nullptr) {
    ++world->turns;
    world->now += kTurnLeast + world->random.Below(kTurnMost - kTurnLeast);
  }
  Thread* next = Next();
  world->running = next;
  if (next != nullptr) next->where = Thread::Where::kRunning;
  if (next == mine && mine != nullptr) return true;
  // Who was killed waits too, until the signal comes.
  bool waits = mine != nullptr && !leaves;
  if (waits) mine->turn.store(0, std::memory_order_relaxed);
  if (next != nullptr) {
    world->trace.Add("run", "%s/%u", next->host->name.c_str(), next->id);
    next->turn.store(1, std::memory_order_release);
    Futex(&next->turn, FUTEX_WAKE, 1);
  } else if (mine != nullptr) {
    uint64_t one = 1;
    ssize_t done = ::write(world->wake_fd, &one, sizeof one);
    SLUICE_CHECK(done == sizeof one);
  }
  if (waits) Await(mine);
  return next != nullptr;
}

void Fail(std::string_view what) {
  if (world->over) return;
  world->failure = String(what);
  world->trace.Add("fail", "%.*s", static_cast<int>(what.size()), what.data());
  world->over = true;
}

Thread* NewThread() {
  auto* thread = Make<Thread>();
  thread->host = self != nullptr ? self->host : nullptr;
  thread->id = ++world->last_thread;
  world->threads.push_back(thread);
  return thread;
}

void EnterThread(Thread* thread) {
  self = thread;
  Await(thread);
}

void LeaveThread() {
  self->where = Thread::Where::kGone;
  std::erase(world->threads, self);
  Pass(true);      // the thread's record stays, as it is small
  self = nullptr;  // what ends with the thread may read a clock, but no longer moves it
}

bool Park(int64_t timeout_ms) {
  uint64_t end = timeout_ms < 0 ? UINT64_MAX : world->now + static_cast<uint64_t>(timeout_ms) * kMs;
  self->woken = false;
  self->epoll = nullptr;
  do {
    self->where = Thread::Where::kWaiting;
    self->deadline = end;
    Pass();
  } while (!self->woken && world->now < end);
  return self->woken;
}

void Wake(Thread* parked) {
  parked->woken = true;
  parked->deadline = world->now;
}

Thread* Running() {
  return self;
}

}  // namespace sluice::sim
