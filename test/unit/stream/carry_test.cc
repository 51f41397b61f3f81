#include <csignal>
#include <thread>

#include "stream/splice_pipe.h"
#include "support.h"

namespace sluice::test {
namespace {

// Two sockets: what arrives at `socket` shall go to `other`, whose peer is far.
class Carry : public SocketTest, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override { SLUICE_NEEDS("SLUICE_SPLICE"); }
  ~Carry() override {
    for (Socket* each : {socket.get(), other.get()})
      if (each != nullptr) each->Close();  // who still writes is told
    if (writer_.joinable()) writer_.join();
    other = nullptr;
    far.Close();
  }
  void OpenBoth() {
    Pair (*make)() = GetParam() ? UnixPair : TcpPair;
    Open(make());
    Pair pair = make();
    far = std::move(pair.peer);
    other = Socket::Adopt(loop(), pair.ours.Take(), &other_events);
    events.carry_to = other.get();
    socket->Carry();
    socket->Resume();
  }
  void SendInBackground(const std::string& text) {
    writer_ = std::thread([this, text] {  // until this side is closed
      (void)::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL);
    });
  }
  // Takes what the far end receives until it has size bytes.
  testing::AssertionResult FarReceives(size_t size) {
    return Until([&] {
      received += far.ReceiveSome();
      return received.size() >= size;
    });
  }
  static std::string Pattern(size_t size) {
    std::string text(size, '\0');
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2654435761u >> 24);
    return text;
  }

  Recorder other_events;
  Ref<Socket> other;
  Descriptor far;
  std::string received;

 private:
  std::thread writer_;
};

constexpr size_t kMuch = 8 * 1024 * 1024;

TEST_P(Carry, MuchGoesToTheOtherSocketWithoutBeingTold) {
  OpenBoth();
  std::string text = Pattern(kMuch);
  events.on_data = [&](Stream&) {  // as little came at once, it stopped: once more
    other->Write(events.data);
    events.data.clear();
    socket->Carry();
  };
  SendInBackground(text);
  ASSERT_TRUE(FarReceives(kMuch));
  EXPECT_TRUE(received == text);
  EXPECT_EQ(socket->bytes_read(), kMuch);
  EXPECT_EQ(other->bytes_written(), kMuch);
  EXPECT_GT(events.carries_asked, events.reads);
}

TEST_P(Carry, WhatTheOtherCannotSendWaitsAndNothingMoreIsRead) {
  OpenBoth();
  std::string text = Pattern(kMuch);
  events.on_data = [&](Stream&) { socket->Carry(); };
  SendInBackground(text);
  ASSERT_TRUE(Until([&] { return other->queued() > 0; }));
  size_t read = socket->bytes_read();
  EXPECT_LE(other->queued(), SplicePipe::kCapacity);
  EXPECT_EQ(BusyTurns(5), 0);
  EXPECT_EQ(socket->bytes_read(), read);
  // What is written meanwhile comes after it.
  EXPECT_EQ(other->TryWrite(std::span(reinterpret_cast<const uint8_t*>("no"), 2)), 0u);
  socket->Pause();
  EXPECT_FALSE(other->Write("end"));
  other->Shutdown();
  ASSERT_TRUE(FarReceives(read - events.data.size() + 3));
  EXPECT_TRUE(received == text.substr(events.data.size(), read - events.data.size()) + "end");
  ASSERT_TRUE(Until([&] { return other_events.saw("shutdown"); }));
  EXPECT_EQ(other_events.count("drain"), 1);
}

TEST_P(Carry, ReadingGoesOnOnceTheOtherIsGone) {
  OpenBoth();
  events.on_data = [&](Stream&) {
    if (other) socket->Carry();
  };
  SendInBackground(Pattern(kMuch));
  ASSERT_TRUE(Until([&] { return other->queued() > 0; }));
  events.carry_to = nullptr;
  uint64_t lost = socket->bytes_read() - events.data.size();
  other->Close();
  other = nullptr;
  ASSERT_TRUE(Until([&] { return events.data.size() + lost == kMuch; }));
}

TEST_P(Carry, AFailureOfTheOtherIsItsOwn) {
  OpenBoth();
  events.on_data = [&](Stream&) { socket->Carry(); };
  SendInBackground(Pattern(kMuch));
  ASSERT_TRUE(Until([&] { return other->queued() > 0; }));
  other_events.on_error = [&](Stream&) { events.carry_to = nullptr; };
  far.Close();  // with bytes unread: a reset
  uint64_t carried = 0;
  ASSERT_TRUE(Until([&] { return other->closed(); }));
  carried = socket->bytes_read() - events.data.size();
  ASSERT_TRUE(Until([&] { return events.data.size() + carried >= kMuch; }));
  EXPECT_FALSE(socket->closed());
}

TEST_P(Carry, TheEndIsToldAfterWhatWasCarried) {
  OpenBoth();
  std::string text = Pattern(200'000);
  events.on_data = [&](Stream&) {
    other->Write(events.data);
    events.data.clear();
    socket->Carry();
  };
  events.on_end = [&](Stream&) { other->Shutdown(); };
  peer.Send(text);
  ::shutdown(peer.get(), SHUT_WR);
  ASSERT_TRUE(FarReceives(text.size()));
  EXPECT_TRUE(received == text);
  ASSERT_TRUE(Until([&] { return other_events.saw("shutdown"); }));
  EXPECT_TRUE(events.saw("end"));
}

TEST_P(Carry, AnUrgentByteIsSteppedOver) {
  OpenBoth();
  if (GetParam()) GTEST_SKIP() << "of TCP alone";
  std::string text = Pattern(100'000);
  events.on_data = [&](Stream&) {
    other->Write(events.data);
    events.data.clear();
    socket->Carry();
  };
  peer.Send(text);
  ASSERT_EQ(::send(peer.get(), "!", 1, MSG_OOB), 1);
  peer.Send(text);
  ASSERT_TRUE(FarReceives(2 * text.size()));
  EXPECT_TRUE(received == text + text);
}

TEST_P(Carry, AHandlerThatNamesNothingIsToldOfWhatArrived) {
  OpenBoth();
  events.carry_to = nullptr;
  peer.Send("hello");
  ASSERT_TRUE(Until([&] { return events.data == "hello"; }));
  EXPECT_EQ(events.carries_asked, 1);
  peer.Send("again");  // it is asked no more
  ASSERT_TRUE(Until([&] { return events.data == "helloagain"; }));
  EXPECT_EQ(events.carries_asked, 1);
}

TEST_P(Carry, AHandlerMayCloseBothWhenItIsAsked) {
  OpenBoth();
  struct Closing final : Recorder {
    Socket* OnCarry(Socket& from) override {
      from.Close();
      carry_to->Close();
      return carry_to;
    }
  } closing;
  closing.carry_to = other.get();
  socket->set_handler(&closing);
  peer.Send("hello");
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_TRUE(other->closed());
}

TEST_P(Carry, ASocketCarriesToItself) {
  Open(TcpPair());
  events.carry_to = socket.get();
  events.on_data = [&](Stream&) {
    socket->Write(events.data);
    events.data.clear();
    socket->Carry();
  };
  socket->Carry();
  socket->Resume();
  std::string text = Pattern(kMuch);
  SendInBackground(text);
  ASSERT_TRUE(Until([&] {
    received += peer.ReceiveSome();
    return received.size() >= kMuch;
  }));
  EXPECT_TRUE(received == text);
}

TEST_P(Carry, NoSignalComesOfAnOtherWhosePeerIsGone) {
  OpenBoth();
  struct sigaction usual {
  }, before;
  usual.sa_handler = SIG_DFL;
  sigaction(SIGPIPE, &usual, &before);
  far.Close();
  events.on_data = [&](Stream&) { socket->Carry(); };
  EXPECT_TRUE(Until([&] {
    if (!other->closed()) peer.Send(Pattern(50'000));
    return other->closed();
  }));
  sigaction(SIGPIPE, &before, nullptr);
}

INSTANTIATE_TEST_SUITE_P(, Carry, testing::Bool(),
                         [](const auto& test) { return test.param ? "Unix" : "Tcp"; });

}  // namespace
}  // namespace sluice::test
