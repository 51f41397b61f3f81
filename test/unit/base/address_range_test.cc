#include "sluice/address_range.h"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

bool Contains(const char* prefix, const char* address) {
  return AddressRange::Parse(prefix).value().Contains(
      IpBytesOf(Address::Ip(address, 0).value()).value());
}

TEST(AddressRangeTest, ReadsAddressesAndTheirBits) {
  for (const char* text : {"10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "::/0", "2001:db8::/32"})
    EXPECT_EQ(AddressRange::Parse(text).value().text(), text);
  EXPECT_EQ(AddressRange::Parse("192.0.2.7").value().text(), "192.0.2.7/32");
  EXPECT_EQ(AddressRange::Parse("::1").value().text(), "::1/128");
}

TEST(AddressRangeTest, BitsAfterThePrefixCountNothing) {
  EXPECT_EQ(AddressRange::Parse("10.255.1.2/8").value().text(), "10.0.0.0/8");
  EXPECT_EQ(AddressRange::Parse("2001:db8:ffff::1/33").value().text(), "2001:db8:8000::/33");
}

TEST(AddressRangeTest, AMappedPrefixIsThatOfIpv4) {
  EXPECT_EQ(AddressRange::Parse("::ffff:10.0.0.0/104").value().text(), "10.0.0.0/8");
  EXPECT_TRUE(Contains("::ffff:10.0.0.0/104", "10.9.9.9"));
  EXPECT_TRUE(Contains("10.0.0.0/8", "::ffff:10.9.9.9"));
}

TEST(AddressRangeTest, ContainsWhatBeginsAsItDoes) {
  EXPECT_TRUE(Contains("192.0.2.128/25", "192.0.2.129"));
  EXPECT_FALSE(Contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(Contains("2001:db8::/32", "2001:db8:1::1"));
  EXPECT_FALSE(Contains("2001:db8::/32", "2001:db9::1"));
}

TEST(AddressRangeTest, NoIpv4AddressIsInOneOfIpv6) {
  EXPECT_FALSE(Contains("::/8", "10.0.0.1"));
  EXPECT_FALSE(Contains("::/80", "10.0.0.1"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "::1"));
}

TEST(AddressRangeTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           "/",
                           "/8",
                           "10.0.0.0/",
                           "10.0.0.0/33",
                           "::/129",
                           "10.0.0.0/-1",
                           "10.0.0.0/+8",
                           "10.0.0.0/08",
                           "10.0.0.0/8/8",
                           "10.0.0.0 /8",
                           "10/8",
                           "010.0.0.0/8",
                           "0x7f.1",
                           "2130706433",
                           "127.1",
                           "::ffff:10.0.0.0/95",
                           "fe80::1%lo/64",
                           "localhost",
                           "10.0.0.0/99999999999"})
    EXPECT_FALSE(AddressRange::Parse(text)) << text;
  EXPECT_FALSE(AddressRange::Parse(std::string_view("10.0.0.0\0/8", 11)));
}

}  // namespace
}  // namespace sluice::test
