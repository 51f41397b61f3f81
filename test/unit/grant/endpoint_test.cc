#include "grant/endpoint.h"

#include <gtest/gtest.h>

namespace sluice::grant {
namespace {

Address Peer(const char* ip, uint16_t port = 80) {
  return Canonical(*Address::Ip(ip, port), true);
}

bool Matches(const char* pattern, const char* ip, uint16_t port = 80) {
  auto parsed = EndpointPattern::Parse(pattern);
  EXPECT_TRUE(parsed) << pattern;
  return parsed && parsed->Matches(Peer(ip, port));
}

TEST(Endpoint, AnAddressHasOneForm) {
  for (const char* ip :
       {"127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0.0.0.0", "::ffff:0.0.0.0"})
    EXPECT_EQ(Peer(ip).text(), "127.0.0.1:80") << ip;
  for (const char* ip : {"::1", "::", "0:0:0:0:0:0:0:1"})
    EXPECT_EQ(Peer(ip).text(), "[::1]:80") << ip;
  EXPECT_EQ(Canonical(*Address::Ip("0.0.0.0", 1), false).text(), "0.0.0.0:1");
}

TEST(Endpoint, ANetworkMatchesByItsBits) {
  EXPECT_TRUE(Matches("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(Matches("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(Matches("10.0.0.128/25:80", "10.0.0.200"));
  EXPECT_FALSE(Matches("10.0.0.128/25:80", "10.0.0.127"));
  EXPECT_FALSE(Matches("10.0.0.128/25:81", "10.0.0.200"));
  EXPECT_TRUE(Matches("[fd00::/8]:80", "fd12::1"));
  EXPECT_TRUE(Matches("fd00::/8", "fd12::1"));
  EXPECT_FALSE(Matches("::/0", "127.0.0.1"));
  EXPECT_TRUE(Matches("::ffff:10.0.0.0/104", "10.1.2.3"));
}

TEST(Endpoint, PortsAreOneOrARange) {
  EXPECT_TRUE(Matches("*:80-90", "1.2.3.4", 90));
  EXPECT_FALSE(Matches("*:80-90", "1.2.3.4", 91));
  EXPECT_TRUE(Matches("1.2.3.4", "1.2.3.4", 65535));
  EXPECT_TRUE(Matches("[::1]:80", "::1"));
}

TEST(Endpoint, WhatIsNoPatternIsRefused) {
  for (const char* text : {"",
                           ":",
                           "1.2.3",
                           "1.2.3.4:",
                           "1.2.3.4:x",
                           "1.2.3.4:70000",
                           "1.2.3.4:2-1",
                           "0x7f.0.0.1",
                           "127.1",
                           "2130706433",
                           "[::1",
                           "[1.2.3.4]:1",
                           "1.2.3.4/33",
                           "::/129",
                           "fe80::1%lo",
                           "unix:",
                           "unix:x",
                           "a b",
                           "name:",
                           "*x",
                           "1.2.3.4:+80",
                           "1.2.3.4: 80",
                           "name.123"})
    EXPECT_FALSE(EndpointPattern::Parse(text)) << text;
}

TEST(Endpoint, AnAddressOfAllInterfacesTouchesEveryPatternOfItsPort) {
  auto one = *EndpointPattern::Parse("127.0.0.1:80");
  EXPECT_FALSE(one.Matches(*Address::Ip("0.0.0.0", 80)));
  EXPECT_TRUE(one.Touches(*Address::Ip("0.0.0.0", 80)));
  EXPECT_TRUE(one.Touches(*Address::Ip("::", 80)));
  EXPECT_FALSE(one.Touches(*Address::Ip("0.0.0.0", 81)));
  EXPECT_TRUE(EndpointPattern::Parse("0.0.0.0:80")->Matches(*Address::Ip("10.0.0.1", 80)));
}

TEST(Endpoint, CoversWhatIsWithin) {
  auto parse = [](const char* text) { return *EndpointPattern::Parse(text); };
  EXPECT_TRUE(parse("10.0.0.0/8").Covers(parse("10.1.0.0/16:80")));
  EXPECT_FALSE(parse("10.1.0.0/16").Covers(parse("10.0.0.0/8")));
  EXPECT_FALSE(parse("10.0.0.0/8:80").Covers(parse("10.0.0.0/8")));
  EXPECT_TRUE(parse("*").Covers(parse("example.com:1")));
  EXPECT_FALSE(parse("example.com").Covers(parse("*")));
  EXPECT_TRUE(parse("unix:/run").Covers(parse("unix:/run/x")));
  EXPECT_FALSE(parse("unix:/run").Covers(parse("unix:/running")));
  EXPECT_FALSE(parse("*").Covers(parse("unix:/run")));
  EXPECT_FALSE(parse("unix:/run").Covers(parse("unix:*")));
}

TEST(Endpoint, AUnixSocketIsAtAPathOrAbstract) {
  auto folder = *EndpointPattern::Parse("unix:/nowhere/app");
  EXPECT_TRUE(folder.MatchesUnix("/nowhere/app/s"));
  EXPECT_FALSE(folder.MatchesUnix("/nowhere/apples"));
  EXPECT_FALSE(folder.MatchesUnix("@/nowhere/app"));
  EXPECT_TRUE(EndpointPattern::Parse("unix:@name")->MatchesUnix("@name"));
  EXPECT_FALSE(EndpointPattern::Parse("unix:@name")->MatchesUnix("@name2"));
}

}  // namespace
}  // namespace sluice::grant
