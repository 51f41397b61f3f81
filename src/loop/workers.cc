#include "loop/workers.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace sluice {
namespace {

// Name lookups wait for servers, not for cores: four go on at a time.
constexpr int kMaxThreads = 4;

// Pool lives as long as the process: its threads may block in a resolver when the process ends.
class Pool {
 public:
  static Pool& Instance() {
    static Pool* pool = new Pool;
    return *pool;
  }

  void Run(std::function<void()> job) {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (idle_ < static_cast<int>(jobs_.size()) && threads_ < kMaxThreads) {
      ++threads_;
      std::thread([this] { Work(); }).detach();
    }
    wake_.notify_one();
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      --idle_;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  int threads_ = 0;
  int idle_ = 0;
};

}  // namespace

void RunOnWorker(Loop& loop, std::function<void()> work, std::function<void()> done) {
  // done belongs to the loop's thread: it is made, run and destroyed there.
  auto waiting = std::make_shared<std::function<void()>>([&loop, done = std::move(done)] {
    loop.Release();
    done();
  });
  loop.Hold();
  Pool::Instance().Run([mailbox = loop.mailbox(), work = std::move(work),
                        waiting = std::move(waiting)]() mutable {
    work();
    work = nullptr;
    mailbox->Post([waiting = std::move(waiting)] {
      auto callback = std::move(*waiting);
      callback();
    });
  });
}

}  // namespace sluice
