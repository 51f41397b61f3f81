// How connections end: half-close, reset, hang-up, and streams that are closed in their callbacks.
#include <poll.h>

#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

class End : public SocketTest {
 protected:
  // Waits until the kernel has taken note of what the peer did.
  void AwaitEvents(short wanted) {
    pollfd entry{socket->fd(), wanted, 0};
    ASSERT_EQ(::poll(&entry, 1, 30000), 1);
  }
  void AwaitHangUp() {
    pollfd entry{socket->fd(), 0, 0};
    ASSERT_EQ(::poll(&entry, 1, 30000), 1);
  }
};

TEST_F(End, OfThePeerLeavesOurSideOpen) {
  OpenTcp();
  socket->Resume();
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  EXPECT_EQ(BusyTurns(20), 0);
  EXPECT_TRUE(socket->Write("still here"));
  EXPECT_EQ(peer.Receive(10), "still here");
  EXPECT_FALSE(socket->closed());
  EXPECT_EQ(events.count("end"), 1);
}

TEST_F(End, OfOursLeavesThePeersSideOpen) {
  OpenTcp();
  socket->Resume();
  socket->Shutdown();
  EXPECT_THAT(events.events, ElementsAre());
  ASSERT_TRUE(Until([&] { return events.saw("shutdown"); }));
  EXPECT_EQ(peer.Receive(1), "");
  peer.Send("reply");
  ASSERT_TRUE(Until([&] { return events.data == "reply"; }));
}

TEST_F(End, OfBothSidesDoesNotSpin) {
  OpenTcp();
  socket->Resume();
  socket->Shutdown();
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(Until([&] { return events.saw("end") && events.saw("shutdown"); }));
  EXPECT_LE(BusyTurns(50), 1);
  EXPECT_FALSE(socket->closed());
}

TEST_F(End, WaitsForQueuedBytes) {
  OpenTcp();
  std::string large(16 * 1024 * 1024, 'x');
  EXPECT_FALSE(socket->Write(large));
  socket->Shutdown();
  socket->Shutdown();
  Settle();
  EXPECT_FALSE(events.saw("shutdown"));
  std::string received;
  ASSERT_TRUE(Until([&] {
    received += peer.ReceiveSome();
    return events.saw("shutdown");
  }));
  received += peer.Receive(large.size());
  EXPECT_EQ(received.size(), large.size());
  EXPECT_THAT(events.events, ElementsAre("drain", "shutdown"));
}

TEST_F(End, WriteAfterItFails) {
  OpenTcp();
  socket->Shutdown();
  EXPECT_FALSE(socket->Write("late"));
  ASSERT_TRUE(Until([&] { return events.saw("write EPIPE"); }));
}

TEST_F(End, WhilePausedIsReportedAfterResumeBehindTheBytes) {
  OpenTcp();
  peer.Send("last words");
  peer.Close();
  AwaitEvents(POLLRDHUP);
  EXPECT_LE(BusyTurns(20), 1);
  EXPECT_THAT(events.events, ElementsAre());
  socket->Resume();
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  EXPECT_EQ(events.data, "last words");
}

TEST_F(End, HangUpWhilePausedDoesNotSpin) {
  Open(UnixPair());
  peer.Send("bytes");
  peer.Close();
  AwaitHangUp();
  EXPECT_LE(BusyTurns(100), 1);
  socket->Resume();
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  EXPECT_EQ(events.data, "bytes");
  EXPECT_LE(BusyTurns(100), 1);
}

TEST_F(End, HangUpAfterItsReportDoesNotSpinWhenPausedAndResumedAgain) {
  Open(UnixPair());
  socket->Resume();
  peer.Close();
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  for (int i = 0; i < 3; ++i) {
    socket->Pause();
    EXPECT_LE(BusyTurns(20), 1);
    socket->Resume();
    EXPECT_LE(BusyTurns(20), 1);
  }
  EXPECT_EQ(events.count("end"), 1);
}

TEST_F(End, ResetWhileReadingIsAnError) {
  OpenTcp();
  socket->Resume();
  peer.Reset();
  ASSERT_TRUE(Until([&] { return !events.events.empty(); }));
  EXPECT_THAT(events.events, ElementsAre("read ECONNRESET"));
  EXPECT_TRUE(socket->closed());
}

TEST_F(End, ResetWhileReadingComesAfterTheBytes) {
  OpenTcp();
  peer.Send("last words");
  peer.Reset();
  AwaitHangUp();
  socket->Resume();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(events.events, ElementsAre("data", "read ECONNRESET"));
  EXPECT_EQ(events.data, "last words");
}

TEST_F(End, ResetWhilePausedWithoutBytesIsReportedAtOnce) {
  OpenTcp();
  Settle();
  peer.Reset();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(events.events, ElementsAre("read ECONNRESET"));
}

TEST_F(End, ResetWhilePausedWithUnreadBytesWaitsForThemAndDoesNotSpin) {
  OpenTcp();
  peer.Send("unread");
  peer.Reset();
  AwaitHangUp();
  EXPECT_LE(BusyTurns(100), 1);
  EXPECT_THAT(events.events, ElementsAre());
  socket->Resume();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(events.events, ElementsAre("data", "read ECONNRESET"));
  EXPECT_EQ(events.data, "unread");
}

TEST_F(End, ResetWhileBytesAreQueuedIsAnError) {
  OpenTcp();
  socket->Write(std::string(16 * 1024 * 1024, 'x'));
  Settle();
  peer.Reset();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  ASSERT_EQ(events.events.size(), 1u);
  EXPECT_TRUE(events.saw("write ECONNRESET") || events.saw("write EPIPE")) << events.events[0];
}

TEST_F(End, ResetWhileBytesAreQueuedComesAfterTheBytesThatArrived) {
  OpenTcp();
  socket->Resume();
  socket->Write(std::string(16 * 1024 * 1024, 'x'));
  peer.Send("413 too large");
  peer.Reset();
  AwaitHangUp();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_EQ(events.data, "413 too large");
  EXPECT_EQ(events.events.size(), 2u);
  EXPECT_FALSE(events.saw("end"));
}

TEST_F(End, WriteToAResetPeerComesAfterTheBytesThatArrived) {
  OpenTcp();
  socket->Resume();
  peer.Send("last words");
  peer.Reset();
  AwaitHangUp();
  EXPECT_FALSE(socket->Write("x"));
  EXPECT_FALSE(socket->Write("y"));
  EXPECT_THAT(events.events, ElementsAre());
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_EQ(events.data, "last words");
  ASSERT_EQ(events.events.size(), 2u);
  EXPECT_EQ(events.events[0], "data");
  EXPECT_EQ(std::string(events.last_error.operation), "write");
}

TEST_F(End, WriteToAClosedUnixPeerIsEpipeOnce) {
  Open(UnixPair());
  peer.Close();
  socket->Write("a");
  std::span<const uint8_t> parts[2] = {};
  std::string text = "bc";
  parts[1] = {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
  socket->Write(parts, true);
  EXPECT_THAT(events.events, ElementsAre());
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(events.events, ElementsAre("write EPIPE"));
}

TEST_F(End, WriteErrorWhilePausedIsReportedAtOnceForTheWriterMayWaitForIt) {
  OpenTcp();
  peer.Send("unread");
  peer.Reset();
  AwaitHangUp();
  socket->Write("x");
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_EQ(events.events.size(), 1u);
  EXPECT_EQ(std::string(events.last_error.operation), "write");
}

TEST_F(End, ResetAfterThePeersEndIsAnErrorThoughNobodyWrites) {
  OpenTcp();
  socket->Resume();
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  peer.Reset();
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(events.events, ElementsAre("end", "read ECONNRESET"));
}

TEST_F(End, OurResetIsSeenByThePeer) {
  OpenTcp();
  socket->Reset();
  char byte;
  EXPECT_EQ(::recv(peer.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(End, CloseIsAnOrderlyEndForThePeer) {
  OpenTcp();
  socket->Write("bye");
  socket->Close();
  EXPECT_EQ(peer.Receive(10), "bye");
  Settle();
  EXPECT_THAT(events.events, ElementsAre());
}

// Every callback may close, reset and let go of the stream that calls it.
class InCallback : public End, public testing::WithParamInterface<bool> {
 protected:
  Recorder::Hook Gone() {
    return [this](Stream& stream) {
      socket = nullptr;
      GetParam() ? stream.Reset() : stream.Close();
      closed_after = events.events.size();
    };
  }
  void ExpectNothingAfter() {
    ASSERT_TRUE(Until([&] { return closed_after > 0; }));
    Settle();
    EXPECT_EQ(events.events.size(), closed_after);
    EXPECT_FALSE(loop().alive());
  }
  size_t closed_after = 0;
};

TEST_P(InCallback, OnDataMayCloseThoughMoreIsThere) {
  OpenTcp();
  events.on_data = Gone();
  peer.Send(std::string(200000, 'x'));
  socket->Resume();
  ExpectNothingAfter();
  EXPECT_EQ(events.reads, 1);
}

TEST_P(InCallback, OnEndMayClose) {
  OpenTcp();
  events.on_end = Gone();
  socket->Resume();
  peer.Close();
  ExpectNothingAfter();
}

TEST_P(InCallback, OnErrorMayClose) {
  OpenTcp();
  events.on_error = Gone();
  socket->Resume();
  peer.Reset();
  ExpectNothingAfter();
}

TEST_P(InCallback, OnWriteErrorMayClose) {
  Open(UnixPair());
  events.on_error = Gone();
  peer.Close();
  socket->Write("x");
  ExpectNothingAfter();
}

TEST_P(InCallback, OnDrainMayCloseThoughAnEndIsWanted) {
  Open(UnixPair());
  events.on_drain = Gone();
  std::string large(1 << 20, 'x');
  EXPECT_FALSE(socket->Write(large));
  socket->Shutdown();
  ASSERT_TRUE(Until([&] {
    peer.ReceiveSome();
    return closed_after > 0;
  }));
  ExpectNothingAfter();
}

TEST_P(InCallback, OnShutdownMayClose) {
  OpenTcp();
  events.on_shutdown = Gone();
  socket->Shutdown();
  ExpectNothingAfter();
}

TEST_P(InCallback, OnIdleMayClose) {
  OpenTcp();
  events.on_idle = Gone();
  socket->SetIdleTimeout(1);
  ExpectNothingAfter();
}

TEST_P(InCallback, OnConnectMayCloseThoughBytesAreQueued) {
  Address address;
  Descriptor listener(ListenDescriptor(&address));
  Error error;
  events.on_connect = Gone();
  socket = Socket::Connect(loop(), address, nullptr, &events, &error);
  socket->Write("x");
  socket->Shutdown();
  ExpectNothingAfter();
}

TEST_P(InCallback, OnBufferMayClose) {
  struct Closer : Recorder {
    std::function<void(Stream&)> gone;
    std::span<uint8_t> OnBuffer(Stream& stream, size_t wanted) override {
      gone(stream);
      return Recorder::OnBuffer(stream, wanted);
    }
  } closer;
  OpenTcp();
  bool called = false;
  closer.gone = [&](Stream& stream) {
    called = true;
    Gone()(stream);
  };
  socket->set_handler(&closer);
  socket->Resume();
  peer.Send("x");
  ASSERT_TRUE(Until([&] { return called; }));
  Settle();
  EXPECT_THAT(closer.events, ElementsAre());
}

TEST_P(InCallback, OneStreamMayCloseAnotherWhoseEventWaits) {
  Pair first = TcpPair(), second = TcpPair();
  Ref<Socket> streams[2];
  Recorder recorders[2];
  for (int i = 0; i < 2; ++i) {
    streams[i] = Socket::Adopt(loop(), (i == 0 ? first : second).ours.Take(), &recorders[i]);
    streams[i]->Resume();
    recorders[i].on_data = [&streams, other = 1 - i](Stream&) {
      if (!streams[other]) return;
      GetParam() ? streams[other]->Reset() : streams[other]->Close();
      streams[other] = nullptr;
    };
  }
  first.peer.Send("a");
  second.peer.Send("b");
  ASSERT_TRUE(Until([&] { return recorders[0].reads + recorders[1].reads > 0; }));
  Settle();
  EXPECT_EQ(recorders[0].reads + recorders[1].reads, 1);
  for (auto& stream : streams)
    if (stream) stream->Close();
}

INSTANTIATE_TEST_SUITE_P(ByCloseAndByReset, InCallback, testing::Bool());

TEST_F(End, NestedTurnInOnDataMaySeeTheEnd) {
  OpenTcp();
  events.on_data = [&](Stream&) {
    if (events.reads > 1) return;
    peer.Close();
    EXPECT_TRUE(Until([&] { return events.saw("end"); }));
  };
  socket->Resume();
  peer.Send("x");
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  Settle();
  EXPECT_THAT(events.events, ElementsAre("data", "end"));
}

}  // namespace
}  // namespace sluice::test
