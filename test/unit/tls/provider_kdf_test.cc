// The provider's key schedule of TLS 1.3 beside published vectors and OpenSSL's own.
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bytes.h"
#include "support.h"
#include "tls/provider.h"

namespace sluice::test {
namespace {

using KdfPtr = std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)>;
using ContextPtr = std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)>;

// What a derivation is given; without a value the parameter is left out.
struct Inputs {
  std::string digest = "SHA2-256";
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  std::optional<Bytes> key, salt, prefix = Bytes{'t', 'l', 's', '1', '3', ' '}, label, data;

  std::vector<OSSL_PARAM> Parameters() {
    std::vector<OSSL_PARAM> all = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0)};
    auto add = [&](const char* name, std::optional<Bytes>& value) {
      if (!value) return;
      value->reserve(1);  // so that nothing is not null
      all.push_back(OSSL_PARAM_construct_octet_string(name, value->data(), value->size()));
    };
    add(OSSL_KDF_PARAM_KEY, key);
    add(OSSL_KDF_PARAM_SALT, salt);
    add(OSSL_KDF_PARAM_PREFIX, prefix);
    add(OSSL_KDF_PARAM_LABEL, label);
    add(OSSL_KDF_PARAM_DATA, data);
    all.push_back(OSSL_PARAM_construct_end());
    return all;
  }
};

class ProviderKdfTest : public testing::Test {
 protected:
  void SetUp() override {
    SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
    ASSERT_NE(TlsProperties(), nullptr);
    ours_ = Fetch(kProviderProperties);
    theirs_ = Fetch("provider=default");
    ASSERT_TRUE(ours_ && theirs_);
  }
  void TearDown() override { ERR_clear_error(); }

  static KdfPtr Fetch(const char* properties) {
    return {EVP_KDF_fetch(nullptr, "TLS13-KDF", properties), EVP_KDF_free};
  }
  static ContextPtr New(const KdfPtr& kdf) {
    return {EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free};
  }
  // The result, or nothing if it was refused.
  static std::optional<Bytes> Derive(const KdfPtr& kdf, Inputs inputs, size_t size) {
    Bytes out(size);
    ContextPtr context = New(kdf);
    int ok = EVP_KDF_derive(context.get(), out.data(), size, inputs.Parameters().data());
    ERR_clear_error();
    return ok == 1 ? std::optional(out) : std::nullopt;
  }
  void ExpectSame(const Inputs& inputs, size_t size) {
    EXPECT_EQ(Derive(theirs_, inputs, size), Derive(ours_, inputs, size));
  }

  Bytes Random(size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<uint8_t>(generator_());
    return bytes;
  }
  std::mt19937 generator_{11};
  KdfPtr ours_{nullptr, EVP_KDF_free}, theirs_{nullptr, EVP_KDF_free};
};

Bytes Text(const std::string& text) {
  return {text.begin(), text.end()};
}

// RFC 8448, section 3: the early secret, and the handshake secret from it and the shared one.
TEST_F(ProviderKdfTest, TheSecretsOfRfc8448ComeOut) {
  Inputs inputs;
  inputs.mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
  inputs.label = Text("derived");
  auto early = Derive(ours_, inputs, 32);
  EXPECT_EQ(Hex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"), early);
  inputs.salt = early;
  inputs.key = Hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
  auto handshake = Derive(ours_, inputs, 32);
  EXPECT_EQ(Hex("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"), handshake);
  inputs.salt = handshake;
  inputs.key.reset();
  EXPECT_EQ(Hex("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919"),
            Derive(ours_, inputs, 32));
}

// RFC 8448, section 3: key and IV of the server's handshake traffic secret.
TEST_F(ProviderKdfTest, TheKeysOfRfc8448ComeOut) {
  Inputs inputs;
  inputs.key = Hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  inputs.label = Text("key");
  EXPECT_EQ(Hex("3fce516009c21727d0f2e4e86ee403bc"), Derive(ours_, inputs, 16));
  inputs.label = Text("iv");
  EXPECT_EQ(Hex("5d313eb2671276ee13000b30"), Derive(ours_, inputs, 12));
}

TEST_F(ProviderKdfTest, EveryExpansionIsWhatOpensslMakesOfIt) {
  for (int i = 0; i < 500; ++i) {
    Inputs inputs;
    inputs.digest = i % 2 == 0 ? "SHA2-256" : "SHA2-384";
    inputs.key = Random(generator_() % 300);
    inputs.label = Random(generator_() % 250);
    if (i % 3 != 0) inputs.data = Random(generator_() % 256);
    ExpectSame(inputs, generator_() % 600);
  }
}

TEST_F(ProviderKdfTest, EveryExtractionIsWhatOpensslMakesOfIt) {
  for (int i = 0; i < 500; ++i) {
    Inputs inputs;
    inputs.mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
    inputs.digest = i % 2 == 0 ? "SHA256" : "SHA384";
    inputs.label = Text("derived");
    if (i % 3 != 0) inputs.key = Random(generator_() % 1100);
    if (i % 5 != 0) inputs.salt = Random(generator_() % 150);
    ExpectSame(inputs, i % 2 == 0 ? 32 : 48);
  }
}

TEST_F(ProviderKdfTest, WhatOpensslRefusesIsRefused) {
  auto refused = [&](const Inputs& inputs, size_t size) {
    EXPECT_EQ(std::nullopt, Derive(theirs_, inputs, size));
    EXPECT_EQ(std::nullopt, Derive(ours_, inputs, size));
  };
  Inputs good;
  good.key = Random(32);
  good.label = Text("key");
  EXPECT_NE(std::nullopt, Derive(ours_, good, 255 * 32));
  refused(good, 255 * 32 + 1);
  Inputs inputs = good;
  inputs.label = Random(250);  // with the prefix, 256
  refused(inputs, 32);
  inputs = good;
  inputs.data = Random(256);
  refused(inputs, 32);
  inputs = good;
  inputs.key.reset();
  refused(inputs, 32);
  inputs = good;
  inputs.mode = EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND;
  refused(inputs, 32);
  inputs.mode = 7;
  refused(inputs, 32);
  inputs = good;
  inputs.digest = "no such digest";
  refused(inputs, 32);
  inputs = good;
  inputs.mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
  refused(inputs, 31);
}

TEST_F(ProviderKdfTest, WhatWasSetBeforeHoldsUntilReset) {
  Inputs inputs;
  inputs.key = Random(32);
  inputs.label = Text("key");
  auto expected = Derive(theirs_, inputs, 16);
  ContextPtr context = New(ours_);
  {
    Inputs set = inputs;
    ASSERT_EQ(1, EVP_KDF_CTX_set_params(context.get(), set.Parameters().data()));
  }
  Bytes out(16);
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(1, EVP_KDF_derive(context.get(), out.data(), out.size(), nullptr));
    EXPECT_EQ(expected, out);
  }
  inputs.label = Text("iv");
  Bytes label = Text("iv");
  OSSL_PARAM other[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL, label.data(), label.size()),
      OSSL_PARAM_construct_end()};
  ASSERT_EQ(1, EVP_KDF_derive(context.get(), out.data(), out.size(), other));
  EXPECT_EQ(Derive(theirs_, inputs, 16), out);
  EVP_KDF_CTX_reset(context.get());
  EXPECT_NE(1, EVP_KDF_derive(context.get(), out.data(), out.size(), nullptr));
}

TEST_F(ProviderKdfTest, TheSizeOfAnExtractionIsTheDigests) {
  Inputs inputs;
  ContextPtr context = New(ours_);
  EVP_KDF_CTX_set_params(context.get(), inputs.Parameters().data());
  EXPECT_EQ(SIZE_MAX, EVP_KDF_CTX_get_kdf_size(context.get()));
  inputs.mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
  inputs.digest = "SHA2-384";
  EVP_KDF_CTX_set_params(context.get(), inputs.Parameters().data());
  EXPECT_EQ(48u, EVP_KDF_CTX_get_kdf_size(context.get()));
}

}  // namespace
}  // namespace sluice::test
