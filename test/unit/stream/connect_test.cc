#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

class Connect : public SocketTest {
 protected:
  Connect() : listener(ListenDescriptor(&address)) {}
  void Start(const Address* local = nullptr) {
    socket = Socket::Connect(loop(), address, local, &events, &error);
  }
  void Accept() { peer = Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)); }

  Address address;
  Descriptor listener;
  Error error;
};

TEST_F(Connect, IsReportedOnceAndNeverFromWithinTheCall) {
  Start();
  ASSERT_TRUE(socket);
  EXPECT_TRUE(socket->connecting());
  EXPECT_THAT(events.events, ElementsAre());
  ASSERT_TRUE(Until([&] { return events.saw("connect"); }));
  EXPECT_FALSE(socket->connecting());
  EXPECT_EQ(socket->PeerAddress().text(), address.text());
  Settle();
  EXPECT_THAT(events.events, ElementsAre("connect"));
}

TEST_F(Connect, RefusedNamesTheAddressAndClosesTheStream) {
  listener.Close();
  Start();
  ASSERT_TRUE(socket);
  ASSERT_TRUE(Until([&] { return !events.events.empty(); }));
  EXPECT_THAT(events.events, ElementsAre("connect ECONNREFUSED"));
  EXPECT_EQ(events.last_error.message(), "connect ECONNREFUSED " + address.text());
  EXPECT_TRUE(socket->closed());
  EXPECT_FALSE(loop().alive());
}

TEST_F(Connect, RefusedMayLetGoOfTheStream) {
  listener.Close();
  events.on_connect = [&](Stream& stream) {
    socket = nullptr;
    stream.Close();
  };
  Start();
  ASSERT_TRUE(Until([&] { return !events.events.empty(); }));
}

TEST_F(Connect, ToAMissingUnixPathFailsAtOnce) {
  address = *Address::Unix("/nonexistent/socket");
  Start();
  EXPECT_FALSE(socket);
  EXPECT_EQ(error.message(), "connect ENOENT /nonexistent/socket");
  EXPECT_FALSE(loop().alive());
}

TEST_F(Connect, ToNoAddressFailsAtOnce) {
  address = Address();
  Start();
  EXPECT_FALSE(socket);
  EXPECT_TRUE(error);
}

TEST_F(Connect, ReachesAnAbstractUnixName) {
  listener = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  std::string name = std::string(1, '\0') + "sluice-unit-" + std::to_string(::getpid());
  address = *Address::Unix(name);
  ASSERT_EQ(::bind(listener.get(), address.data(), address.size()), 0);
  ASSERT_EQ(::listen(listener.get(), 8), 0);
  Start();
  ASSERT_TRUE(socket) << error.message();
  ASSERT_TRUE(Until([&] { return events.saw("connect"); }));
  EXPECT_EQ(socket->PeerAddress().host(), name);
  EXPECT_EQ(socket->LocalAddress().host(), "");
}

TEST_F(Connect, BindsTheLocalAddress) {
  auto local = *Address::Ip("127.0.0.2", 0);
  Start(&local);
  ASSERT_TRUE(Until([&] { return events.saw("connect"); }));
  EXPECT_EQ(socket->LocalAddress().host(), "127.0.0.2");
}

TEST_F(Connect, FromAnAddressOfAnotherMachineFailsAtOnce) {
  auto local = *Address::Ip("192.0.2.1", 0);
  Start(&local);
  EXPECT_FALSE(socket);
  EXPECT_EQ(error.message(), "bind EADDRNOTAVAIL 192.0.2.1:0");
}

TEST_F(Connect, ThenCloseAtOnceReportsNothing) {
  Start();
  socket->Close();
  Settle();
  EXPECT_THAT(events.events, ElementsAre());
  EXPECT_FALSE(loop().alive());
}

TEST_F(Connect, BytesWrittenBeforeAreSentFirstInOrder) {
  Start();
  events.on_connect = [](Stream& stream) { stream.Write("three"); };
  EXPECT_FALSE(socket->Write("one "));
  EXPECT_FALSE(socket->Write("two "));
  EXPECT_EQ(socket->TryWrite({}), 0u);
  EXPECT_EQ(socket->queued(), 8u);
  ASSERT_TRUE(Until([&] { return events.saw("drain"); }));
  Accept();
  EXPECT_EQ(peer.Receive(13), "one two three");
  EXPECT_THAT(events.events, ElementsAre("connect", "drain"));
}

TEST_F(Connect, EndBeforeItEndsAfterIt) {
  Start();
  socket->Shutdown();
  ASSERT_TRUE(Until([&] { return events.saw("shutdown"); }));
  Accept();
  EXPECT_EQ(peer.Receive(1), "");
  EXPECT_THAT(events.events, ElementsAre("connect", "shutdown"));
}

TEST_F(Connect, BytesAndEndBeforeItBothArrive) {
  Start();
  socket->Write("bye");
  socket->Shutdown();
  ASSERT_TRUE(Until([&] { return events.saw("shutdown"); }));
  Accept();
  EXPECT_EQ(peer.Receive(10), "bye");
  EXPECT_THAT(events.events, ElementsAre("connect", "drain", "shutdown"));
}

TEST_F(Connect, ResumedBeforeItReadsAfterIt) {
  Start();
  socket->Resume();
  Accept();
  peer.Send("hello");
  ASSERT_TRUE(Until([&] { return events.data == "hello"; }));
  EXPECT_THAT(events.events, ElementsAre("connect", "data"));
}

TEST_F(Connect, LoopMayEndInTheMiddle) {
  Start();
  EndLoop();
  EXPECT_TRUE(socket->closed());
  EXPECT_THAT(events.events, ElementsAre());
}

}  // namespace
}  // namespace sluice::test
