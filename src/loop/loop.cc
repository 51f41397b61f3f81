#include "sluice/loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "loop/heap_trim.h"
#include "loop/wait_timer.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr uint64_t kWakeData = ~uint64_t{0};
// Enough for a busy turn of a thousand connections in few calls, small enough for the stack.
constexpr int kEventsPerWait = 256;
// Descriptors are also freed by other threads and by files; look again this often.
constexpr uint64_t kStarvedRetryMs = 100;
// See FindLostRegistrations: a few such events pass by themselves while a child process starts.
constexpr int kLostEventsLimit = 64;

thread_local Loop* current_loop = nullptr;

}  // namespace

// ---- Watcher

Watcher::Watcher(Loop& loop, RefCounted& owner) : watcher_loop_(&loop), owner_(owner) {
  Link(&loop.watchers_);
}

Watcher::~Watcher() {
  if (watcher_loop_ == nullptr) return;
  Unwatch();
  Unlink();
}

void Watcher::Link(Watcher** list) {
  link_ = list;
  next_ = *list;
  if (next_ != nullptr) next_->link_ = &next_;
  *list = this;
}

void Watcher::Unlink() {
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

void Watcher::OnWatchFailed(int) {
  OnReady(EPOLLERR);
}

void Watcher::Watch(int fd, uint32_t interest) {
  SLUICE_CHECK(fd >= 0 && (watched_fd_ < 0 || watched_fd_ == fd));
  SLUICE_CHECK(watcher_loop_ != nullptr);
  watched_fd_ = fd;
  if (interest_ == interest) return;
  interest_ = interest;
  if (interest_ != registered_) watcher_loop_->MarkDirty(this);
}

void Watcher::Unwatch(bool closing) {
  if (watched_fd_ < 0) return;
  interest_ = 0;
  if (registered_ != 0 && !closing) sys::EpollDelete(watcher_loop_->epoll_fd_, watched_fd_);
  registered_ = 0;
  watcher_loop_->Leave(this);
  if (dirty_ >= 0) watcher_loop_->dirty_[static_cast<size_t>(dirty_)] = nullptr;
  dirty_ = -1;
  watched_fd_ = -1;
}

// ---- LoopDescriptors

namespace {

// Returns an epoll descriptor that watches event_fd, or -errno.
int OpenEpoll(int event_fd) {
  int fd = sys::EpollCreate();
  if (fd < 0) return fd;
  if (int error = sys::EpollSet(fd, event_fd, EPOLLIN, 0, kWakeData); error != 0) {
    sys::Close(fd);
    return error;
  }
  return fd;
}

LoopDescriptors OpenOrThrow() {
  Error error;
  LoopDescriptors opened = LoopDescriptors::Open(&error);
  if (!opened)
    throw std::system_error(static_cast<int>(error.number), std::generic_category(), "epoll");
  return opened;
}

}  // namespace

LoopDescriptors LoopDescriptors::Open(Error* error) {
  LoopDescriptors opened;
  opened.event_ = sys::EventFd();
  int result = opened.event_ < 0 ? opened.event_ : OpenEpoll(opened.event_);
  if (result < 0)
    *error = Error::System("epoll", -result);
  else
    opened.epoll_ = result;
  return opened;
}

LoopDescriptors::~LoopDescriptors() {
  for (int fd : {epoll_, event_})
    if (fd >= 0) sys::Close(fd);
}

// ---- Loop

Loop::Loop() : Loop(OpenOrThrow()) {}

Loop::Loop(LoopDescriptors descriptors) {
  SLUICE_CHECK(descriptors);
  mailbox_.reset(new Mailbox(std::exchange(descriptors.event_, -1)));
  epoll_fd_ = std::exchange(descriptors.epoll_, -1);
  starved_timer_ = std::make_unique<Timer>(*this, [this] { NotifyDescriptorFreed(); });
  heap_trim_ = std::make_unique<HeapTrim>(*this);
  wait_timer_ = std::make_unique<WaitTimer>();
  current_loop = this;
  Refresh();
}

Loop::~Loop() {
  Mailbox::Tasks unread;
  {
    std::lock_guard lock(mailbox_->mutex_);
    mailbox_->closed_ = true;  // from here on nobody uses its descriptor
    sys::Close(mailbox_->event_fd_);
    unread.swap(mailbox_->tasks_);
  }
  while (!states_.empty()) states_.pop_back();
  // What dies with one watcher or task may hold others: each is taken out of its list first.
  Watcher* ended = nullptr;
  auto end_watchers = [&] {
    while (watchers_ != nullptr) {
      Watcher* watcher = watchers_;
      Ref<RefCounted> keep(&watcher->owner_);
      watcher->Unlink();
      watcher->Link(&ended);
      watcher->OnLoopEnd();
    }
  };
  end_watchers();
  unread.clear();
  while (!tasks_.empty()) {
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
  }
  while (!awaited_.empty()) awaited_.extract(awaited_.begin());
  std::exchange(starved_, {}).clear();
  end_watchers();
  starved_timer_.reset();
  heap_trim_.reset();
  while (!timers_.empty()) timers_.back()->Cancel();
  while (ended != nullptr) {
    SLUICE_CHECK(ended->watched_fd_ < 0);
    ended->watcher_loop_ = nullptr;
    ended->Unlink();
  }
  sys::Close(epoll_fd_);
  if (current_loop == this) current_loop = nullptr;
}

Loop* Loop::Current() {
  return current_loop;
}

uint64_t Loop::Refresh() {
  constexpr uint64_t kNsPerMs = 1'000'000;
  now_ns_ = sys::MonotonicNs();
  now_ms_ = now_ns_ / kNsPerMs;
  return now_ms_;
}

uint8_t* Loop::scratch() {
  if (!scratch_) scratch_ = std::make_unique_for_overwrite<uint8_t[]>(kScratchSize);
  return scratch_.get();
}

void Loop::MarkDirty(Watcher* watcher) {
  if (watcher->dirty_ >= 0) return;
  watcher->dirty_ = static_cast<int32_t>(dirty_.size());
  dirty_.push_back(watcher);
}

void Loop::Enter(Watcher* watcher) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  watcher->slot_ = static_cast<int32_t>(free_slots_.back());
  free_slots_.pop_back();
  slots_[static_cast<size_t>(watcher->slot_)].watcher = watcher;
}

void Loop::Leave(Watcher* watcher) {
  if (watcher->slot_ < 0) return;
  Slot& slot = slots_[static_cast<size_t>(watcher->slot_)];
  slot.watcher = nullptr;
  ++slot.generation;  // events still in some batch no longer match
  free_slots_.push_back(static_cast<uint32_t>(watcher->slot_));
  watcher->slot_ = -1;
}

void Loop::ApplyChanges() {
  for (Watcher* watcher : dirty_) {
    if (watcher == nullptr) continue;  // its descriptor was forgotten since
    watcher->dirty_ = -1;
    if (watcher->interest_ == watcher->registered_) continue;
    if (watcher->interest_ == 0) {
      sys::EpollDelete(epoll_fd_, watcher->watched_fd_);
      Leave(watcher);
    } else {
      if (watcher->slot_ < 0) Enter(watcher);
      auto index = static_cast<uint32_t>(watcher->slot_);
      uint64_t data = (uint64_t{slots_[index].generation} << 32) | index;
      int error = sys::EpollSet(epoll_fd_, watcher->watched_fd_, watcher->interest_,
                                watcher->registered_, data);
      if (error != 0) {
        RetryAfterFailure(watcher, error);
        continue;
      }
    }
    watcher->registered_ = watcher->interest_;
  }
  dirty_.clear();
}

// A plain file cannot be in epoll (EPERM): it is ready in every turn in which it is wanted.
void Loop::RetryAfterFailure(Watcher* failed, int error) {
  auto index = static_cast<uint32_t>(failed->slot_);
  if (error == -EPERM && (failed->interest_ & (Watcher::kRead | Watcher::kWrite)) == 0) return;
  Post([this, index, generation = slots_[index].generation, error] {
    const Slot& slot = slots_[index];
    if (slot.watcher == nullptr || slot.generation != generation) return;
    Watcher* watcher = slot.watcher;
    Ref<RefCounted> keep(&watcher->owner_);
    if (error != -EPERM) {
      watcher->OnWatchFailed(-error);
    } else if (uint32_t ready = watcher->interest_ & (Watcher::kRead | Watcher::kWrite)) {
      watcher->OnReady(ready);
    }
    if (slots_[index].watcher == watcher && watcher->interest_ != watcher->registered_)
      MarkDirty(watcher);
  });
}

// Closing a descriptor takes it out of epoll, unless a duplicate keeps the file open, here or in a
// child process (epoll(7)). Such a registration can report for ever and has no descriptor left by
// which it could be deleted: a new epoll descriptor takes over. Called before anything is
// dispatched, so that an event without its watcher is not merely one that became stale.
void Loop::FindLostRegistrations(const epoll_event* events, int count) {
  for (int i = 0; i < count; ++i) {
    uint64_t data = events[i].data.u64;
    if (data == kWakeData) continue;
    const Slot& slot = slots_[static_cast<uint32_t>(data)];
    if (slot.watcher == nullptr || slot.generation != static_cast<uint32_t>(data >> 32))
      ++lost_events_;
  }
  if (lost_events_ >= kLostEventsLimit) RenewEpoll();
}

// Without a descriptor for it the old one stays, and the next event without a watcher comes here.
void Loop::RenewEpoll() {
  int fd = OpenEpoll(mailbox_->event_fd_);
  if (fd < 0) return;
  lost_events_ = 0;
  wait_timer_->Leave();
  sys::Close(std::exchange(epoll_fd_, fd));
  for (Watcher* watcher = watchers_; watcher != nullptr; watcher = watcher->next_) {
    if (watcher->registered_ == 0) continue;
    watcher->registered_ = 0;
    MarkDirty(watcher);
  }
}

bool Loop::RunTasks(bool take_mail) {
  if (take_mail) {
    sys::DrainEventFd(mailbox_->event_fd_);
    std::lock_guard lock(mailbox_->mutex_);
    tasks_.splice(tasks_.end(), mailbox_->tasks_);
    mailbox_->woken_ = false;
  }
  // Tasks that these post wait for the next turn; a task may run a turn, which goes on with the
  // rest of them.
  size_t count = tasks_.size();
  bool ran = false;
  while (count-- > 0 && !tasks_.empty()) {
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ran = true;
    task();
  }
  return ran;
}

bool Loop::Dispatch(uint64_t data, uint32_t events) {
  auto index = static_cast<uint32_t>(data);
  if (index >= slots_.size()) return false;
  const Slot& slot = slots_[index];
  if (slot.watcher == nullptr || slot.generation != static_cast<uint32_t>(data >> 32)) return false;
  Watcher* watcher = slot.watcher;
  Ref<RefCounted> keep(&watcher->owner_);
  watcher->OnReady(events);
  return true;
}

// Waits as epoll does, and reads the clock. The timer of waits is no event of anybody's: where it woke
// the loop for a deadline that is no more, the wait goes on.
int Loop::Wait(epoll_event* events, int64_t timeout_ms) {
  for (;;) {
    const uint64_t due = now_ms_ + static_cast<uint64_t>(std::max<int64_t>(timeout_ms, 0));
    int count = sys::EpollWait(epoll_fd_, events, kEventsPerWait,
                               wait_timer_->Arm(epoll_fd_, now_ms_, timeout_ms));
    Refresh();
    auto* end = std::remove_if(events, events + std::max(count, 0), [](const epoll_event& event) {
      return event.data.u64 == WaitTimer::kData;
    });
    const auto left = static_cast<int>(end - events);
    if (left == count) return count;
    wait_timer_->Fired();
    if (left > 0 || (timeout_ms >= 0 && now_ms_ >= due)) return left;
    if (timeout_ms >= 0) timeout_ms = static_cast<int64_t>(due - now_ms_);
  }
}

bool Loop::RunOnce(int64_t timeout_ms) noexcept {
  bool outer_worked = std::exchange(worked_, false);
  // The callback that runs this nested turn may be looking at bytes in the scratch buffer.
  std::unique_ptr<uint8_t[]> outer_scratch;
  if (depth_++ > 0) outer_scratch = std::move(scratch_);
  if (hook_ != nullptr) {
    int64_t allowed = hook_->BeforeWait();
    if (allowed >= 0 && (timeout_ms < 0 || allowed < timeout_ms)) timeout_ms = allowed;
  }
  ApplyChanges();
  if (!tasks_.empty()) timeout_ms = 0;
  int64_t timer = TimeToNextTimer();
  if (timer >= 0 && (timeout_ms < 0 || timer < timeout_ms)) timeout_ms = timer;

  epoll_event events[kEventsPerWait];
  int count = Wait(events, timeout_ms);
  FindLostRegistrations(events, count);
  if (hook_ != nullptr) hook_->AfterWait();

  bool mail = false;
  if (RunTimers()) worked_ = true;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kWakeData) {
      mail = true;
    } else if (Dispatch(events[i].data.u64, events[i].events)) {
      worked_ = true;
    }
  }
  if ((mail || !tasks_.empty()) && RunTasks(mail)) worked_ = true;
  if (hook_ != nullptr) hook_->AfterEvents();
  if (--depth_ > 0) scratch_ = std::move(outer_scratch);
  return std::exchange(worked_, outer_worked || worked_);
}

void Loop::Run() noexcept {
  stopped_ = false;
  while (!stopped_ && (alive() || !tasks_.empty())) RunOnce(-1);
}

void Loop::Post(std::function<void()> task) {
  tasks_.push_back(std::move(task));
}

uint64_t Loop::Await(std::function<void()> done) {
  awaited_.emplace(++last_awaited_, std::move(done));
  Hold();
  return last_awaited_;
}

void Loop::Finish(uint64_t number) {
  auto entry = awaited_.extract(number);
  SLUICE_CHECK(!entry.empty());
  Release();
  entry.mapped()();
}

void Loop::NoteMemoryFreed() {
  heap_trim_->Note();
}

void Loop::NotifyDescriptorFreed() {
  NoteMemoryFreed();
  if (starved_.empty()) return;
  starved_timer_->Cancel();
  std::vector<std::function<void()>> waiting;
  waiting.swap(starved_);
  for (auto& retry : waiting) retry();
}

void Loop::WaitForDescriptor(std::function<void()> retry) {
  starved_.push_back(std::move(retry));
  if (!starved_timer_->active()) starved_timer_->SetAfter(kStarvedRetryMs);
}

}  // namespace sluice
