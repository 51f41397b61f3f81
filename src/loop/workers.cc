#include "loop/workers.h"

#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "sim/calls.h"

namespace sluice {
namespace {

// Name lookups wait for servers, not for cores: four go on at a time.
constexpr int kMaxThreads = 4;

// How long the end of the process waits for what may never be taken, as by a pipe.
constexpr std::chrono::seconds kMostAtEnd{2};

struct Job {
  std::function<void()> run;
  bool lasting;
};

// Pool lives as long as the process: its threads may block in a resolver when the process ends.
class Pool {
 public:
  static Pool& Instance() {
    static Pool* pool = new Pool;
    return *pool;
  }

  void Run(std::function<void()> job, bool lasting) {
    std::unique_lock lock(mutex_);
    if (idle_ <= static_cast<int>(jobs_.size()) && threads_ < kMaxThreads) StartThread();
    if (threads_ == 0) {  // the process may have no thread more: blocking beats never
      lock.unlock();
      job();
      return;
    }
    if (lasting) ++lasting_;
    jobs_.push_back({std::move(job), lasting});
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
    } catch (const std::system_error&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      --idle_;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job.run();
      job.run = nullptr;
      lock.lock();
      if (job.lasting && --lasting_ == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::condition_variable done_;  // no lasting work is left
  std::deque<Job> jobs_;
  int lasting_ = 0;  // jobs that are not done
  int threads_ = 0;
  int idle_ = 0;
};

}  // namespace

// In a simulation a job is done at once, and takes a while of the simulated time.
static void RunSimulated(Loop& loop, const std::function<void()>& work, uint64_t number) {
  work();
  auto timer = std::make_shared<std::unique_ptr<Timer>>();
  *timer = std::make_unique<Timer>(loop, [&loop, number, timer] {
    timer->reset();
    loop.Finish(number);
  });
  (*timer)->SetAfter(sim::WorkDelay());
}

void RunOnWorker(Loop& loop, std::function<void()> work, std::function<void()> done, bool lasting) {
  // The worker knows done by a number only: it belongs to the loop's thread.
  uint64_t number = loop.Await(std::move(done));
  if (sim::Active()) {
    RunSimulated(loop, work, number);
    return;
  }
  auto job = [mailbox = loop.mailbox(), &loop, number, work = std::move(work)]() mutable {
    work();
    work = nullptr;
    mailbox->Post([&loop, number] { loop.Finish(number); });
  };
  Pool::Instance().Run(std::move(job), lasting);
}

void FinishLastingWork() {
  Pool::Instance().FinishLasting();
}

}  // namespace sluice
