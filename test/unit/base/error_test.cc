#include "sluice/error.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <cerrno>

using sluice::Error;
using sluice::ErrorDomain;

TEST(Error, ZeroValueIsSuccess) {
  Error error;
  EXPECT_FALSE(error);
  EXPECT_EQ(error.message(), "");
}

TEST(Error, MessageNamesOperationCodeAndAddress) {
  Error error = Error::System("connect", ECONNREFUSED, "127.0.0.1:1");
  EXPECT_TRUE(error);
  EXPECT_EQ(error.code(), "ECONNREFUSED");
  EXPECT_EQ(error.message(), "connect ECONNREFUSED 127.0.0.1:1");
}

TEST(Error, MessageWithoutAddressEndsAfterTheCode) {
  EXPECT_EQ(Error::System("read", ECONNRESET).message(), "read ECONNRESET");
}

TEST(Error, MessageEndsWithTheDetail) {
  Error error = Error::System("open", ENOENT, "/x");
  error.detail = "more";
  EXPECT_EQ(error.message(), "open ENOENT /x: more");
}

TEST(Error, NumbersWithoutNameAreUnknown) {
  EXPECT_EQ(Error::System("read", 0).code(), "UNKNOWN");
  EXPECT_EQ(Error::System("read", -5).code(), "UNKNOWN");
  EXPECT_EQ(Error::System("read", 99999).code(), "UNKNOWN");
  EXPECT_EQ((Error{ErrorDomain::kTls, 1, "handshake", {}, {}}).code(), "UNKNOWN");
}

TEST(Error, ResolverFailuresHaveTheNamesProgramsLookFor) {
  EXPECT_EQ(Error::Resolver(EAI_NONAME, "nosuch").message(), "getaddrinfo ENOTFOUND nosuch");
  EXPECT_EQ(Error::Resolver(EAI_NODATA, "").code(), "ENOTFOUND");
  EXPECT_EQ(Error::Resolver(EAI_AGAIN, "").code(), "EAI_AGAIN");
  EXPECT_EQ(Error::Resolver(EAI_FAIL, "").code(), "EAI_FAIL");
  EXPECT_EQ(Error::Resolver(EAI_FAMILY, "").code(), "EAI_FAMILY");
}

TEST(ErrnoName, IsNullForWhatIsNoError) {
  EXPECT_STREQ(sluice::ErrnoName(EPIPE), "EPIPE");
  EXPECT_EQ(sluice::ErrnoName(0), nullptr);
  EXPECT_EQ(sluice::ErrnoName(-1), nullptr);
}
