// The provider's X25519 beside published vectors and OpenSSL's own.
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "bytes.h"
#include "certificates.h"
#include "support.h"
#include "tls/provider.h"
#include "tls/x25519.h"

namespace sluice::test {
namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
constexpr char kOpenssl[] = "provider=default";

X25519::Bytes Fixed(const Bytes& bytes) {
  X25519::Bytes fixed{};
  std::copy_n(bytes.begin(), fixed.size(), fixed.begin());
  return fixed;
}

KeyPtr SecretOf(const char* properties, const X25519::Bytes& bytes) {
  return {
      EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", properties, bytes.data(), bytes.size()),
      EVP_PKEY_free};
}
KeyPtr ShareOf(const char* properties, const X25519::Bytes& bytes) {
  return {EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", properties, bytes.data(), bytes.size()),
          EVP_PKEY_free};
}
ContextPtr Of(const KeyPtr& key, const char* properties) {
  return {EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), properties), EVP_PKEY_CTX_free};
}

Bytes Share(const KeyPtr& key) {
  Bytes bytes(X25519::kSize);
  size_t size = bytes.size();
  EXPECT_EQ(1, EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                               bytes.data(), size, &size));
  EXPECT_EQ(X25519::kSize, size);
  return bytes;
}

// What two agree on; nothing if that was refused.
Bytes Agreed(const KeyPtr& own, const KeyPtr& peer, const char* properties) {
  ContextPtr context = Of(own, properties);
  Bytes bytes(X25519::kSize);
  size_t size = bytes.size();
  const bool agreed = EVP_PKEY_derive_init(context.get()) == 1 &&
                      EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1 &&
                      EVP_PKEY_derive(context.get(), bytes.data(), &size) == 1;
  ERR_clear_error();
  return agreed ? bytes : Bytes();
}

KeyPtr Generated(ContextPtr context) {
  EVP_PKEY* key = nullptr;
  EXPECT_EQ(1, EVP_PKEY_keygen_init(context.get()));
  EXPECT_EQ(1, EVP_PKEY_keygen(context.get(), &key));
  return {key, EVP_PKEY_free};
}
KeyPtr Generated() {
  return Generated(
      {EVP_PKEY_CTX_new_from_name(nullptr, "X25519", kProviderProperties), EVP_PKEY_CTX_free});
}

X25519::Bytes Random() {
  static std::mt19937 generator(7);
  X25519::Bytes bytes;
  for (auto& byte : bytes) byte = static_cast<uint8_t>(generator());
  return bytes;
}

// ---- Products of vectors

class VectorsX25519Test : public testing::Test {
 protected:
  void SetUp() override {
    if (!X25519::Usable()) GTEST_SKIP() << "no AVX-512 IFMA here";
  }

  // As OpenSSL has it, zeros where it refuses.
  static X25519::Bytes Openssls(const X25519::Bytes& scalar, const X25519::Bytes& point) {
    Bytes agreed = Agreed(SecretOf(kOpenssl, scalar), ShareOf(kOpenssl, point), kOpenssl);
    return agreed.empty() ? X25519::Bytes{} : Fixed(agreed);
  }
  void ExpectSame(const X25519::Bytes& scalar, const X25519::Bytes& point) {
    const auto known = Openssls(scalar, point);
    EXPECT_EQ(known, X25519::Multiply(scalar, point));
    const X25519::Bytes points[2] = {Random(), point};
    X25519::Bytes products[2];
    X25519::MultiplyBoth(scalar, points, products);
    EXPECT_EQ(known, products[1]);
    EXPECT_EQ(X25519::Multiply(scalar, points[0]), products[0]);
  }
};

// RFC 7748, section 5.2.
TEST_F(VectorsX25519Test, AThousandMultiplicationsComeToWhatTheRfcSays) {
  X25519::Bytes scalar = X25519::kBase, point = X25519::kBase;
  for (int i = 1; i <= 1000; ++i) {
    const auto product = X25519::Multiply(scalar, point);
    point = scalar;
    scalar = product;
    if (i == 1) {
      EXPECT_EQ(Fixed(Hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")),
                scalar);
    }
  }
  EXPECT_EQ(Fixed(Hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")), scalar);
}

TEST_F(VectorsX25519Test, EveryProductIsWhatOpensslMakesOfIt) {
  for (int i = 0; i < 2000; ++i) ExpectSame(Random(), Random());
}

TEST_F(VectorsX25519Test, PointsAtTheEdgesOfTheFieldAreWhatOpensslMakesOfThem) {
  for (int upper : {0x00, 0x7f, 0x80, 0xff}) {
    for (int middle : {0x00, 0xff}) {
      for (int lowest = 0; lowest < 256; lowest += lowest < 8 || lowest > 220 ? 1 : 16) {
        X25519::Bytes point;
        point.fill(static_cast<uint8_t>(middle));
        point.front() = static_cast<uint8_t>(lowest);
        point.back() = static_cast<uint8_t>(upper);
        ExpectSame(Random(), point);
      }
    }
  }
}

// ---- Keys and agreements, as the processor has them and without vectors

class ProviderX25519Test : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SLUICE_NEEDS("SLUICE_TLS_X25519", "SLUICE_TLS_PROVIDER");
    setenv("SLUICE_TLS_X25519", GetParam(), 1);
    ASSERT_NE(TlsProperties(), nullptr);
  }
};

INSTANTIATE_TEST_SUITE_P(, ProviderX25519Test, testing::Values("1", "base"),
                         [](const auto& setting) { return "Set" + std::string(setting.param); });

TEST_P(ProviderX25519Test, AgreesWithOpenssl) {
  for (int i = 0; i < 50; ++i) {
    const KeyPtr ours = Generated();
    const KeyPtr theirs = SecretOf(kOpenssl, Random());
    const Bytes agreed =
        Agreed(ours, ShareOf(kProviderProperties, Fixed(Share(theirs))), TlsProperties());
    EXPECT_FALSE(agreed.empty());
    EXPECT_EQ(Agreed(theirs, ShareOf(kOpenssl, Fixed(Share(ours))), kOpenssl), agreed);
  }
}

TEST_P(ProviderX25519Test, AKeyThatIsMadeFromAPeersAgreesWithItAndWithOthers) {
  const KeyPtr peer = Generated(), other = Generated();
  const KeyPtr own =
      Generated(Of(ShareOf(kProviderProperties, Fixed(Share(peer))), kProviderProperties));
  for (const KeyPtr* one : {&peer, &other}) {
    const Bytes agreed = Agreed(own, *one, TlsProperties());
    EXPECT_FALSE(agreed.empty());
    EXPECT_EQ(Agreed(*one, own, TlsProperties()), agreed);
  }
}

TEST_P(ProviderX25519Test, APointOfSmallOrderIsRefused) {
  for (int small : {0, 1}) {
    const KeyPtr peer = ShareOf(kProviderProperties, {static_cast<uint8_t>(small)});
    EXPECT_EQ(Bytes(), Agreed(Generated(), peer, TlsProperties()));
    const KeyPtr own = Generated(Of(peer, kProviderProperties));
    EXPECT_EQ(Bytes(), Agreed(own, peer, TlsProperties()));
  }
}

TEST_P(ProviderX25519Test, KeysOfOtherLengthsAreRefused) {
  for (size_t size : {0, 31, 33}) {
    const Bytes bytes(size + 1, 9);
    for (auto make : {EVP_PKEY_new_raw_public_key_ex, EVP_PKEY_new_raw_private_key_ex})
      EXPECT_EQ(nullptr, make(nullptr, "X25519", kProviderProperties, bytes.data(), size)) << size;
  }
  ERR_clear_error();
}

TEST_P(ProviderX25519Test, KeysAreToldAsOpensslTellsThem) {
  const auto secret = Random();
  const KeyPtr ours = SecretOf(kProviderProperties, secret), theirs = SecretOf(kOpenssl, secret);
  EXPECT_EQ(Share(theirs), Share(ours));
  EXPECT_EQ(EVP_PKEY_get_bits(theirs.get()), EVP_PKEY_get_bits(ours.get()));
  EXPECT_EQ(EVP_PKEY_get_security_bits(theirs.get()), EVP_PKEY_get_security_bits(ours.get()));
  EXPECT_EQ(EVP_PKEY_get_size(theirs.get()), EVP_PKEY_get_size(ours.get()));
  EXPECT_EQ(EVP_PKEY_get_id(theirs.get()), EVP_PKEY_get_id(ours.get()));
  EXPECT_STREQ("X25519", EVP_PKEY_get0_type_name(ours.get()));
  EXPECT_EQ(1, EVP_PKEY_eq(theirs.get(), ours.get()));
  EXPECT_EQ(1, EVP_PKEY_eq(ours.get(), theirs.get()));
  const KeyPtr copy(EVP_PKEY_dup(ours.get()), EVP_PKEY_free);
  EXPECT_EQ(1, EVP_PKEY_eq(copy.get(), ours.get()));
  EXPECT_EQ(0, EVP_PKEY_eq(Generated().get(), ours.get()));
  X25519::Bytes raw;
  size_t size = raw.size();
  EXPECT_EQ(1, EVP_PKEY_get_raw_private_key(copy.get(), raw.data(), &size));
  EXPECT_EQ(secret, raw);
}

TEST_P(ProviderX25519Test, OnlyTheGroupsOwnNameIsTaken) {
  auto set = [](const char* name) {
    ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "X25519", kProviderProperties),
                       EVP_PKEY_CTX_free);
    EXPECT_EQ(1, EVP_PKEY_paramgen_init(context.get()));
    const bool taken = EVP_PKEY_CTX_set_group_name(context.get(), name) == 1;
    ERR_clear_error();
    return taken;
  };
  EXPECT_TRUE(set("X25519"));
  EXPECT_FALSE(set("X448"));
}

TEST_P(ProviderX25519Test, TlsContextsHaveTheGroupAndOthersHaveOpenssls) {
  for (const char* properties : {TlsProperties(), static_cast<const char*>(nullptr)}) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new_ex(nullptr, properties, TLS_method()), SSL_CTX_free);
    EXPECT_EQ(1, SSL_CTX_set1_groups_list(context.get(), "X25519:X448:P-256"));
  }
  const KeyPtr ours = Generated(
      {EVP_PKEY_CTX_new_from_name(nullptr, "X25519", TlsProperties()), EVP_PKEY_CTX_free});
  EXPECT_STREQ("sluice", OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(ours.get())));
  const KeyPtr theirs =
      Generated({EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr), EVP_PKEY_CTX_free});
  EXPECT_STREQ("default", OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(theirs.get())));
}

// Both ends in memory, with the provider's properties.
class HandshakeX25519Test : public ProviderX25519Test {
 protected:
  using ContextOf = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
  using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

  static Ssl End(bool server) {
    const ContextOf context(SSL_CTX_new_ex(nullptr, TlsProperties(), TLS_method()), SSL_CTX_free);
    EXPECT_EQ(1, SSL_CTX_set1_groups_list(context.get(), "X25519"));
    if (server) {
      EXPECT_EQ(1, SSL_CTX_use_certificate(context.get(), Localhost().certificate()));
      EXPECT_EQ(1, SSL_CTX_use_PrivateKey(context.get(), Localhost().key()));
    }
    Ssl ssl(SSL_new(context.get()), SSL_free);
    server ? SSL_set_accept_state(ssl.get()) : SSL_set_connect_state(ssl.get());
    return ssl;
  }

  static void Connect(SSL* one, SSL* other) {
    BIO *here = nullptr, *there = nullptr;
    ASSERT_EQ(1, BIO_new_bio_pair(&here, 0, &there, 0));
    SSL_set_bio(one, here, here);
    SSL_set_bio(other, there, there);
    for (int i = 0; i < 10; ++i) {
      SSL_do_handshake(one);
      SSL_do_handshake(other);
    }
    EXPECT_TRUE(SSL_is_init_finished(one));
    EXPECT_TRUE(SSL_is_init_finished(other));
  }
};

INSTANTIATE_TEST_SUITE_P(, HandshakeX25519Test, testing::Values("1", "base"),
                         [](const auto& setting) { return "Set" + std::string(setting.param); });

TEST_P(HandshakeX25519Test, BothEndsMakeTheirKeysByTheProvider) {
  const Ssl client = End(false), server = End(true);
  Connect(client.get(), server.get());
  for (SSL* end : {client.get(), server.get()}) {
    EVP_PKEY* found = nullptr;
    ASSERT_EQ(1, SSL_get_tmp_key(end, &found));
    const KeyPtr own(found, EVP_PKEY_free);
    EXPECT_STREQ("sluice", OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(own.get())));
  }
}

TEST(X25519SwitchTest, OfBaseHasKeysAndLeavesAgreementsToOpenssl) {
  SLUICE_NEEDS("SLUICE_TLS_X25519", "SLUICE_TLS_PROVIDER");
  setenv("SLUICE_TLS_X25519", "base", 1);
  ASSERT_NE(TlsProperties(), nullptr);
  EXPECT_FALSE(X25519::Usable());
  const std::unique_ptr<EVP_KEYMGMT, decltype(&EVP_KEYMGMT_free)> keys(
      EVP_KEYMGMT_fetch(nullptr, "X25519", TlsProperties()), EVP_KEYMGMT_free);
  EXPECT_STREQ("sluice", OSSL_PROVIDER_get0_name(EVP_KEYMGMT_get0_provider(keys.get())));
  const std::unique_ptr<EVP_KEYEXCH, decltype(&EVP_KEYEXCH_free)> exchange(
      EVP_KEYEXCH_fetch(nullptr, "X25519", TlsProperties()), EVP_KEYEXCH_free);
  EXPECT_STREQ("default", OSSL_PROVIDER_get0_name(EVP_KEYEXCH_get0_provider(exchange.get())));
}

TEST(X25519SwitchTest, IsNotUsedIfTheEnvironmentSaysSo) {
  SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
  setenv("SLUICE_TLS_X25519", "0", 1);
  ASSERT_NE(TlsProperties(), nullptr);
  EXPECT_FALSE(X25519::Usable());
  const KeyPtr key = Generated(
      {EVP_PKEY_CTX_new_from_name(nullptr, "X25519", TlsProperties()), EVP_PKEY_CTX_free});
  EXPECT_STREQ("default", OSSL_PROVIDER_get0_name(EVP_PKEY_get0_provider(key.get())));
}

}  // namespace
}  // namespace sluice::test
