#include "loop/workers.h"

#include <signal.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "grant/grant.h"
#include "sim/calls.h"

namespace sluice {
namespace {

// Name lookups wait for servers, not for cores: four go on at a time.
constexpr int kMaxThreads = 4;

// How long the end of the process waits for what may never be taken, as by a pipe.
constexpr std::chrono::seconds kMostAtEnd{2};

struct Job {
  std::function<void()> run;  // does not throw
  bool lasting;
};

// Pool lives as long as the process: its threads may block in a resolver when the process ends.
class Pool {
 public:
  static Pool& Instance() {
    static Pool* pool = new Pool;
    return *pool;
  }

  // Run takes the one job of a list, for which no memory is needed any more.
  void Run(std::list<Job> job) {
    std::unique_lock lock(mutex_);
    if (idle_ <= static_cast<int>(jobs_.size()) && threads_ < kMaxThreads) StartThread();
    if (threads_ == 0) {  // the process may have no thread more: blocking beats never
      lock.unlock();
      job.front().run();
      return;
    }
    if (job.front().lasting) ++lasting_;
    jobs_.splice(jobs_.end(), job);
    wake_.notify_one();
  }

  void FinishLasting() {
    std::unique_lock lock(mutex_);
    done_.wait_for(lock, kMostAtEnd, [this] { return lasting_ == 0; });
  }

 private:
  // Adds a thread unless the process may have no more. The caller holds mutex_.
  void StartThread() {
    // Signals are for the threads of the program.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([this] { Work(); }).detach();
      ++threads_;
    } catch (const std::exception&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      --idle_;
      std::list<Job> job;
      job.splice(job.end(), jobs_, jobs_.begin());
      lock.unlock();
      job.front().run();
      job.front().run = nullptr;
      lock.lock();
      if (job.front().lasting && --lasting_ == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::condition_variable done_;  // no lasting work is left
  std::list<Job> jobs_;
  int lasting_ = 0;  // jobs that are not done
  int threads_ = 0;
  int idle_ = 0;
};

// Errand is work and its answer. All that the answer takes is there before the work begins, which
// may leave no memory.
struct Errand {
  std::function<void()> work;
  const bool restricted;                // whether there is what work may not do
  int error = 0;                        // of work
  std::optional<grant::Denial> denial;  // of work
  Mailbox::Tasks finish;                // the one for the loop's thread

  void Work() noexcept {
    try {
      work();
    } catch (const std::exception&) {  // what containers throw for want of memory
      error = ENOMEM;
    }
    work = nullptr;
  }
};

// In a simulation a job is done at once, and takes a while of the simulated time.
void RunSimulated(Loop& loop, const std::shared_ptr<Errand>& errand) {
  errand->Work();
  auto timer = std::make_shared<std::unique_ptr<Timer>>();
  *timer = std::make_unique<Timer>(loop, [errand, timer] {
    std::function<void()> finish = std::move(errand->finish.front());
    timer->reset();
    finish();
  });
  (*timer)->SetAfter(sim::WorkDelay());
}

}  // namespace

void RunOnWorker(Loop& loop, std::function<void()> work, std::function<void(int error)> done,
                 bool lasting) {
  const bool simulated = sim::Active();
  // Work is the program's that asks for it, and so is what it may not do.
  grant::Subject subject = grant::Current();
  const bool restricted = !simulated && subject.policy != nullptr;
  std::shared_ptr<Errand> errand(new Errand{std::move(work), restricted, 0, {}, Mailbox::Tasks(1)});
  std::list<Job> job;
  job.push_back({[errand, mailbox = loop.mailbox(), subject = std::move(subject)]() mutable {
                   grant::As as(std::move(subject));
                   errand->Work();
                   if (errand->restricted) errand->denial = grant::TakeDenial();
                   mailbox->PostAll(std::move(errand->finish));
                 },
                 lasting});
  // The worker knows done by a number only: it belongs to the loop's thread.
  uint64_t number = loop.Await([errand, done = std::move(done)] {
    if (errand->restricted) grant::SetDenial(std::move(errand->denial));
    done(errand->error);
  });
  errand->finish.front() = [&loop, number] { loop.Finish(number); };
  if (simulated)
    RunSimulated(loop, errand);
  else
    Pool::Instance().Run(std::move(job));
}

void FinishLastingWork() {
  Pool::Instance().FinishLasting();
}

}  // namespace sluice
