#include <fcntl.h>

#include <thread>

#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

using Transfer = SocketTest;

TEST_F(Transfer, NothingIsReadBeforeResume) {
  OpenTcp();
  peer.Send("hello");
  EXPECT_EQ(BusyTurns(5), 0);
  socket->Resume();
  ASSERT_TRUE(Until([&] { return events.data == "hello"; }));
  EXPECT_EQ(socket->bytes_read(), 5u);
}

TEST_F(Transfer, PauseInOnDataStopsReading) {
  OpenTcp();
  events.on_data = [](Stream& stream) { stream.Pause(); };
  std::string large(1 << 20, 'x');
  std::thread writer([&] { peer.Send(large); });
  socket->Resume();
  ASSERT_TRUE(Until([&] { return events.reads == 1; }));
  EXPECT_EQ(BusyTurns(5), 0);
  EXPECT_EQ(events.reads, 1);
  events.on_data = nullptr;
  socket->Resume();
  EXPECT_TRUE(Until([&] { return events.data.size() == large.size(); }));
  writer.join();
}

TEST_F(Transfer, WriteOfWhatTheKernelTakesReportsNoDrain) {
  OpenTcp();
  EXPECT_TRUE(socket->Write("hello"));
  EXPECT_EQ(socket->queued(), 0u);
  EXPECT_EQ(socket->bytes_written(), 5u);
  EXPECT_EQ(peer.Receive(5), "hello");
  Settle();
  EXPECT_THAT(events.events, ElementsAre());
}

TEST_F(Transfer, WriteOfNothingIsDoneAtOnce) {
  OpenTcp();
  EXPECT_TRUE(socket->Write(""));
  EXPECT_TRUE(socket->Write(std::span<const std::span<const uint8_t>>(), true));
}

TEST_F(Transfer, PartsArriveInOrderAlsoWhenThereAreManyAndSomeAreEmpty) {
  OpenTcp();
  std::vector<std::string> texts;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    texts.push_back(i % 7 == 0 ? "" : std::to_string(i) + ",");
    expected += texts.back();
  }
  std::vector<std::span<const uint8_t>> parts;
  for (const auto& text : texts)
    parts.emplace_back(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  socket->Write(parts, false);
  ASSERT_TRUE(Until([&] { return socket->queued() == 0; }));
  EXPECT_EQ(peer.Receive(expected.size()), expected);
}

class LargeWrite : public Transfer, public testing::WithParamInterface<bool> {};

TEST_P(LargeWrite, ReachesASlowReaderWholeAndInOrder) {
  bool copy = GetParam();
  OpenTcp();
  constexpr size_t kSize = 16 * 1024 * 1024;
  std::string data(kSize, '\0');
  for (size_t i = 0; i < kSize; ++i) data[i] = static_cast<char>(i * 2654435761u >> 24);
  std::string sent = data;
  std::span<const uint8_t> part(reinterpret_cast<const uint8_t*>(sent.data()), sent.size());
  EXPECT_FALSE(socket->Write({&part, 1}, copy));
  if (copy) sent.assign(kSize, '?');
  socket->Write("end");
  std::string received;
  std::thread reader([&] {  // small odd reads make many partial writes
    std::vector<char> buffer(10007);
    while (received.size() < kSize + 3) {
      ssize_t count = ::recv(peer.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      received.append(buffer.data(), static_cast<size_t>(count));
    }
  });
  bool drained = static_cast<bool>(Until([&] { return events.saw("drain"); }));
  if (!drained) socket->Close();  // lets the reader end
  reader.join();
  EXPECT_TRUE(drained);
  EXPECT_TRUE(received == data + "end");
  EXPECT_EQ(socket->bytes_written(), kSize + 3);
  EXPECT_EQ(events.count("drain"), 1);
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutCopy, LargeWrite, testing::Bool());

TEST_F(Transfer, DrainFollowsEveryWriteThatLeftBytes) {
  OpenTcp();
  std::string large(16 * 1024 * 1024, 'x');  // more than the buffers of both ends take
  int rounds = 0;
  events.on_drain = [&](Stream& stream) {
    if (++rounds == 3) return;
    EXPECT_FALSE(stream.Write(large));
  };
  EXPECT_FALSE(socket->Write(large));
  ASSERT_TRUE(Until([&] {
    peer.ReceiveSome();
    return rounds == 3;
  }));
  EXPECT_EQ(socket->bytes_written(), 3 * large.size());
}

TEST_F(Transfer, EchoFromWithinOnDataKeepsTheOrder) {
  struct Echo : Recorder {
    void OnData(Stream& stream, std::span<uint8_t> bytes) override {
      stream.Write(std::span<const uint8_t>(bytes));
    }
  } echo;
  OpenTcp();
  socket->set_handler(&echo);
  socket->Resume();
  std::string sent(4 * 1024 * 1024, '\0'), received;
  for (size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 >> 7);
  std::thread writer([&] { peer.Send(sent); });
  std::thread reader([&] { received = peer.Receive(sent.size()); });
  EXPECT_TRUE(Until([&] { return socket->bytes_written() == sent.size(); }));
  writer.join();
  reader.join();
  EXPECT_TRUE(received == sent);
}

TEST_F(Transfer, BusyPeerDoesNotKeepAnotherFromItsTurn) {
  // Buffers of one byte: the budget of reads, not the size of a read, bounds the turn.
  struct Small : Recorder {
    uint8_t byte[1];
    std::span<uint8_t> OnBuffer(Stream&, size_t) override { return byte; }
  } small;
  OpenTcp();
  socket->set_handler(&small);
  peer.Send(std::string(10000, 'x'));
  socket->Resume();
  ASSERT_TRUE(loop().RunOnce(1000));
  EXPECT_GT(small.reads, 0);
  EXPECT_LE(small.reads, 8);
  EXPECT_TRUE(Until([&] { return small.data.size() == 10000; }));
}

TEST_F(Transfer, WhatFillsItsBufferIsReadInLargerPieces) {
  struct Hungry : Recorder {
    std::vector<size_t> hints;
    std::vector<uint8_t> space;
    std::span<uint8_t> OnBuffer(Stream&, size_t wanted) override {
      hints.push_back(wanted);
      space.resize(wanted);
      return space;
    }
  } hungry;
  Open(UnixPair());
  int size = 4 * 1024 * 1024;
  ASSERT_EQ(::setsockopt(peer.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
  socket->set_handler(&hungry);
  socket->Resume();
  auto receive = [&](size_t count) {
    hungry.hints.clear();
    size_t all = hungry.data.size() + count;
    peer.Send(std::string(count, 'x'));
    EXPECT_TRUE(Until([&] { return hungry.data.size() == all; }));
    return hungry.hints;
  };
  constexpr size_t kSmall = 4 * 1024, kMiddle = 64 * 1024, kLarge = 1024 * 1024;
  EXPECT_EQ(receive(100), (std::vector{kSmall}));
  EXPECT_EQ(receive(kSmall + kMiddle + 100), (std::vector{kSmall, kMiddle, kLarge}));
  EXPECT_EQ(receive(kSmall), (std::vector{kSmall, kMiddle})) << "after a piece that was small";
  EXPECT_EQ(receive(kMiddle - 1), (std::vector{kMiddle}));
  EXPECT_EQ(receive(100), (std::vector{kMiddle}));
  EXPECT_EQ(receive(100), (std::vector{kSmall}));
}

TEST_F(Transfer, AdoptedBlockingSocketDoesNotBlockTheLoop) {
  Open(UnixPair());  // made without SOCK_NONBLOCK
  socket->Resume();
  std::string large(4 * 1024 * 1024, 'x');
  EXPECT_FALSE(socket->Write(large));
  std::thread reader([&] { EXPECT_EQ(peer.Receive(large.size()).size(), large.size()); });
  EXPECT_TRUE(Until([&] { return events.saw("drain"); }));
  reader.join();
}

TEST_F(Transfer, PipesAreRead) {
  int fds[2];
  ASSERT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  socket = Socket::Adopt(loop(), fds[0], &events);
  socket->Resume();
  ASSERT_EQ(::write(fds[1], "hello", 5), 5);
  ASSERT_TRUE(Until([&] { return events.data == "hello"; }));
  ::close(fds[1]);
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  EXPECT_EQ(BusyTurns(20), 1) << "the hang-up is looked at once";
}

TEST_F(Transfer, PipeWithoutReaderFailsTheWriteWithoutSignal) {
  int fds[2];
  ASSERT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  socket = Socket::Adopt(loop(), fds[1], &events);
  ::close(fds[0]);
  socket->Write("hello");
  ASSERT_TRUE(Until([&] { return events.saw("write EPIPE"); }));
}

TEST_F(Transfer, PlainFileIsReadToItsEnd) {
  char name[] = "/tmp/sluice-unit-XXXXXX";
  int fd = ::mkostemp(name, O_CLOEXEC);
  ::unlink(name);
  std::string large(3 * 1024 * 1024 + 17, 'f');
  ASSERT_EQ(::write(fd, large.data(), large.size()), static_cast<ssize_t>(large.size()));
  ::lseek(fd, 0, SEEK_SET);
  socket = Socket::Adopt(loop(), fd, &events);
  socket->Resume();
  ASSERT_TRUE(Until([&] { return events.saw("end"); }));
  EXPECT_EQ(events.data.size(), large.size());
  Settle();
  EXPECT_EQ(BusyTurns(5), 0);
}

TEST_F(Transfer, DescriptorClosedByOthersFailsTheStream) {
  OpenTcp();
  socket->Resume();
  int fd = socket->fd();
  int spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(fd);  // before epoll knows it
  ASSERT_TRUE(Until([&] { return events.saw("epoll_ctl EBADF"); }));
  EXPECT_TRUE(socket->closed());
  ::close(spare);
}

TEST_F(Transfer, ReleaseGivesTheDescriptorAwayOpenAndReportsNothingMore) {
  OpenTcp();
  socket->Resume();
  Settle();
  Descriptor released(socket->Release());
  EXPECT_TRUE(socket->closed());
  EXPECT_FALSE(loop().alive());
  peer.Send("hello");
  EXPECT_EQ(BusyTurns(5), 0);
  EXPECT_EQ(released.Receive(5), "hello");
}

TEST_F(Transfer, ReleaseInOnDataLeavesTheRestToTheNewOwner) {
  OpenTcp();
  Descriptor released;
  events.on_data = [&](Stream&) { released = Descriptor(socket->Release()); };
  socket->Resume();
  peer.Send("one");
  ASSERT_TRUE(Until([&] { return released.get() >= 0; }));
  peer.Send("two");
  EXPECT_EQ(released.Receive(3), "two");
}

TEST_F(Transfer, PausedStreamWithNothingToSendDoesNotKeepRunGoing) {
  OpenTcp();
  socket->Resume();
  EXPECT_TRUE(loop().alive());
  socket->Pause();
  EXPECT_FALSE(loop().alive());
}

TEST_F(Transfer, ReadingStreamKeepsRunGoingUnlessSetRefSaysNo) {
  OpenTcp();
  socket->Resume();
  EXPECT_TRUE(loop().alive());
  socket->SetRef(false);
  socket->SetRef(false);
  EXPECT_FALSE(loop().alive());
  socket->SetRef(true);
  socket->SetRef(true);
  EXPECT_TRUE(loop().alive());
  socket->Close();
  socket->SetRef(true);
  EXPECT_FALSE(loop().alive());
}

TEST_F(Transfer, ClosedStreamRefusesEverythingQuietly) {
  OpenTcp();
  socket->Close();
  socket->Close();
  socket->Reset();
  socket->Shutdown();
  socket->Resume();
  socket->Pause();
  socket->SetIdleTimeout(10);
  EXPECT_FALSE(socket->Write("x"));
  EXPECT_EQ(socket->fd(), -1);
  EXPECT_EQ(socket->LocalAddress().family(), 0);
  EXPECT_EQ(socket->PeerAddress().family(), 0);
  EXPECT_EQ(socket->SetNoDelay(true), EBADF);
  EXPECT_EQ(BusyTurns(5), 0);
  EXPECT_THAT(events.events, ElementsAre());
}

TEST_F(Transfer, LoopsEndClosesWithoutCallbacks) {
  OpenTcp();
  socket->Resume();
  socket->SetIdleTimeout(1000);
  socket->Write(std::string(8 * 1024 * 1024, 'x'));
  Settle();
  EndLoop();
  EXPECT_TRUE(socket->closed());
  EXPECT_THAT(events.events, ElementsAre());
}

TEST_F(Transfer, OptionsReportTheirErrors) {
  OpenTcp();
  EXPECT_EQ(socket->SetNoDelay(true), 0);
  EXPECT_EQ(socket->SetKeepAlive(true, 30), 0);
  EXPECT_EQ(socket->SetKeepAlive(true, 4000000000u), EINVAL);
  EXPECT_EQ(socket->SetKeepAlive(false, 0), 0);
}

TEST_F(Transfer, ReleaseOfWhatIsClosedOrHasBytesQueuedChangesNothing) {
  OpenTcp();
  while (socket->Write(std::string(1024 * 1024, 'x'))) {
  }
  EXPECT_EQ(socket->Release(), -1);
  EXPECT_FALSE(socket->closed());
  socket->Close();
  EXPECT_EQ(socket->Release(), -1);
}

TEST_F(Transfer, TryWriteTakesNothingWhileBytesAreQueued) {
  OpenTcp();
  while (socket->Write(std::string(1024 * 1024, 'x'))) {
  }
  const uint8_t byte = 'y';
  EXPECT_EQ(socket->TryWrite({&byte, 1}), 0u);
}

// A handler without memory for what arrives.
class NoMemory final : public Recorder {
 public:
  std::span<uint8_t> OnBuffer(Stream&, size_t) override { return {}; }
};

TEST_F(Transfer, AHandlerWithoutMemoryForWhatArrivesFailsTheStream) {
  NoMemory handler;
  OpenTcp();
  socket->set_handler(&handler);
  socket->Resume();
  peer.Send("hello");
  ASSERT_TRUE(Until([&] { return socket->closed(); }));
  EXPECT_THAT(handler.events, testing::ElementsAre("read ENOBUFS"));
}

}  // namespace
}  // namespace sluice::test
