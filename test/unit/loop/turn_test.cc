#include <cstring>
#include <stdexcept>
#include <thread>

#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

class Turn : public LoopTest {
 protected:
  std::vector<int> ran;
};

TEST_F(Turn, TellsWhetherAnythingRan) {
  EXPECT_FALSE(loop().RunOnce(0));
  loop().Post([] {});
  EXPECT_TRUE(loop().RunOnce(-1));
  EXPECT_FALSE(loop().RunOnce(0));
}

TEST_F(Turn, PostedTasksRunInOrder) {
  for (int i = 0; i < 3; ++i) loop().Post([this, i] { ran.push_back(i); });
  loop().RunOnce(0);
  EXPECT_THAT(ran, ElementsAre(0, 1, 2));
}

TEST_F(Turn, TaskPostedByATaskRunsInTheNextTurn) {
  loop().Post([this] {
    ran.push_back(1);
    loop().Post([this] { ran.push_back(2); });
  });
  loop().RunOnce(0);
  EXPECT_THAT(ran, ElementsAre(1));
  loop().RunOnce(-1);
  EXPECT_THAT(ran, ElementsAre(1, 2));
}

TEST_F(Turn, NestedOneRunsTheRestOfTheTasksOnce) {
  loop().Post([this] {
    ran.push_back(1);
    loop().RunOnce(0);
    ran.push_back(3);
  });
  loop().Post([this] { ran.push_back(2); });
  loop().RunOnce(0);
  loop().RunOnce(0);
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST_F(Turn, NestedOneThatFindsNothingDoesNotHideTheWorkOfTheOuter) {
  loop().Post([this] { EXPECT_FALSE(loop().RunOnce(0)); });
  EXPECT_TRUE(loop().RunOnce(0));
}

TEST_F(Turn, NestedOneHasAScratchBufferOfItsOwn) {
  Pair one = UnixPair(), two = UnixPair();
  std::string inner;
  struct Handler : StreamHandler {
    std::function<void(Stream&, std::span<uint8_t>)> on_data;
    void OnData(Stream& stream, std::span<uint8_t> data) override { on_data(stream, data); }
    void OnEnd(Stream&) override {}
    void OnError(Stream&, const Error&) override {}
  } handler;
  std::vector<std::string> outer;
  int depth = 0;
  handler.on_data = [&](Stream&, std::span<uint8_t> data) {
    std::string before = Text(data);
    if (++depth == 1) {
      EXPECT_TRUE(Until([&] { return depth == 2; }));
    }
    EXPECT_EQ(Text(data), before);
  };
  auto a = Socket::Adopt(loop(), one.ours.Take(), &handler);
  auto b = Socket::Adopt(loop(), two.ours.Take(), &handler);
  a->Resume();
  b->Resume();
  one.peer.Send("first");
  two.peer.Send("other");
  ASSERT_TRUE(Until([&] { return depth == 2; }));
  a->Close();
  b->Close();
}

TEST_F(Turn, RunEndsWhenNothingIsAlive) {
  loop().Run();
  loop().Hold();
  loop().Post([this] { loop().Release(); });
  loop().Run();
  EXPECT_FALSE(loop().alive());
}

TEST_F(Turn, RunRunsWhatIsPostedThoughNothingIsAlive) {
  loop().Post([this] { loop().Post([this] { ran.push_back(1); }); });
  loop().Run();
  EXPECT_THAT(ran, ElementsAre(1));
}

TEST_F(Turn, StopEndsRunThoughSomethingIsAlive) {
  loop().Hold();
  loop().Post([this] { loop().Stop(); });
  loop().Run();
  EXPECT_TRUE(loop().alive());
  loop().Release();
}

TEST_F(Turn, StopOfANestedRunEndsTheOuterOneToo) {
  loop().Hold();
  loop().Post([this] {
    loop().Post([this] { loop().Stop(); });
    loop().Run();
    ran.push_back(1);
  });
  loop().Run();
  EXPECT_THAT(ran, ElementsAre(1));
  loop().Release();
}

TEST_F(Turn, CurrentIsTheLoopOfThisThread) {
  EXPECT_EQ(Loop::Current(), &loop());
  Loop* other = &loop();
  std::thread([&] { other = Loop::Current(); }).join();
  EXPECT_EQ(other, nullptr);
  EndLoop();
  EXPECT_EQ(Loop::Current(), nullptr);
}

struct CountingHook : TurnHook {
  int64_t allowed = -1;
  std::vector<std::string> calls;
  int64_t BeforeWait() override {
    calls.push_back("before");
    return allowed;
  }
  void AfterWait() override { calls.push_back("woke"); }
  void AfterEvents() override { calls.push_back("end"); }
};

TEST_F(Turn, HookRunsAroundTheWaitAndMayForbidIt) {
  CountingHook hook;
  hook.allowed = 0;
  loop().SetHook(&hook);
  EXPECT_FALSE(loop().RunOnce(-1));
  loop().SetHook(nullptr);
  EXPECT_THAT(hook.calls, ElementsAre("before", "woke", "end"));
}

TEST_F(Turn, HookMayReportWorkOfItsOwn) {
  struct Worker : CountingHook {
    Loop* owner = nullptr;
    void AfterEvents() override { owner->MarkWork(); }
  } hook;
  hook.owner = &loop();
  loop().SetHook(&hook);
  EXPECT_TRUE(loop().RunOnce(0));
  loop().SetHook(nullptr);
}

TEST_F(Turn, DescriptorWaitersRunOnceAtTheNextFreedDescriptor) {
  loop().WaitForDescriptor([this] {
    ran.push_back(1);
    loop().WaitForDescriptor([this] { ran.push_back(2); });
  });
  loop().NotifyDescriptorFreed();
  EXPECT_THAT(ran, ElementsAre(1));
  loop().NotifyDescriptorFreed();
  loop().NotifyDescriptorFreed();
  EXPECT_THAT(ran, ElementsAre(1, 2));
}

TEST_F(Turn, DescriptorWaitersRunAfterATimeThoughNothingIsToldToTheLoop) {
  loop().WaitForDescriptor([this] { ran.push_back(1); });
  EXPECT_EQ(BusyTurns(10), 0);
  EXPECT_TRUE(Until([&] { return ran.size() == 1; }));
}

TEST_F(Turn, AnExceptionThatLeavesACallbackEndsTheProgram) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  loop().Post([] { throw std::runtime_error("out of a callback"); });
  EXPECT_DEATH(loop().RunOnce(0), "out of a callback");
}

}  // namespace
}  // namespace sluice::test
