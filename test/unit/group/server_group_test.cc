// ServerGroup: connections over threads, and how a group ends.
#include <sys/resource.h>

#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "../support.h"
#include "sluice/group.h"
#include "sluice/ledger.h"

namespace sluice::test {
namespace {

// What the handlers of all threads saw.
struct Seen {
  std::mutex mutex;  // guards threads and peers
  std::set<std::thread::id> threads;
  std::set<std::string> peers;
  std::atomic<uint64_t> idle{0};  // the limit of the last connection
  std::atomic<int> connections{0};
  std::atomic<int> closes{0};
  std::atomic<int> task_ends{0};     // of connections, with their group
  std::function<void(int)> on_data;  // with the thread's index
  std::function<void(Stream&)> on_goaway;
};

// Echoes, and tells what it saw.
class Handler final : public GroupHandler, public StreamHandler {
 public:
  Handler(GroupThread& place, Seen& seen) : place_(place), seen_(seen) {}
  void OnConnection(GroupThread& place, int fd, const Address& peer) override {
    EXPECT_EQ(&place, &place_);
    EXPECT_EQ(&place.loop(), Loop::Current());
    {
      std::lock_guard lock(seen_.mutex);
      seen_.threads.insert(std::this_thread::get_id());
      seen_.peers.insert(peer.text());
    }
    auto socket = Socket::Adopt(place.loop(), fd, this);
    if (const ConnectionLimits* limits = socket->record()->limits()) seen_.idle = limits->idle;
    socket->Resume();
    ++seen_.connections;
  }
  void OnClose() override { ++seen_.closes; }
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    stream.Write(data);
    if (seen_.on_data) seen_.on_data(place_.index());
  }
  void OnEnd(Stream& stream) override { stream.Close(); }
  void OnError(Stream& stream, const Error&) override {
    seen_.task_ends += stream.record()->reason().code == CloseCode::kTaskEnd ? 1 : 0;
  }
  bool OnGoAway(Stream& stream, uint64_t) override {
    if (seen_.on_goaway) seen_.on_goaway(stream);
    return true;
  }

 private:
  GroupThread& place_;
  Seen& seen_;
};

class ServerGroupTest : public LoopTest {
 protected:
  ~ServerGroupTest() override {
    EndLoop();
    group.reset();
  }
  bool Open(int threads, Balance balance = Balance::kRoundRobin) {
    options.threads = threads;
    options.balance = balance;
    group = ServerGroup::Open(
        loop(), *Address::Ip("127.0.0.1", 0), options,
        [this](GroupThread& place) { return std::make_unique<Handler>(place, seen); }, &error);
    return group != nullptr;
  }
  // Connects, and waits until a handler has the connection.
  Descriptor Connect() {
    int before = seen.connections;
    Descriptor client(ConnectDescriptor(group->LocalAddress()));
    EXPECT_TRUE(Until([&] { return seen.connections > before; }));
    return client;
  }
  uint64_t OpenOn(int index) { return group->Stats()[static_cast<size_t>(index)].connections; }

  GroupOptions options;
  Seen seen;
  Error error;
  std::unique_ptr<ServerGroup> group;
};

TEST_F(ServerGroupTest, EveryThreadGetsItsTurn) {
  ASSERT_TRUE(Open(3)) << error.message();
  std::vector<Descriptor> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(Connect());
  EXPECT_EQ(seen.threads.size(), 3u);
  for (const GroupStats& one : group->Stats()) {
    EXPECT_EQ(one.connections, 2u) << one.index;
    EXPECT_EQ(one.connections_total, 2u) << one.index;
  }
}

TEST_F(ServerGroupTest, ConnectionsOfEveryThreadCarryData) {
  ASSERT_TRUE(Open(2));
  Descriptor other = (Connect(), Connect());
  other.Send("hello");
  EXPECT_EQ(other.Receive(5), "hello");
}

TEST_F(ServerGroupTest, TheThreadWithTheFewestConnectionsGetsTheNext) {
  ASSERT_TRUE(Open(2, Balance::kLeastConnections));
  Descriptor first = Connect(), second = Connect();
  ASSERT_EQ(OpenOn(1), 1u);
  second.Close();
  ASSERT_TRUE(Until([&] { return OpenOn(1) == 0; }));
  Descriptor third = Connect();
  EXPECT_EQ(OpenOn(0), 1u);
  EXPECT_EQ(OpenOn(1), 1u);
}

TEST_F(ServerGroupTest, ConnectionsGoOnWhenTheGroupCloses) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  group->Close();
  EXPECT_TRUE(Until([&] { return seen.closes == 2; }));
  second.Send("still");
  EXPECT_EQ(second.Receive(5), "still");
  second.Close();
  group->Wait();
}

TEST_F(ServerGroupTest, ItsEndClosesTheConnectionsOfOtherThreads) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  first.Close();
  ASSERT_TRUE(Until([&] { return OpenOn(0) == 0; }));
  group.reset();
  EXPECT_EQ(second.Receive(1), "");
}

TEST_F(ServerGroupTest, ItsEndEndsTheConnectionsOfItsOwnThreadAndTellsTheirHandlers) {
  ASSERT_TRUE(Open(1));
  Descriptor first = Connect(), second = Connect();
  first.Send("one");
  group.reset();
  EXPECT_EQ(seen.task_ends, 2);
  EXPECT_EQ(second.Receive(1), "");
  Settle();
}

TEST_F(ServerGroupTest, AConnectionOfItsOwnThreadMayEndTheGroup) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect(), third = Connect();
  seen.on_data = [this](int) { std::exchange(group, nullptr).reset(); };
  first.Send("end");
  ASSERT_TRUE(Until([&] { return group == nullptr; }));
  EXPECT_EQ(seen.task_ends, 2);
  EXPECT_EQ(second.Receive(1), "");
}

TEST_F(ServerGroupTest, ADrainEndsTheConnectionsOfAllThreads) {
  options.name = "leaving";
  ASSERT_TRUE(Open(3));
  std::vector<Descriptor> clients;
  for (int i = 0; i < 6; ++i) clients.push_back(Connect());
  seen.on_goaway = [](Stream& stream) { stream.Close(); };
  std::optional<DrainResult> result;
  auto done = [&](const DrainResult& one) { result = one; };
  ASSERT_TRUE(group->Drain({0, 60'000, 10, false}, done, &error)) << error.message();
  EXPECT_TRUE(group->draining());
  EXPECT_TRUE(Ledger::Draining().contains("leaving"));
  ASSERT_TRUE(Until([&] { return result.has_value(); }));
  EXPECT_EQ(result->closed, 6u);
  EXPECT_EQ(result->ended + result->forced + result->left, 0u);
  EXPECT_EQ(seen.closes, 3);
  EXPECT_FALSE(group->draining());
  EXPECT_FALSE(Ledger::Draining().contains("leaving"));
  EXPECT_FALSE(group->Drain({}, done, &error));
  EXPECT_EQ(error.code(), "EBADF");
}

TEST_F(ServerGroupTest, TheDeadlineOfADrainHoldsOnEveryThread) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  std::optional<DrainResult> result;
  ASSERT_TRUE(group->Drain(
      {0, 10, 0, false}, [&](const DrainResult& one) { result = one; }, &error));
  ASSERT_TRUE(Until([&] { return result.has_value(); }));
  EXPECT_EQ(result->forced, 2u);
  group->Wait();
}

TEST_F(ServerGroupTest, ADrainDoesNotWaitForAThreadThatIsStuck) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  std::promise<void> stuck, told;
  seen.on_data = [&](int index) {
    ASSERT_EQ(index, 1);
    stuck.set_value();
    told.get_future().wait();
  };
  second.Send("x");
  stuck.get_future().wait();
  std::optional<DrainResult> result;
  ASSERT_TRUE(group->Drain(
      {0, 10, 0, false}, [&](const DrainResult& one) { result = one; }, &error));
  ASSERT_TRUE(Until([&] { return result.has_value(); }));
  told.set_value();
  EXPECT_EQ(result->forced, 1u);
  EXPECT_EQ(result->left, 1u);
  group.reset();
}

TEST_F(ServerGroupTest, AHandlerMayEndTheGroupThatTellsItOfTheDrain) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect(), third = Connect();
  seen.on_goaway = [this](Stream& stream) {
    if (&stream.loop() == &loop()) std::exchange(group, nullptr).reset();
  };
  ASSERT_TRUE(group->Drain({0, 60'000, 0, false}, nullptr, &error));
  ASSERT_TRUE(Until([&] { return group == nullptr; }));
  EXPECT_EQ(seen.task_ends, 2);
  Settle();
}

TEST_F(ServerGroupTest, TheEndOfAGroupForgetsItsDrain) {
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  bool told = false;
  ASSERT_TRUE(group->Drain(
      {0, 60'000, 0, false}, [&](const DrainResult&) { told = true; }, &error));
  Settle();
  group.reset();
  EXPECT_EQ(seen.task_ends, 1);
  Settle();
  EXPECT_FALSE(told);
}

TEST_F(ServerGroupTest, AGroupWithoutAHandlerDoesNotOpen) {
  auto none = [](GroupThread&) -> std::unique_ptr<GroupHandler> { return nullptr; };
  options.threads = 2;
  EXPECT_FALSE(ServerGroup::Open(loop(), *Address::Ip("127.0.0.1", 0), options, none, &error));
  EXPECT_EQ(error.code(), "ECANCELED");
  auto second_none = [this](GroupThread& place) -> std::unique_ptr<GroupHandler> {
    if (place.index() == 1) return nullptr;
    return std::make_unique<Handler>(place, seen);
  };
  EXPECT_FALSE(
      ServerGroup::Open(loop(), *Address::Ip("127.0.0.1", 0), options, second_none, &error));
  EXPECT_EQ(error.code(), "ECANCELED");
}

TEST_F(ServerGroupTest, ANumberOfThreadsOutOfRangeIsAnError) {
  EXPECT_FALSE(Open(-1));
  EXPECT_EQ(error.code(), "EINVAL");
  EXPECT_FALSE(Open(ServerGroup::kMaxThreads + 1));
  EXPECT_EQ(error.code(), "EINVAL");
}

TEST_F(ServerGroupTest, AnAddressInUseIsAnError) {
  ASSERT_TRUE(Open(1));
  auto handler = [this](GroupThread& place) { return std::make_unique<Handler>(place, seen); };
  EXPECT_FALSE(ServerGroup::Open(loop(), group->LocalAddress(), {}, handler, &error));
  EXPECT_EQ(error.code(), "EADDRINUSE");
}

TEST_F(ServerGroupTest, WaitClosesAGroupThatIsOpen) {
  ASSERT_TRUE(Open(2));
  group->Wait();
  EXPECT_EQ(seen.closes, 2);
}

TEST_F(ServerGroupTest, AThreadThatTheSystemGivesNoDescriptorsIsAnErrorOfTheCall) {
  rlimit before;
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<Descriptor> fillers;
  for (int fd; (fd = ::dup(STDIN_FILENO)) >= 0;) fillers.emplace_back(fd);
  fillers.pop_back();  // for the listener
  EXPECT_FALSE(Open(2));
  EXPECT_EQ(error.code(), "EMFILE");
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(ServerGroupTest, ConnectionsHaveTheLimitsOfTheGroupAndAreCountedUnderItsName) {
  options.name = "echo";
  options.limits = std::make_shared<ConnectionLimits>(ConnectionLimits{.idle = 60'000});
  ASSERT_TRUE(Open(2));
  Descriptor first = Connect(), second = Connect();
  EXPECT_EQ(seen.idle, 60'000u);
  std::set<int> members;
  for (const AccountLine& line : Ledger::Accounts())
    if (line.key.group == "echo" && line.numbers.open == 1) members.insert(line.key.member);
  EXPECT_EQ(members, (std::set<int>{0, 1}));
  ASSERT_EQ(Ledger::AcceptQueues().size(), 1u);
  EXPECT_EQ(Ledger::AcceptQueues()[0].group, "echo");
}

TEST_F(ServerGroupTest, HandlersAreGivenTheClientThatALoadBalancerNames) {
  ASSERT_TRUE(options.proxy.emplace().Add("127.0.0.0/8"));
  ASSERT_TRUE(Open(2));
  std::vector<Descriptor> clients;
  for (int port = 1; port <= 2; ++port) {
    clients.emplace_back(ConnectDescriptor(group->LocalAddress()));
    clients.back().Send("PROXY TCP4 192.0.2.1 192.0.2.2 " + std::to_string(port) + " 80\r\nhi");
    ASSERT_TRUE(Until([&] { return seen.connections == port; }));
    std::string echo;
    ASSERT_TRUE(Until([&] { return (echo += clients.back().ReceiveSome()) == "hi"; }));
  }
  EXPECT_EQ(seen.peers, (std::set<std::string>{"192.0.2.1:1", "192.0.2.1:2"}));
}

TEST_F(ServerGroupTest, WhatWaitsInAllOfItsThreadsHasALimit) {
  options.name = "limited";
  options.write_limit = 1'000'000;
  ASSERT_TRUE(Open(1));
  EXPECT_EQ(Ledger::GroupWriteLimits()["limited"], 1'000'000u);
}

// Ends its group in each of its callbacks.
class Ending final : public GroupHandler {
 public:
  explicit Ending(std::function<void()> end) : end_(std::move(end)) {}
  void OnConnection(GroupThread&, int fd, const Address&) override {
    ::close(fd);
    end_();
  }
  void OnClose() override { end_(); }

 private:
  std::function<void()> end_;
};

TEST_F(ServerGroupTest, AHandlerMayEndTheGroupThatCallsIt) {
  for (bool closed : {false, true}) {
    options.threads = 2;
    group = ServerGroup::Open(
        loop(), *Address::Ip("127.0.0.1", 0), options,
        [this](GroupThread& place) {
          return std::make_unique<Ending>([this, index = place.index()] {
            if (index == 0) std::exchange(group, nullptr).reset();
          });
        },
        &error);
    ASSERT_TRUE(group) << error.message();
    Descriptor client(ConnectDescriptor(group->LocalAddress()));
    if (closed) group->Close();
    EXPECT_TRUE(Until([&] { return group == nullptr; }));
  }
}

}  // namespace
}  // namespace sluice::test
