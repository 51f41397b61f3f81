#include <algorithm>
#include <memory>

#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

class TimerTest : public LoopTest {
 protected:
  std::unique_ptr<Timer> Note(const std::string& name) {
    return std::make_unique<Timer>(loop(), [this, name] { fired.push_back(name); });
  }
  std::vector<std::string> fired;
};

TEST_F(TimerTest, FiresOnceAndIsInactiveThen) {
  auto timer = Note("a");
  timer->SetAfter(1);
  EXPECT_TRUE(timer->active());
  ASSERT_TRUE(Until([&] { return !fired.empty(); }));
  EXPECT_FALSE(timer->active());
  BusyTurns(3);
  EXPECT_THAT(fired, ElementsAre("a"));
}

TEST_F(TimerTest, DoesNotFireBeforeItsTime) {
  uint64_t start = loop().now(), end = 0;
  Timer timer(loop(), [&] { end = loop().now(); });
  timer.SetAfter(20);
  ASSERT_TRUE(Until([&] { return end != 0; }));
  EXPECT_GE(end - start, 20u);
}

TEST_F(TimerTest, FireInTheOrderOfTheirTimes) {
  auto late = Note("late"), early = Note("early"), middle = Note("middle");
  late->SetAfter(3);
  early->SetAfter(1);
  middle->SetAfter(2);
  ASSERT_TRUE(Until([&] { return fired.size() == 3; }));
  EXPECT_THAT(fired, ElementsAre("early", "middle", "late"));
}

TEST_F(TimerTest, EqualTimesFireInTheOrderInWhichTheyWereSet) {
  auto a = Note("a"), b = Note("b"), c = Note("c");
  c->SetAfter(0);
  a->SetAfter(0);
  b->SetAfter(0);
  c->SetAfter(0);  // set again: behind the others
  loop().RunOnce(0);
  EXPECT_THAT(fired, ElementsAre("a", "b", "c"));
}

TEST_F(TimerTest, ManyTimesFireSortedAlsoWhenSomeAreCancelledBetween) {
  std::vector<std::unique_ptr<Timer>> timers;
  std::vector<uint64_t> times;
  uint64_t random = 12345;
  for (size_t i = 0; i < 2000; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    timers.push_back(std::make_unique<Timer>(
        loop(), [&times, &timers, i] { times.push_back(timers[i]->when()); }));
    timers[i]->SetAfter((random >> 33) % 16);
    if (i % 3 == 0) timers[i / 2]->Cancel();
  }
  size_t active = 0;
  for (const auto& timer : timers) active += timer->active() ? 1 : 0;
  ASSERT_TRUE(Until([&] { return times.size() == active; }));
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST_F(TimerTest, CancelledOneDoesNotFire) {
  auto a = Note("a"), b = Note("b");
  a->SetAfter(0);
  b->SetAfter(0);
  a->Cancel();
  a->Cancel();
  loop().RunOnce(0);
  EXPECT_THAT(fired, ElementsAre("b"));
}

TEST_F(TimerTest, CancelledByAnotherOfTheSameTimeDoesNotFire) {
  auto victim = Note("victim");
  Timer killer(loop(), [&] { victim->Cancel(); });
  killer.SetAfter(0);
  victim->SetAfter(0);
  BusyTurns(3);
  EXPECT_THAT(fired, ElementsAre());
}

TEST_F(TimerTest, DestroyedByAnotherOfTheSameTimeDoesNotFire) {
  auto victim = Note("victim");
  Timer killer(loop(), [&] { victim.reset(); });
  killer.SetAfter(0);
  victim->SetAfter(0);
  BusyTurns(3);
  EXPECT_THAT(fired, ElementsAre());
}

TEST_F(TimerTest, MayBeDestroyedInItsOwnFunction) {
  std::unique_ptr<Timer> timer;
  std::string captured = "still here, long enough to be on the heap";
  timer = std::make_unique<Timer>(loop(), [&timer, &out = fired, captured] {
    timer.reset();
    out.push_back(captured);
  });
  timer->SetAfter(0);
  loop().RunOnce(0);
  EXPECT_THAT(fired, ElementsAre(captured));
}

TEST_F(TimerTest, FunctionKeepsItsStateFromCallToCall) {
  int seen = 0;
  Timer timer(loop(), [&seen, n = 0]() mutable { seen = ++n; });
  for (int i = 0; i < 3; ++i) {
    timer.SetAfter(0);
    loop().RunOnce(0);
  }
  EXPECT_EQ(seen, 3);
}

TEST_F(TimerTest, SetAgainInItsFunctionFiresInALaterTurn) {
  int count = 0;
  Timer timer(loop(), [&] {
    ++count;
    timer.SetAfter(0);
  });
  timer.SetAfter(0);
  loop().RunOnce(0);
  EXPECT_EQ(count, 1);
  loop().RunOnce(0);
  EXPECT_EQ(count, 2);
}

TEST_F(TimerTest, SetAgainAndAgainToAPastTimeKeepsNoOtherFromFiring) {
  Timer greedy(loop(), [&] { greedy.SetAt(0); });
  auto other = Note("other");
  greedy.SetAt(0);
  other->SetAfter(0);
  BusyTurns(2);
  EXPECT_THAT(fired, ElementsAre("other"));
}

TEST_F(TimerTest, HugeDelaysDoNotWrap) {
  auto timer = Note("a");
  timer->SetAfter(UINT64_MAX);
  EXPECT_EQ(BusyTurns(3), 0);
  EXPECT_TRUE(timer->active());
}

TEST_F(TimerTest, RunsItselfInANestedTurn) {
  int depth = 0;
  Timer timer(loop(), [&] {
    if (++depth == 3) return;
    timer.SetAfter(0);
    loop().RunOnce(0);
  });
  timer.SetAfter(0);
  loop().RunOnce(0);
  EXPECT_EQ(depth, 3);
}

TEST_F(TimerTest, IsCancelledByTheLoopsEnd) {
  auto timer = Note("a");
  timer->SetAfter(1);
  EndLoop();
  EXPECT_FALSE(timer->active());
}

TEST_F(TimerTest, DoesNotKeepRunGoing) {
  auto timer = Note("a");
  timer->SetAfter(1000000);
  loop().Run();
  EXPECT_TRUE(timer->active());
}

}  // namespace
}  // namespace sluice::test
