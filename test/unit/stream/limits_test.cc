// What a connection may hold for its peer.
#include "support.h"

namespace sluice::test {
namespace {

class Limits : public SocketTest {
 protected:
  void LimitTo(uint64_t bytes) {
    auto limits = std::make_shared<ConnectionLimits>();
    limits->hard_bytes = bytes;
    socket->record()->SetLimits(std::move(limits));
  }
};

TEST_F(Limits, AWriteThatDoesNotFitIsRefusedWholeAndNothingAfterItIsSent) {
  OpenTcp();
  LimitTo(32 << 20);
  std::string large(16 << 20, 'x');
  EXPECT_FALSE(socket->Write(large));
  ASSERT_GT(socket->queued(), 0u);
  size_t taken = large.size() - socket->queued();
  EXPECT_FALSE(socket->Write(std::string(32 << 20, 'y')));
  EXPECT_FALSE(socket->Write("z"));
  ASSERT_TRUE(Until([&] { return events.saw("read ECONNABORTED"); }));
  EXPECT_TRUE(socket->closed());
  EXPECT_EQ(socket->record()->reason().code, CloseCode::kWriteLimit);
  EXPECT_EQ(peer.Receive(large.size()).find_first_not_of('x'), std::string::npos);
  EXPECT_GT(taken, 0u);
}

TEST_F(Limits, AWriteThatIsLargerThanTheLimitIsRefusedAlthoughNothingWaits) {
  OpenTcp();
  LimitTo(10);
  EXPECT_TRUE(socket->Write("0123456789"));
  EXPECT_FALSE(socket->Write("0123456789a"));
  EXPECT_EQ(socket->TryWrite(std::span(reinterpret_cast<const uint8_t*>("b"), 1)), 0u);
  ASSERT_TRUE(Until([&] { return events.saw("read ECONNABORTED"); }));
}

TEST_F(Limits, AWriteThatFitsIsWritten) {
  OpenTcp();
  LimitTo(8 << 20);
  std::string large(8 << 20, 'x');
  EXPECT_FALSE(socket->Write(large));
  std::string received;
  ASSERT_TRUE(Until([&] {
    received += peer.ReceiveSome();
    return events.saw("drain");
  }));
  EXPECT_TRUE(socket->Write("more"));
}

TEST_F(Limits, TimesThatNeverComeEndNothing) {
  OpenTcp();
  const uint64_t never = ~uint64_t{0};
  socket->record()->SetLimits(std::make_shared<ConnectionLimits>(
      ConnectionLimits{never, never, never, never, never, 1, never, never}));
  while (socket->Write(std::string(1 << 20, 'x'))) {
  }
  Settle();
  EXPECT_FALSE(socket->closed());
  EXPECT_THAT(events.events, testing::IsEmpty());
}

}  // namespace
}  // namespace sluice::test
