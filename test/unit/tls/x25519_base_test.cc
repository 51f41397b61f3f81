// Multiples of X25519's base point, and the keys that are made of them ahead, beside published
// vectors and OpenSSL's own. SLUICE_KEYS in the environment is how many random scalars are
// compared.
#include "tls/x25519_base.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "bytes.h"
#include "support.h"
#include "tls/x25519_ahead.h"

namespace sluice::test {
namespace {

using Fixed = X25519::Bytes;

Fixed FixedOf(const char* hex) {
  const Bytes bytes = Hex(hex);
  Fixed fixed{};
  std::copy_n(bytes.begin(), fixed.size(), fixed.begin());
  return fixed;
}

Fixed OpensslsShare(const Fixed& secret) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), secret.size()),
      EVP_PKEY_free);
  Fixed share{};
  size_t size = share.size();
  EXPECT_EQ(1, EVP_PKEY_get_raw_public_key(key.get(), share.data(), &size));
  return share;
}

Fixed Share(const Fixed& secret) {
  Fixed share;
  X25519Base::Multiply(&secret, &share, 1);
  return share;
}

class X25519BaseTest : public testing::Test {
 protected:
  void SetUp() override {
    SLUICE_NEEDS("SLUICE_TLS_X25519");
    ASSERT_TRUE(X25519Base::Usable());
  }

  Fixed Random() {
    Fixed bytes;
    for (auto& byte : bytes) byte = static_cast<uint8_t>(generator_());
    return bytes;
  }

  std::mt19937 generator_{25519};
};

TEST_F(X25519BaseTest, SharesAreThoseOfTheRfc) {
  // RFC 7748, section 6.1, and the first multiplication of section 5.2.
  const char* known[][2] = {{"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
                             "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"},
                            {"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
                             "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"},
                            {"0900000000000000000000000000000000000000000000000000000000000000",
                             "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"}};
  for (const auto& [secret, share] : known) EXPECT_EQ(FixedOf(share), Share(FixedOf(secret)));
}

TEST_F(X25519BaseTest, EveryDigitAtEveryPlaceIsWhatOpensslMakesOfIt) {
  for (int fill : {0x00, 0x77, 0x88, 0xff}) {
    for (size_t place = 0; place < 2 * X25519::kSize; ++place) {
      for (int digit = 0; digit < 16; ++digit) {
        Fixed secret;
        secret.fill(static_cast<uint8_t>(fill));
        const int shift = place % 2 == 0 ? 0 : 4;
        uint8_t& byte = secret[place / 2];
        byte = static_cast<uint8_t>((byte & ~(15 << shift)) | digit << shift);
        ASSERT_EQ(OpensslsShare(secret), Share(secret)) << fill << " " << place << " " << digit;
      }
    }
  }
}

TEST_F(X25519BaseTest, ScalarsAtTheEdgesAreWhatOpensslMakesOfThem) {
  const char* edges[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      // 2^254, and 2^255 − 8
      "0000000000000000000000000000000000000000000000000000000000000040",
      "f8ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      // The order of the base point, four and eight times it
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
      "b44fd773698c49605973de8b7ae77b5300000000000000000000000000000040",
      "689faee7d21893c0b2e6bc17f5cef7a600000000000000000000000000000080",
      // p − 1, p and p + 1 of the field
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "8888888888888888888888888888888888888888888888888888888888888888",
      "7777777777777777777777777777777777777777777777777777777777777777",
  };
  for (const char* edge : edges)
    EXPECT_EQ(OpensslsShare(FixedOf(edge)), Share(FixedOf(edge))) << edge;
}

TEST_F(X25519BaseTest, RandomScalarsAreWhatOpensslMakesOfThem) {
#ifdef SLUICE_SANITIZED
  constexpr int kUsual = 2'000;
#else
  constexpr int kUsual = 20'000;
#endif
  const char* text = std::getenv("SLUICE_KEYS");
  const int count = text != nullptr ? std::atoi(text) : kUsual;
  constexpr size_t kAtOnce = 8;
  for (int done = 0; done < count; done += kAtOnce) {
    Fixed secrets[kAtOnce], shares[kAtOnce];
    for (Fixed& secret : secrets) secret = Random();
    X25519Base::Multiply(secrets, shares, kAtOnce);
    for (size_t i = 0; i < kAtOnce; ++i) ASSERT_EQ(OpensslsShare(secrets[i]), shares[i]);
  }
}

TEST_F(X25519BaseTest, AnyNumberAtOnceIsAsOneByOne) {
  for (size_t count = 0; count <= 33; ++count) {
    std::vector<Fixed> secrets(count), shares(count + 1, Fixed{1});
    for (Fixed& secret : secrets) secret = Random();
    X25519Base::Multiply(secrets.data(), shares.data(), count);
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(Share(secrets[i]), shares[i]) << count;
    EXPECT_EQ(Fixed{1}, shares[count]);
  }
}

// ---- Keys ahead

class X25519AheadTest : public X25519BaseTest {
 protected:
  struct Pair {
    Fixed secret, share;
  };
  static Pair Next() {
    Pair pair;
    EXPECT_TRUE(NextX25519Key(&pair.secret, &pair.share));
    return pair;
  }
};

TEST_F(X25519AheadTest, EachKeyIsGivenOnceWithItsShare) {
  std::set<Fixed> secrets;
  for (int i = 0; i < 100; ++i) {
    const Pair pair = Next();
    EXPECT_TRUE(secrets.insert(pair.secret).second);
    EXPECT_EQ(OpensslsShare(pair.secret), pair.share);
    Fixed clamped = pair.secret;
    X25519::Clamp(&clamped);
    EXPECT_EQ(clamped, pair.secret);
  }
}

TEST_F(X25519AheadTest, ThreadsGetKeysOfTheirOwn) {
  std::set<Fixed> secrets;
  for (int i = 0; i < 8; ++i) {
    Pair pair;
    std::thread([&] { pair = Next(); }).join();
    EXPECT_TRUE(secrets.insert(pair.secret).second);
    EXPECT_TRUE(secrets.insert(Next().secret).second);
  }
}

TEST_F(X25519AheadTest, AForkedProcessGetsNoKeyOfItsParents) {
  for (int taken = 0; taken < 16; ++taken) {
    int ends[2];
    ASSERT_EQ(0, pipe(ends));
    const pid_t child = fork();
    if (child == 0) {
      Pair pair;
      const bool made = NextX25519Key(&pair.secret, &pair.share);
      const bool told = made && write(ends[1], pair.secret.data(), X25519::kSize) ==
                                    static_cast<ssize_t>(X25519::kSize);
      _exit(told ? 0 : 1);
    }
    ASSERT_GT(child, 0);
    close(ends[1]);
    Fixed of_child{};
    EXPECT_EQ(static_cast<ssize_t>(X25519::kSize), read(ends[0], of_child.data(), X25519::kSize));
    close(ends[0]);
    int status = 0;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_NE(Next().secret, of_child) << taken;
  }
}

TEST(X25519BaseSwitchTest, IsNotUsedIfTheEnvironmentSaysSo) {
  setenv("SLUICE_TLS_X25519", "0", 1);
  EXPECT_FALSE(X25519Base::Usable());
}

TEST(X25519BaseSwitchTest, IsUsedWhereTheVectorsAreTurnedOff) {
  setenv("SLUICE_TLS_X25519", "base", 1);
  EXPECT_TRUE(X25519Base::Usable());
  EXPECT_FALSE(X25519::Usable());
}

}  // namespace
}  // namespace sluice::test
