// What one message costs on a connection that is in its steady state.
#include "calls.h"
#include "support.h"

namespace sluice::test {
namespace {

struct Echo : StreamHandler {
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    stream.Write(std::span<const uint8_t>(data));
    ++messages;
  }
  void OnEnd(Stream&) override {}
  void OnError(Stream&, const Error&) override {}
  int messages = 0;
};

class EchoCost : public LoopTest, public testing::WithParamInterface<uint64_t> {};

TEST_P(EchoCost, IsOneWaitOneReadOneWriteAndNoAllocation) {
  Echo echo;
  Pair pair = TcpPair();
  auto socket = Socket::Adopt(loop(), pair.ours.Take(), &echo);
  socket->SetNoDelay(true);
  socket->SetIdleTimeout(GetParam());
  socket->Resume();
  char message[64] = "message";
  auto round = [&] {
    // The peer's own calls are direct, so that they do not count.
    ASSERT_EQ(__real_send(pair.peer.get(), message, sizeof message, 0), 64);
    int before = echo.messages;
    while (echo.messages == before) loop().RunOnce(-1);
    ASSERT_EQ(__real_recv(pair.peer.get(), message, sizeof message, MSG_WAITALL), 64);
  };
  // Sleeps with a time-out enough for the loop to have its timer (loop/wait_timer.h).
  for (int i = 0; i < 100; ++i) round();
  constexpr int kMessages = 1000;
  calls = {};
  for (int i = 0; i < kMessages; ++i) round();
  Calls cost = calls;
  EXPECT_EQ(cost.waits, kMessages);
  EXPECT_EQ(cost.reads, kMessages);
  EXPECT_EQ(cost.writes, kMessages);
  EXPECT_EQ(cost.controls, 0);
  EXPECT_EQ(cost.others, 0);
  EXPECT_EQ(cost.allocations, 0);
  socket->Close();
}

// An hour of idle time-out must not make messages dearer.
INSTANTIATE_TEST_SUITE_P(WithoutAndWithIdleTimeout, EchoCost, testing::Values(0, 3600000));

TEST(PauseAndResume, WithinOneTurnCostNoSystemCall) {
  Loop loop;
  Echo echo;
  Pair pair = TcpPair();
  auto socket = Socket::Adopt(loop, pair.ours.Take(), &echo);
  socket->Resume();
  loop.RunOnce(0);
  calls = {};
  for (int i = 0; i < 100; ++i) {
    socket->Pause();
    socket->Resume();
  }
  loop.RunOnce(0);
  Calls cost = calls;
  EXPECT_EQ(cost.controls, 0);
  EXPECT_EQ(cost.waits, 1);
  socket->Close();
}

}  // namespace
}  // namespace sluice::test
