#include "loop/workers.h"

#include <signal.h>

#include <cerrno>
#include <future>
#include <new>
#include <string>
#include <thread>

#include "support.h"

namespace sluice::test {
namespace {

using WorkersTest = LoopTest;

TEST_F(WorkersTest, WorkRunsOnAnotherThreadAndDoneOnTheLoops) {
  auto here = std::this_thread::get_id(), worker = here, done = here;
  done = {};
  RunOnWorker(
      loop(), [&] { worker = std::this_thread::get_id(); },
      [&](int) { done = std::this_thread::get_id(); });
  loop().Run();
  EXPECT_NE(worker, here);
  EXPECT_EQ(done, here);
}

TEST_F(WorkersTest, PendingWorkKeepsRunGoing) {
  RunOnWorker(
      loop(), [] {}, [](int) {});
  EXPECT_TRUE(loop().alive());
  loop().Run();
  EXPECT_FALSE(loop().alive());
}

TEST_F(WorkersTest, MuchWorkAllGetsDone) {
  int done = 0;
  for (int i = 0; i < 1000; ++i)
    RunOnWorker(
        loop(), [] {}, [&](int) { ++done; });
  loop().Run();
  EXPECT_EQ(done, 1000);
}

TEST_F(WorkersTest, WorkThatBlocksDoesNotHoldUpOtherWork) {
  std::promise<void> gate;
  bool other = false;
  RunOnWorker(
      loop(), [&] { gate.get_future().wait(); }, [](int) {});
  RunOnWorker(
      loop(), [] {},
      [&](int) {
        other = true;
        gate.set_value();
      });
  loop().Run();
  EXPECT_TRUE(other);
}

TEST_F(WorkersTest, DoneDiesOnTheLoopsThreadIfTheLoopEndsFirst) {
  struct Probe {
    ~Probe() { *thread = std::this_thread::get_id(); }
    std::thread::id* thread;
  };
  std::thread::id thread;
  std::promise<void> gate, finished;
  auto probe = std::make_shared<Probe>(Probe{&thread});
  RunOnWorker(
      loop(),
      [opened = std::make_shared<std::future<void>>(gate.get_future()), &finished] {
        opened->wait();
        finished.set_value();
      },
      [probe](int) { FAIL(); });
  probe.reset();
  EndLoop();
  EXPECT_EQ(thread, std::this_thread::get_id());
  gate.set_value();
  finished.get_future().wait();
}

TEST_F(WorkersTest, ThreadsLeaveSignalsToTheProgram) {
  sigset_t mask;
  sigemptyset(&mask);
  RunOnWorker(
      loop(), [&] { pthread_sigmask(SIG_SETMASK, nullptr, &mask); }, [](int) {});
  loop().Run();
  EXPECT_EQ(sigismember(&mask, SIGTERM), 1);
}

// What done is told of work.
int ErrorOf(Loop& loop, std::function<void()> work) {
  int told = -1;
  RunOnWorker(loop, std::move(work), [&](int error) { told = error; });
  loop.Run();
  return told;
}

TEST_F(WorkersTest, WorkWithoutMemoryIsAnErrorToItsDone) {
  EXPECT_EQ(ErrorOf(loop(), [] { throw std::bad_alloc(); }), ENOMEM);
  EXPECT_EQ(ErrorOf(loop(), [] { std::string().resize(std::string::npos); }), ENOMEM);
  EXPECT_EQ(ErrorOf(loop(), [] {}), 0);
}

TEST_F(WorkersTest, WorkIsDestroyedOnItsThreadThoughItThrew) {
  struct Probe {
    ~Probe() { *thread = std::this_thread::get_id(); }
    std::thread::id* thread;
  };
  std::thread::id thread;
  auto probe = std::make_shared<Probe>(Probe{&thread});
  std::function<void()> work = [probe = std::move(probe)] { throw std::bad_alloc(); };
  EXPECT_EQ(ErrorOf(loop(), std::move(work)), ENOMEM);
  EXPECT_NE(thread, std::thread::id());
  EXPECT_NE(thread, std::this_thread::get_id());
}

}  // namespace
}  // namespace sluice::test
