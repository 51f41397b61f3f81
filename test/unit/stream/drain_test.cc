// How a listener leaves (sluice/drain.h).
#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

// Serves what it accepts, and says farewell as its test wants.
class Server final : public Recorder, public ListenHandler {
 public:
  void OnAccept(Listener& listener, int fd, const Address& peer) override {
    sockets.push_back(Socket::Adopt(listener.loop(), fd, this, &peer));
    sockets.back()->Resume();
  }
  bool OnGoAway(Stream& stream, uint64_t deadline_ms) override {
    events.push_back("goaway");
    deadline = deadline_ms;
    if (on_goaway) on_goaway(stream);
    return ends_itself;
  }

  std::vector<Ref<Socket>> sockets;
  Hook on_goaway;
  bool ends_itself = true;
  uint64_t deadline = 0;
};

class DrainTest : public LoopTest {
 protected:
  DrainTest() {
    listener = Listener::Listen(loop(), *Address::Ip("127.0.0.1", 0), {}, &server, &error);
    address = listener->LocalAddress();
    listener->Start();
    options.jitter = 0;
  }
  ~DrainTest() override {
    listener->Close();
    for (auto& socket : server.sockets) socket->Close();
    EndLoop();
    clients.clear();
  }
  void Connect() {
    size_t before = server.sockets.size();
    clients.emplace_back(ConnectDescriptor(address));
    ASSERT_TRUE(Until([&] { return server.sockets.size() > before; }));
  }
  bool Drain() {
    return listener->Drain(
        options, [this](const DrainResult& one) { results.push_back(one); }, &error);
  }
  bool Done() { return !results.empty(); }
  CloseCode reason() { return server.sockets.at(0)->record()->reason().code; }

  Server server;
  Error error;
  Ref<Listener> listener;
  Address address;
  DrainOptions options;
  std::vector<Descriptor> clients;
  std::vector<DrainResult> results;
};

TEST_F(DrainTest, AServerWithoutConnectionsLeavesAtOnce) {
  ASSERT_TRUE(Drain()) << error.message();
  EXPECT_TRUE(listener->draining());
  loop().Run();
  ASSERT_TRUE(Done());
  EXPECT_FALSE(listener->draining());
  EXPECT_TRUE(listener->closed());
  EXPECT_EQ(results[0].closed + results[0].ended + results[0].forced + results[0].left, 0u);
}

TEST_F(DrainTest, WhatWaitsInTheBacklogIsAcceptedBefore) {
  for (int i = 0; i < 100; ++i) clients.emplace_back(ConnectDescriptor(address));
  server.on_goaway = [](Stream& stream) { stream.Close(); };
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(server.count("goaway"), 100);
  EXPECT_EQ(results[0].closed, 100u);
}

TEST_F(DrainTest, AcceptingGoesOnDuringTheGrace) {
  options.grace = options.deadline = 60'000;
  ASSERT_TRUE(Drain());
  Settle();
  Connect();
  EXPECT_FALSE(server.saw("goaway"));
  EXPECT_FALSE(listener->closed());
}

TEST_F(DrainTest, AHandlerThatEndsItsStreamIsToldHowLongItHas) {
  Connect();
  server.on_goaway = [](Stream& stream) { stream.Close(); };
  options.deadline = 60'000;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_GT(server.deadline, 30'000u);
  EXPECT_LE(server.deadline, 60'000u);
  EXPECT_EQ(reason(), CloseCode::kLocalDestroy);
  EXPECT_EQ(results[0].closed, 1u);
}

TEST_F(DrainTest, WhatIsOpenAtTheDeadlineIsReset) {
  Connect();
  options.deadline = 10;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(reason(), CloseCode::kDrainDeadline);
  EXPECT_TRUE(server.saw("read ECONNABORTED"));
  EXPECT_EQ(results[0].forced, 1u);
  char byte;
  EXPECT_EQ(::recv(clients[0].get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(DrainTest, ConnectionsEndByAResetWhereThatIsAskedFor) {
  Connect();
  server.ends_itself = false;
  options.reset = true;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(reason(), CloseCode::kDrain);
  EXPECT_EQ(results[0].ended, 1u);
  char byte;
  EXPECT_EQ(::recv(clients[0].get(), &byte, 1, 0), -1);
}

TEST_F(DrainTest, TheLastBytesOfASilentPeerAreReadBeforeItsHandlerHearsOfTheShutdown) {
  Connect();
  server.ends_itself = false;
  server.on_shutdown = [](Stream& stream) { stream.Close(); };
  ASSERT_TRUE(Drain());
  std::string received;
  ASSERT_TRUE(Until([&] {
    char byte;
    return ::recv(clients[0].get(), &byte, 1, MSG_DONTWAIT) == 0;
  }));
  Settle();
  clients[0].Send("last");
  clients[0].Close();
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(server.data, "last");
  EXPECT_THAT(server.events, ElementsAre("goaway", "data", "end", "shutdown"));
  EXPECT_EQ(results[0].ended, 1u);
}

TEST_F(DrainTest, APeerThatDoesNotEndIsGivenUp) {
  Connect();
  server.ends_itself = false;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(reason(), CloseCode::kDrain);
  EXPECT_TRUE(server.saw("read ECONNABORTED"));
  EXPECT_FALSE(server.saw("shutdown"));
  EXPECT_EQ(results[0].ended, 1u);
}

TEST_F(DrainTest, WhoAsksAgainMayOnlyShortenTheDeadline) {
  Connect();
  options.deadline = 60'000;
  ASSERT_TRUE(Drain());
  options.deadline = 90'000;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return server.saw("goaway"); }));
  EXPECT_LE(server.deadline, 60'000u);
  options.deadline = 10;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(results.size(), 3u);
  EXPECT_EQ(results[2].forced, 1u);
}

TEST_F(DrainTest, AGraceIsCutShortByANearerDeadline) {
  options.grace = options.deadline = 60'000;
  ASSERT_TRUE(Drain());
  options.grace = 0;
  options.deadline = 10;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
}

TEST_F(DrainTest, OptionsOutOfRangeAreAnError) {
  for (DrainOptions wrong : {DrainOptions{0, 0, {}, false}, DrainOptions{2, 1, {}, false},
                             DrainOptions{5, 10, 6, false}}) {
    options = wrong;
    EXPECT_FALSE(Drain());
    EXPECT_EQ(error.code(), "EINVAL");
  }
  EXPECT_FALSE(listener->draining());
}

TEST_F(DrainTest, AClosedListenerWithoutConnectionsIsAnError) {
  listener->Close();
  EXPECT_FALSE(Drain());
  EXPECT_EQ(error.code(), "EBADF");
}

TEST_F(DrainTest, AClosedListenerDrainsTheConnectionsThatItHas) {
  Connect();
  listener->Close();
  server.on_goaway = [](Stream& stream) { stream.Close(); };
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return Done(); }));
  EXPECT_EQ(results[0].closed, 1u);
}

TEST_F(DrainTest, TheEndOfTheLoopForgetsIt) {
  Connect();
  server.ends_itself = false;
  options.deadline = 60'000;
  ASSERT_TRUE(Drain());
  ASSERT_TRUE(Until([&] { return server.saw("goaway"); }));
  EndLoop();
  EXPECT_FALSE(Done());
  EXPECT_FALSE(listener->draining());
}

}  // namespace
}  // namespace sluice::test
