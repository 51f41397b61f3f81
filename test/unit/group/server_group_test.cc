// ServerGroup: connections over threads, and how a group ends.
#include <mutex>
#include <set>
#include <thread>

#include "../support.h"
#include "sluice/group.h"

namespace sluice::test {
namespace {

// What the handlers of all threads saw.
struct Seen {
  std::mutex mutex;  // guards threads
  std::set<std::thread::id> threads;
  std::atomic<int> connections{0};
  std::atomic<int> closes{0};
};

// Echoes, and tells what it saw.
class Handler final : public GroupHandler, public StreamHandler {
 public:
  Handler(GroupThread& place, Seen& seen) : place_(place), seen_(seen) {}
  void OnConnection(GroupThread& place, int fd, const Address&) override {
    EXPECT_EQ(&place, &place_);
    EXPECT_EQ(&place.loop(), Loop::Current());
    {
      std::lock_guard lock(seen_.mutex);
      seen_.threads.insert(std::this_thread::get_id());
    }
    Socket::Adopt(place.loop(), fd, this)->Resume();
    ++seen_.connections;
  }
  void OnClose() override { ++seen_.closes; }
  void OnData(Stream& stream, std::span<uint8_t> data) override { stream.Write(data); }
  void OnEnd(Stream& stream) override { stream.Close(); }
  void OnError(Stream&, const Error&) override {}

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
    GroupOptions options;
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

TEST_F(ServerGroupTest, AGroupWithoutAHandlerDoesNotOpen) {
  auto none = [](GroupThread&) -> std::unique_ptr<GroupHandler> { return nullptr; };
  GroupOptions options;
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

}  // namespace
}  // namespace sluice::test
