#include "support.h"
#include "sys/sys.h"

namespace sluice::test {
namespace {

class Idle : public SocketTest {
 protected:
  bool After(uint64_t ms) {
    bool over = false;
    Timer timer(loop(), [&] { over = true; });
    timer.SetAfter(ms);
    return static_cast<bool>(Until([&] { return over; }));
  }
};

TEST_F(Idle, IsReportedOnceForOneIdlePeriod) {
  OpenTcp();
  socket->SetIdleTimeout(2);
  ASSERT_TRUE(Until([&] { return events.saw("idle"); }));
  ASSERT_TRUE(After(20));
  EXPECT_EQ(events.count("idle"), 1);
  EXPECT_FALSE(socket->closed());
}

TEST_F(Idle, IsReportedAgainAfterAByteWasRead) {
  OpenTcp();
  socket->Resume();
  socket->SetIdleTimeout(2);
  ASSERT_TRUE(Until([&] { return events.count("idle") == 1; }));
  peer.Send("x");
  ASSERT_TRUE(Until([&] { return events.count("idle") == 2; }));
}

TEST_F(Idle, IsReportedAgainAfterAByteWasWritten) {
  OpenTcp();
  socket->SetIdleTimeout(2);
  ASSERT_TRUE(Until([&] { return events.count("idle") == 1; }));
  socket->Write("x");
  ASSERT_TRUE(Until([&] { return events.count("idle") == 2; }));
}

TEST_F(Idle, IsNotReportedEarlierThanTheTimeAfterTheLastByte) {
  OpenTcp();
  socket->SetIdleTimeout(20);
  ASSERT_TRUE(After(10));
  // On a slow machine the first idle period is over by now; the write begins another.
  int before = events.count("idle");
  uint64_t last = loop().now();
  socket->Write("x");
  ASSERT_TRUE(Until([&] { return events.count("idle") > before; }));
  EXPECT_GE(loop().now() - last, 20u);
}

// What a callback takes long for is no silence of the connection.
TEST_F(Idle, IsCountedFromAWriteAtTheEndOfALongCallback) {
  OpenTcp();
  socket->SetIdleTimeout(30);
  bool done = false;
  uint64_t written = 0;
  loop().Post([&] {
    while (sys::MonotonicMs() - loop().now() < 25) {
    }
    socket->Write("x");
    written = sys::MonotonicMs();
    done = true;
  });
  ASSERT_TRUE(Until([&] { return done; }));
  ASSERT_TRUE(Until([&] { return events.saw("idle"); }));
  EXPECT_GE(sys::MonotonicMs() - written, 29u);
}

TEST_F(Idle, ZeroEndsIt) {
  OpenTcp();
  socket->SetIdleTimeout(2);
  socket->SetIdleTimeout(0);
  ASSERT_TRUE(After(10));
  EXPECT_FALSE(events.saw("idle"));
}

TEST_F(Idle, ZeroFromWithinOnIdleEndsIt) {
  OpenTcp();
  events.on_idle = [](Stream& stream) { stream.SetIdleTimeout(0); };
  socket->SetIdleTimeout(1);
  ASSERT_TRUE(Until([&] { return events.saw("idle"); }));
  socket->Write("x");
  ASSERT_TRUE(After(10));
  EXPECT_EQ(events.count("idle"), 1);
}

TEST_F(Idle, SetAgainFromWithinOnIdleReportsAgain) {
  OpenTcp();
  events.on_idle = [](Stream& stream) { stream.SetIdleTimeout(1); };
  socket->SetIdleTimeout(1);
  EXPECT_TRUE(Until([&] { return events.count("idle") == 3; }));
}

TEST_F(Idle, HugeTimesDoNotWrap) {
  OpenTcp();
  socket->SetIdleTimeout(UINT64_MAX);
  EXPECT_EQ(BusyTurns(5), 0);
}

TEST_F(Idle, DoesNotKeepRunGoing) {
  OpenTcp();
  socket->SetIdleTimeout(1000000);
  socket->SetRef(false);
  loop().Run();
  EXPECT_FALSE(socket->closed());
}

}  // namespace
}  // namespace sluice::test
