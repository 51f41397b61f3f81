// Groups: who gets a connection, and what happens to one that nobody takes.
#include "group/group.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "sys/sys.h"

namespace sluice {
namespace {

// A member that counts what it gets, and closes it.
class CountingPort final : public MemberPort {
 public:
  bool OnHandover(int fd, const Address&, uint64_t) override {
    if (refuse) return false;
    ++count;
    sys::Close(fd);
    return true;
  }
  void OnGroupClosed() override { closed = true; }
  void OnMemberChanged(int index, Member::State state) override {
    changes.emplace_back(index, state);
  }
  int count = 0;
  bool refuse = false;
  bool closed = false;
  std::vector<std::pair<int, Member::State>> changes;
};

int AnyDescriptor() {
  int fds[2];
  EXPECT_EQ(sys::SocketPair(fds), 0);
  sys::Close(fds[1]);
  return fds[0];
}

// A sub on a thread of its own, until the group closes.
class Sub {
 public:
  Sub(std::shared_ptr<Group> group, int index)
      : thread_([this, group = std::move(group), index] {
          Loop loop;
          auto port = std::make_shared<CountingPort>();
          ASSERT_TRUE(group->Join(index, loop, port));
          while (!port->closed) loop.RunOnce(-1);
          count = port->count;
          group->Leave(index, true);
          group->Closed(index);
          group->Died(index, {0, "", "", {}});
        }) {}
  ~Sub() { Join(); }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  int count = 0;  // after Join

 private:
  std::thread thread_;
};

void RunUntil(Loop& loop, const std::function<bool()>& condition) {
  while (!condition()) loop.RunOnce(-1);
}

TEST(Group, NamesOfOpenGroupsWithSubsAreUnique) {
  auto group = Group::Create("name", 1);
  ASSERT_TRUE(group);
  EXPECT_FALSE(Group::Create("name", 1));
  EXPECT_TRUE(Group::Create("name", 0));
  EXPECT_EQ(Group::Find("name"), group);
  group->Close();
  EXPECT_FALSE(Group::Find("name"));
  EXPECT_TRUE(Group::Create("name", 1));
  Group::Find("name")->Close();
}

TEST(Group, SpreadsEvenlyOverThreads) {
  Loop loop;
  auto group = Group::Create("even", 3);
  auto port = std::make_shared<CountingPort>();
  group->OpenMaster(loop, port);
  Sub one(group, 1);
  Sub two(group, 2);
  Sub three(group, 3);
  RunUntil(loop, [&] { return group->Ready().size() == 4; });
  for (int i = 0; i < 400; ++i) group->Handover(AnyDescriptor(), Address(), {});
  group->Close();
  for (Sub* sub : {&one, &two, &three}) sub->Join();
  EXPECT_EQ(port->count, 100);
  EXPECT_EQ(one.count, 100);
  EXPECT_EQ(two.count, 100);
  EXPECT_EQ(three.count, 100);
}

TEST(Group, AConnectionThatAMemberRefusesGoesToAnother) {
  Loop loop;
  auto group = Group::Create("refused", 1);
  auto port = std::make_shared<CountingPort>();
  auto refusing = std::make_shared<CountingPort>();
  refusing->refuse = true;
  group->OpenMaster(loop, port);
  ASSERT_TRUE(group->Join(1, loop, refusing));
  group->HandoverTo(1, AnyDescriptor(), Address(), {});
  group->Leave(1, true);
  RunUntil(loop, [&] { return port->count == 1; });
  EXPECT_EQ(group->numbers(1).connections_total, 0u);
  group->Close();
}

TEST(Group, AConnectionInTheMailOfALoopThatEndsGoesToAnother) {
  Loop loop;
  auto group = Group::Create("ended", 1);
  auto port = std::make_shared<CountingPort>();
  group->OpenMaster(loop, port);
  std::thread([&] {
    Loop other;
    ASSERT_TRUE(group->Join(1, other, std::make_shared<CountingPort>()));
    // This is the master's part; the sub's loop never turns.
    group->HandoverTo(1, AnyDescriptor(), Address(), {});
  }).join();
  group->Died(1, {1, "Error: x", "stack", EndCause::kError});
  RunUntil(loop, [&] { return port->count == 1; });
  EXPECT_EQ(group->end(1).error, "Error: x");
  group->Handover(AnyDescriptor(), Address(), {});
  EXPECT_EQ(port->count, 2);
  group->Close();
}

TEST(Group, LeastConnectionsPrefersWhoHasLeast) {
  Loop loop;
  auto group = Group::Create("least", 1);
  auto port = std::make_shared<CountingPort>();
  auto other = std::make_shared<CountingPort>();
  group->OpenMaster(loop, port);
  ASSERT_TRUE(group->Join(1, loop, other));
  group->set_balance(Balance::kLeastConnections);
  group->member(0)->under_way = 5;
  for (int i = 0; i < 5; ++i) group->Handover(AnyDescriptor(), Address(), {});
  RunUntil(loop, [&] { return other->count == 5; });
  EXPECT_EQ(port->count, 0);
  group->Close();
}

TEST(Group, TheMasterHearsWhatBecomesOfSubs) {
  Loop loop;
  auto group = Group::Create("told", 1);
  auto port = std::make_shared<CountingPort>();
  group->OpenMaster(loop, port);
  {
    Sub sub(group, 1);
    RunUntil(loop, [&] { return !port->changes.empty(); });
    group->Close();
  }
  RunUntil(loop, [&] { return port->changes.size() == 4; });
  using State = Member::State;
  std::vector<std::pair<int, State>> expected{
      {1, State::kReady}, {1, State::kClosing}, {1, State::kClosed}, {1, State::kDead}};
  EXPECT_EQ(port->changes, expected);
  EXPECT_FALSE(group->Join(1, loop, port));
}

}  // namespace
}  // namespace sluice
