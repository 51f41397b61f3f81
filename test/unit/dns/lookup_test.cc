#include <netdb.h>

#include <barrier>
#include <memory>

#include "loop/workers.h"
#include "sluice/dns.h"
#include "support.h"

namespace sluice::test {
namespace {

class Lookup : public LoopTest {
 protected:
  void Ask(dns::Query query) {
    dns::Lookup(loop(), std::move(query), [this](const Error& e, std::vector<Address> a) {
      error = e;
      addresses = std::move(a);
      answered = true;
    });
    EXPECT_FALSE(answered) << "from within the call";
    loop().Run();
    EXPECT_TRUE(answered);
  }
  bool answered = false;
  Error error;
  std::vector<Address> addresses;
};

TEST_F(Lookup, OfLocalhostAnswersALoopbackAddress) {
  Ask({"localhost", AF_INET, 0});
  ASSERT_FALSE(error) << error.message();
  ASSERT_FALSE(addresses.empty());
  EXPECT_EQ(addresses[0].text(), "127.0.0.1:0");
}

TEST_F(Lookup, OfALiteralAnswersIt) {
  Ask({"::1", 0, 0});
  ASSERT_EQ(addresses.size(), 1u);
  EXPECT_EQ(addresses[0].host(), "::1");
}

TEST_F(Lookup, OfAnUnknownNameAnswersAResolverError) {
  Ask({"name with spaces.invalid", 0, 0});
  EXPECT_TRUE(addresses.empty());
  EXPECT_EQ(error.domain, ErrorDomain::kResolver);
  EXPECT_TRUE(error.code() == "ENOTFOUND" || error.code() == "EAI_AGAIN") << error.code();
  EXPECT_EQ(error.address, "name with spaces.invalid");
}

TEST_F(Lookup, OfTheEmptyNameIsAnError) {
  Ask({"", 0, 0});
  EXPECT_EQ(error.code(), "ENOTFOUND");
}

TEST_F(Lookup, DoesNotCutANameAtANul) {
  Ask({std::string("127.0.0.1\0.example.com", 22), 0, 0});
  EXPECT_EQ(error.code(), "ENOTFOUND");
  EXPECT_TRUE(addresses.empty());
}

TEST_F(Lookup, OfAHugeNameIsAnError) {
  Ask({std::string(1 << 20, 'a'), 0, 0});
  EXPECT_TRUE(error);
}

TEST_F(Lookup, WithAnUnknownFamilyIsAnError) {
  Ask({"localhost", 12345, 0});
  EXPECT_EQ(error.code(), "EAI_FAMILY");
}

TEST_F(Lookup, AnswersNobodyWhenTheLoopIsGone) {
  auto token = std::make_shared<int>(1);
  for (int i = 0; i < 20; ++i)
    dns::Lookup(loop(), {"localhost", 0, 0},
                [token](const Error&, std::vector<Address>) { FAIL(); });
  EndLoop();
  EXPECT_EQ(token.use_count(), 1);
  // Every worker is past those lookups, and holds no file of the resolver, when it takes one of
  // these.
  Loop other;
  auto all = std::make_shared<std::barrier<>>(4);
  for (int i = 0; i < 4; ++i)
    RunOnWorker(
        other, [all] { all->arrive_and_wait(); }, [](int) {});
  other.Run();
}

TEST_F(Lookup, NowAnswersOnThisThreadAndClearsAnOldError) {
  Error old = Error::System("connect", ECONNREFUSED);
  auto list = dns::LookupNow({"127.0.0.1", 0, 0}, &old);
  EXPECT_FALSE(old);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].host(), "127.0.0.1");
}

}  // namespace
}  // namespace sluice::test
