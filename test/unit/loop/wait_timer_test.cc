#include "loop/wait_timer.h"

#include <memory>

#include "support.h"

namespace sluice::test {
namespace {

class WaitTimerTest : public LoopTest {
 protected:
  // Sleeps as often as it takes for the loop to use its timer.
  void Warm() {
    for (int i = 0; i < 100; ++i) loop().RunOnce(1);
  }
};

TEST_F(WaitTimerTest, TimersFireInOrderAndNotEarly) {
  Warm();
  std::vector<int> order;
  const uint64_t begin = loop().Refresh();
  std::vector<uint64_t> at(3);
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 3; ++i) {
    timers.push_back(std::make_unique<Timer>(loop(), [&, i] {
      order.push_back(i);
      at[static_cast<size_t>(i)] = loop().now() - begin;
    }));
    timers.back()->SetAfter(static_cast<uint64_t>(30 - 10 * i));
  }
  EXPECT_TRUE(Until([&] { return order.size() == 3; }));
  EXPECT_EQ(order, (std::vector<int>{2, 1, 0}));
  for (size_t i = 0; i < 3; ++i) EXPECT_GE(at[i], 30 - 10 * i);
}

TEST_F(WaitTimerTest, ADeadlineThatWentAwayEndsNoWait) {
  Warm();
  Timer early(loop(), [] { FAIL(); });
  early.SetAfter(20);
  loop().RunOnce(5);  // the kernel knows of it now
  early.Cancel();
  const uint64_t begin = loop().Refresh();
  EXPECT_FALSE(loop().RunOnce(60));
  EXPECT_GE(loop().Refresh() - begin, 59u);
}

TEST_F(WaitTimerTest, WhatWakesTheLoopIsToldBeforeTheTimer) {
  Warm();
  bool told = false;
  Timer late(loop(), [] {});
  late.SetAfter(20'000);
  loop().mailbox()->Post([&] { told = true; });
  EXPECT_TRUE(Until([&] { return told; }));
}

}  // namespace
}  // namespace sluice::test
