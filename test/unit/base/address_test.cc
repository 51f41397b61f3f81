#include "sluice/address.h"

#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

using sluice::Address;
using sluice::IpFamily;

namespace {

std::string RoundTrip(std::string_view text, uint16_t port) {
  auto address = Address::Ip(text, port);
  return address ? Address::From(address->data(), address->size()).text() : "none";
}

}  // namespace

TEST(Address, ZeroValueIsNoAddress) {
  Address address;
  EXPECT_EQ(address.family(), 0);
  EXPECT_FALSE(address.is_ip());
  EXPECT_EQ(address.port(), 0);
  EXPECT_EQ(address.text(), "");
}

TEST(Address, Ipv4SurvivesTheWayThroughTheKernelsForm) {
  EXPECT_EQ(RoundTrip("127.0.0.1", 80), "127.0.0.1:80");
  EXPECT_EQ(RoundTrip("255.255.255.255", 65535), "255.255.255.255:65535");
}

TEST(Address, Ipv6IsWrittenInItsShortForm) {
  EXPECT_EQ(RoundTrip("0:0:0:0:0:0:0:1", 443), "[::1]:443");
  EXPECT_EQ(RoundTrip("2001:DB8::1", 1), "[2001:db8::1]:1");
  EXPECT_EQ(RoundTrip("::ffff:10.0.0.1", 1), "[::ffff:10.0.0.1]:1");
}

TEST(Address, LongestIpv6LiteralIsTaken) {
  EXPECT_TRUE(Address::Ip("0000:0000:0000:0000:0000:ffff:255.255.255.255", 1));
}

TEST(Address, ZoneMayBeANameOrANumber) {
  std::string number = std::to_string(if_nametoindex("lo"));
  EXPECT_EQ(RoundTrip("fe80::1%lo", 1), "[fe80::1%lo]:1");
  EXPECT_EQ(RoundTrip("fe80::1%" + number, 1), "[fe80::1%lo]:1");
}

TEST(Address, ZoneOfNoInterfaceIsRefused) {
  EXPECT_FALSE(Address::Ip("fe80::1%nosuchif0", 1));
  EXPECT_FALSE(Address::Ip("fe80::1%99999999999999999999", 1));
  EXPECT_FALSE(Address::Ip("fe80::1%" + std::string(4096, 'a'), 1));
}

TEST(Address, MalformedLiteralsAreRefused) {
  for (std::string_view text : {"",           "localhost", "1.2.3",
                                "1.2.3.4.5",  "256.0.0.1", "01.2.3.4",
                                "1.2.3.4 ",   " 1.2.3.4",  "1.2.3.4%lo",
                                ":",          ":::",       "1::2::3",
                                "12345::",    "[::1]",     "::1%",
                                "::1%a b",    "::g",       "%lo",
                                "0x7f.0.0.1", "127.1",     "1:2:3:4:5:6:7:8:9"}) {
    EXPECT_FALSE(Address::Ip(text, 1)) << text;
    EXPECT_EQ(IpFamily(text), 0) << text;
  }
}

TEST(Address, NulInsideALiteralIsRefused) {
  std::string_view text("127.0.0.1\0.example.com", 22);
  EXPECT_FALSE(Address::Ip(text, 1));
  EXPECT_FALSE(Address::Ip(std::string_view("::1\0", 4), 1));
  EXPECT_FALSE(Address::Ip(std::string_view("::1%lo\0", 7), 1));
}

TEST(Address, HugeTextIsRefused) {
  EXPECT_FALSE(Address::Ip(std::string(1 << 20, '1'), 1));
}

TEST(Address, DefaultStringViewIsRefused) {
  EXPECT_FALSE(Address::Ip(std::string_view(), 1));
  EXPECT_FALSE(Address::Unix(std::string_view()));
}

TEST(Address, SetPortChangesIpAddressesOnly) {
  auto four = *Address::Ip("1.2.3.4", 1), six = *Address::Ip("::1", 1), path = *Address::Unix("/x");
  four.set_port(8080);
  six.set_port(8081);
  path.set_port(8082);
  EXPECT_EQ(four.text(), "1.2.3.4:8080");
  EXPECT_EQ(six.text(), "[::1]:8081");
  EXPECT_EQ(path.text(), "/x");
  EXPECT_EQ(path.port(), 0);
}

TEST(Address, UnixPathSurvivesTheWayThroughTheKernelsForm) {
  auto address = *Address::Unix("/run/a b.sock");
  Address copy = Address::From(address.data(), address.size());
  EXPECT_EQ(copy.family(), AF_UNIX);
  EXPECT_FALSE(copy.is_ip());
  EXPECT_EQ(copy.host(), "/run/a b.sock");
}

TEST(Address, AbstractNameKeepsItsBytesAndShowsAsAt) {
  std::string name("\0a\0b", 4);
  auto address = *Address::Unix(name);
  EXPECT_EQ(address.size(), offsetof(sockaddr_un, sun_path) + 4);
  EXPECT_EQ(address.host(), name);
  EXPECT_EQ(address.text(), std::string("@a\0b", 4));
}

TEST(Address, UnixPathMayHave107Bytes) {
  EXPECT_EQ(Address::Unix(std::string(107, 'x'))->host(), std::string(107, 'x'));
  EXPECT_FALSE(Address::Unix(std::string(108, 'x')));
  EXPECT_FALSE(Address::Unix(std::string(100000, 'x')));
}

TEST(Address, NulInsideAUnixPathIsRefused) {
  EXPECT_FALSE(Address::Unix(std::string_view("/a\0b", 4)));
}

TEST(Address, FromTakesAnUnnamedUnixAddress) {
  sockaddr_un unnamed{};
  unnamed.sun_family = AF_UNIX;
  EXPECT_EQ(Address::From(reinterpret_cast<sockaddr*>(&unnamed), 2).text(), "");
}

TEST(Address, FromNothingIsNoAddress) {
  sockaddr_un byte{};
  byte.sun_family = AF_UNIX;
  EXPECT_EQ(Address::From(nullptr, 0).family(), 0);
  EXPECT_EQ(Address::From(reinterpret_cast<sockaddr*>(&byte), 1).family(), 0);
  EXPECT_EQ(Address::From(reinterpret_cast<sockaddr*>(&byte), 0).family(), 0);
}

TEST(Address, FromReadsNoFurtherThanAUnixPathGoes) {
  sockaddr_storage storage;
  std::memset(&storage, 'x', sizeof storage);
  storage.ss_family = AF_UNIX;
  auto address = Address::From(reinterpret_cast<sockaddr*>(&storage), sizeof storage);
  EXPECT_EQ(address.host(), std::string(108, 'x'));
}

TEST(Address, FromCutsALengthThatIsTooLarge) {
  sockaddr_storage storage{};
  storage.ss_family = AF_INET;
  auto address = Address::From(reinterpret_cast<sockaddr*>(&storage), sizeof storage + 100);
  EXPECT_EQ(address.text(), "0.0.0.0:0");
}

TEST(IpFamily, TellsLiteralsApart) {
  EXPECT_EQ(IpFamily("127.0.0.1"), 4);
  EXPECT_EQ(IpFamily("::"), 6);
  EXPECT_EQ(IpFamily("::ffff:1.2.3.4"), 6);
}

TEST(IpFamily, ZoneNeedsNoInterface) {
  EXPECT_EQ(IpFamily("fe80::1%eth99"), 6);
  EXPECT_EQ(IpFamily("fe80::1%"), 0);
  EXPECT_EQ(IpFamily("fe80::1%a/b"), 0);
}
