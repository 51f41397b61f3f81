#include "sys/sys.h"

#include <signal.h>

#include <cerrno>
#include <cstdlib>

#include "support.h"
#include "sys/aborts.h"

namespace sluice::test {
namespace {

int signals = 0;

TEST(Sys, WritingToAPipeWithoutReaderRaisesNoSignal) {
  struct sigaction action {
  }, before;
  action.sa_handler = [](int) { ++signals; };
  sigaction(SIGPIPE, &action, &before);
  int fds[2];
  ASSERT_EQ(::pipe(fds), 0);
  ::close(fds[0]);
  char byte = 'x';
  iovec part{&byte, 1};
  EXPECT_EQ(sys::WriteVector(fds[1], &part, 1), -EPIPE);
  EXPECT_EQ(signals, 0);
  ::close(fds[1]);
  sigaction(SIGPIPE, &before, nullptr);
}

TEST(Sys, WhatAbortsSaysWhereUnlessSomebodyElseSentTheSignal) {
  auto abort_by = [](auto end) {
    sys::TellAborts();
    end();
  };
  EXPECT_EXIT(abort_by([] { std::abort(); }), testing::KilledBySignal(SIGABRT),
              "^sluice: aborted by a check that failed\n    at [a-z0-9_.+-]+\\+0x[0-9a-f]+\n");
  EXPECT_EXIT(abort_by([] {
                ::kill(getpid(), SIGABRT);
                ::pause();
              }),
              testing::KilledBySignal(SIGABRT), "^$");
}

TEST(Sys, SendingAndReceivingNeverBlocksOnABlockingSocket) {
  Pair pair = UnixPair();
  char buffer[4096] = {};
  EXPECT_EQ(sys::Receive(pair.ours.get(), buffer, sizeof buffer), -EAGAIN);
  ssize_t result;
  do result = sys::Send(pair.ours.get(), buffer, sizeof buffer);
  while (result > 0);
  EXPECT_EQ(result, -EAGAIN);
}

TEST(Sys, ReceiveOnNoSocketSaysSo) {
  int fds[2];
  ASSERT_EQ(::pipe(fds), 0);
  char byte;
  EXPECT_EQ(sys::Receive(fds[0], &byte, 1), -ENOTSOCK);
  ::close(fds[0]);
  ::close(fds[1]);
}

TEST(Sys, CallsOnABadDescriptorReturnItsError) {
  Address address;
  EXPECT_EQ(sys::LocalAddress(-1, &address), -EBADF);
  EXPECT_EQ(sys::Accept(-1, &address), -EBADF);
  EXPECT_EQ(sys::Close(-1), -EBADF);
  EXPECT_EQ(sys::SocketError(-1), EBADF);
}

}  // namespace
}  // namespace sluice::test
