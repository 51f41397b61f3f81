// What the way of a task to its loop costs that waits in a list.
#include <utility>

#include "calls.h"
#include "support.h"

namespace sluice::test {
namespace {

class PostCost : public LoopTest {};

TEST_F(PostCost, OfTasksInAListIsNoAllocation) {
  constexpr int kTasks = 1000;
  int ran = 0;
  Mailbox::Tasks tasks;
  for (int i = 0; i < kTasks; ++i) tasks.emplace_back([&ran] { ++ran; });
  loop().RunOnce(0);
  calls = {};
  EXPECT_TRUE(loop().mailbox()->PostAll(std::move(tasks)));
  loop().RunOnce(0);
  Calls cost = calls;
  EXPECT_EQ(cost.allocations, 0);
  EXPECT_EQ(ran, kTasks);
}

}  // namespace
}  // namespace sluice::test
