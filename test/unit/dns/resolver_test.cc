#include "dns/resolver.h"

#include <ares.h>

#include <array>
#include <memory>

#include "support.h"
#include "sys/sys.h"

namespace sluice::test {
namespace {

constexpr int kA = 1;

// Asks a server of the test's own, which is a UDP socket.
class Resolving : public LoopTest {
 protected:
  Resolving() : fd_(sys::Socket(AF_INET, SOCK_DGRAM)) {
    EXPECT_EQ(sys::Bind(fd_, grant::OwnAddress(*Address::Ip("127.0.0.1", 0))), 0);
    EXPECT_EQ(sys::LocalAddress(fd_, &address_), 0);
    EXPECT_EQ(resolver_->SetServers({address_}), ARES_SUCCESS);
  }
  ~Resolving() override { sys::Close(fd_); }

  // Answers the question that waits by "no error, no records".
  void AnswerOne() {
    std::array<uint8_t, 512> message;
    Address peer;
    ssize_t size = sys::ReceiveFrom(fd_, message.data(), message.size(), &peer);
    ASSERT_GT(size, 12);
    message[2] |= 0x80;  // an answer
    EXPECT_EQ(sys::SendTo(fd_, message.data(), static_cast<size_t>(size), grant::OwnAddress(peer)),
              size);
  }
  auto Record() {
    return [this](int status, const std::vector<uint8_t>&) { statuses_.push_back(status); };
  }

  int fd_;
  Address address_;
  std::unique_ptr<dns::Resolver> resolver_ =
      std::make_unique<dns::Resolver>(loop(), dns::ResolverOptions{20, 1, 0});
  std::vector<int> statuses_;
};

TEST_F(Resolving, AnAnswerComesInATurnOfTheLoop) {
  resolver_->Ask("a.test", kA, Record());
  EXPECT_EQ(resolver_->in_flight(), 1);
  AnswerOne();
  EXPECT_TRUE(statuses_.empty());
  loop().Run();
  EXPECT_EQ(statuses_, std::vector<int>{ARES_ENODATA});
  EXPECT_EQ(resolver_->in_flight(), 0);
}

TEST_F(Resolving, WhatFailsAtOnceIsAnsweredInATurnToo) {
  resolver_->Ask("a..test", kA, Record());
  resolver_->Ask(std::string("a\0.test", 7), kA, Record());
  EXPECT_TRUE(statuses_.empty());
  loop().Run();
  EXPECT_EQ(statuses_, (std::vector<int>{ARES_EBADNAME, ARES_EBADNAME}));
}

TEST_F(Resolving, SilenceEndsAtTheTimeout) {
  resolver_->Ask("a.test", kA, Record());
  loop().Run();
  EXPECT_EQ(statuses_, std::vector<int>{ARES_ETIMEOUT});
}

TEST_F(Resolving, TheResolverMayBeDestroyedInItsCallback) {
  for (const char* name : {"a.test", "b..test", "c.test"})
    resolver_->Ask(name, kA, [this](int status, const std::vector<uint8_t>&) {
      statuses_.push_back(status);
      resolver_.reset();
    });
  AnswerOne();
  loop().Run();
  // The answers that were there already come; what was in flight is dropped.
  EXPECT_EQ(statuses_.front(), ARES_EBADNAME);
  EXPECT_LE(statuses_.size(), 2u);
}

TEST_F(Resolving, DestroyingDropsWhatIsInFlight) {
  resolver_->Ask("a.test", kA, Record());
  resolver_->Reverse(
      *Address::Ip("192.0.2.1", 0),
      [this](int status, const std::vector<std::string>&) { statuses_.push_back(status); });
  resolver_.reset();
  EXPECT_FALSE(loop().alive());
  loop().Run();
  EXPECT_TRUE(statuses_.empty());
}

TEST_F(Resolving, CancelAnswersWhatIsInFlight) {
  resolver_->Ask("a.test", kA, Record());
  resolver_->Cancel();
  loop().Run();
  EXPECT_EQ(statuses_, std::vector<int>{ARES_ECANCELLED});
}

TEST_F(Resolving, ServersAreThoseThatWereSet) {
  std::vector<Address> servers{*Address::Ip("192.0.2.1", 53), *Address::Ip("2001:db8::1", 5353)};
  EXPECT_EQ(resolver_->SetServers(servers), ARES_SUCCESS);
  auto found = resolver_->Servers();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].text(), "192.0.2.1:53");
  EXPECT_EQ(found[1].text(), "[2001:db8::1]:5353");
}

TEST_F(Resolving, NoServersAreAFailureOfTheQuestion) {
  EXPECT_EQ(resolver_->SetServers({}), ARES_SUCCESS);
  resolver_->Ask("a.test", kA, Record());
  loop().Run();
  ASSERT_EQ(statuses_.size(), 1u);
  EXPECT_NE(statuses_[0], ARES_SUCCESS);
}

}  // namespace
}  // namespace sluice::test
