#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "support.h"

namespace sluice::test {
namespace {

using MailboxTest = LoopTest;

TEST_F(MailboxTest, TasksOfManyThreadsAllArriveInTheOrderOfEach) {
  constexpr int kThreads = 4, kTasks = 5000;
  std::vector<int> last(kThreads, -1);
  int count = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t, mailbox = loop().mailbox()] {
      for (int i = 0; i < kTasks; ++i) {
        mailbox->Post([&, t, i] {
          EXPECT_EQ(last[static_cast<size_t>(t)], i - 1);
          last[static_cast<size_t>(t)] = i;
          ++count;
        });
      }
    });
  }
  EXPECT_TRUE(Until([&] { return count == kThreads * kTasks; }));
  for (auto& thread : threads) thread.join();
}

TEST_F(MailboxTest, TasksOfAListKeepTheOrderOfTheCalls) {
  std::string order;
  auto& mailbox = *loop().mailbox();
  Mailbox::Tasks early, late;
  early.emplace_back([&] { order += 'b'; });
  early.emplace_back([&] { order += 'c'; });
  late.emplace_back([&] { order += 'e'; });
  mailbox.Post([&] { order += 'a'; });
  EXPECT_TRUE(mailbox.PostAll(std::move(early)));
  mailbox.Post([&] { order += 'd'; });
  EXPECT_TRUE(mailbox.PostAll(std::move(late)));
  loop().RunOnce(0);
  EXPECT_EQ(order, "abcde");
}

TEST_F(MailboxTest, TaskEndsAWaitWithoutLimit) {
  bool ran = false;
  std::thread thread([&, mailbox = loop().mailbox()] { mailbox->Post([&] { ran = true; }); });
  while (!ran) loop().RunOnce(-1);
  thread.join();
}

TEST_F(MailboxTest, WakeEndsAWaitWithoutLimit) {
  std::thread thread([mailbox = loop().mailbox()] { mailbox->Wake(); });
  EXPECT_FALSE(loop().RunOnce(-1));
  thread.join();
}

TEST_F(MailboxTest, WakesAsOftenAsItIsAsked) {
  for (int i = 0; i < 3; ++i) {
    loop().mailbox()->Wake();
    loop().mailbox()->Wake();
    loop().RunOnce(-1);
  }
  EXPECT_EQ(BusyTurns(3), 0);
}

TEST_F(MailboxTest, TaskPostedInANestedTurnIsNotLost) {
  int ran = 0;
  auto mailbox = loop().mailbox();
  mailbox->Post([&] {
    mailbox->Post([&] { ++ran; });
    loop().RunOnce(-1);
    mailbox->Post([&] { ++ran; });
  });
  EXPECT_TRUE(Until([&] { return ran == 2; }));
}

TEST_F(MailboxTest, RefusesTasksAfterTheLoopsEnd) {
  auto mailbox = loop().mailbox();
  EndLoop();
  bool ran = false;
  EXPECT_FALSE(mailbox->Post([&] { ran = true; }));
  mailbox->Wake();
  EXPECT_FALSE(ran);
  mailbox.reset();
}

TEST_F(MailboxTest, LoopsEndDestroysTasksThatDidNotRun) {
  auto token = std::make_shared<int>(1);
  loop().mailbox()->Post([token] { FAIL(); });
  loop().Post([token] { FAIL(); });
  EndLoop();
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(MailboxTest, TaskThatPostsWhenItIsDestroyedDoesNoHarmAtTheLoopsEnd) {
  struct Poster {
    explicit Poster(Loop& owner) : loop(owner), mailbox(owner.mailbox()) {}
    ~Poster() {
      loop.Post([] {});
      EXPECT_FALSE(mailbox->Post([] {}));
    }
    Loop& loop;
    std::shared_ptr<Mailbox> mailbox;
  };
  for (int i = 0; i < 3; ++i)
    loop().Post([poster = std::make_shared<Poster>(loop())] { FAIL() << poster.use_count(); });
  EndLoop();
}

TEST_F(MailboxTest, TaskThatIsRefusedMayPostWhenItIsDestroyed) {
  struct Poster {
    explicit Poster(std::shared_ptr<Mailbox> to) : mailbox(std::move(to)) {}
    ~Poster() {
      EXPECT_FALSE(mailbox->Post([] {}));
    }
    std::shared_ptr<Mailbox> mailbox;
  };
  auto mailbox = loop().mailbox();
  EndLoop();
  EXPECT_FALSE(mailbox->Post([poster = std::make_shared<Poster>(mailbox)] { FAIL() << poster; }));
  Mailbox::Tasks tasks;
  tasks.emplace_back([poster = std::make_shared<Poster>(mailbox)] { FAIL() << poster; });
  EXPECT_FALSE(mailbox->PostAll(std::move(tasks)));
}

TEST_F(MailboxTest, ThreadsMayPostWhileTheLoopEnds) {
  std::atomic<bool> refused = false;
  std::thread thread([&, mailbox = loop().mailbox()] {
    while (mailbox->Post([] {})) {
    }
    refused = true;
  });
  loop().RunOnce(-1);
  EndLoop();
  thread.join();
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace sluice::test
