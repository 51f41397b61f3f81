// What OpenSSL takes from the provider, and what it does not.
#include "tls/provider.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "sluice/tls_context.h"
#include "support.h"

namespace sluice::test {
namespace {

// Whose AES-256-GCM a fetch with these properties gets; "" if nobody's.
std::string ProviderOf(const char* properties) {
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", properties), EVP_CIPHER_free);
  ERR_clear_error();
  return cipher ? OSSL_PROVIDER_get0_name(EVP_CIPHER_get0_provider(cipher.get())) : "";
}

TEST(ProviderTest, TlsContextsPreferIt) {
  SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
  ASSERT_STREQ("?sluice.tls=yes", TlsProperties());
  EXPECT_EQ(1, OSSL_PROVIDER_available(nullptr, "sluice"));
  if (ProviderOf("provider=sluice").empty())
    GTEST_SKIP() << "no AES with AVX2 here, or no libIPSec_MB, or OpenSSL has it";
  EXPECT_EQ("sluice", ProviderOf(TlsProperties()));
}

TEST(ProviderTest, NobodyElseGetsIt) {
  TlsProperties();
  EXPECT_EQ("default", ProviderOf(nullptr));
  EXPECT_EQ("default", ProviderOf(""));
  EXPECT_EQ("default", ProviderOf("provider=default"));
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> named(
      EVP_CIPHER_fetch(nullptr, "id-aes128-GCM", nullptr), EVP_CIPHER_free);
  EXPECT_STREQ("default", OSSL_PROVIDER_get0_name(EVP_CIPHER_get0_provider(named.get())));
}

TEST(ProviderTest, WhatTheConfigurationDemandsIsStronger) {
  SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
  std::string preferred = TlsProperties();
  EXPECT_EQ("", ProviderOf((preferred + ",fips=yes").c_str()));
  // As default_properties of openssl.cnf sets them.
  ASSERT_EQ(1, EVP_default_properties_enable_fips(nullptr, 1));
  EXPECT_EQ("", ProviderOf(preferred.c_str()));
  EVP_default_properties_enable_fips(nullptr, 0);
  ASSERT_EQ(1, EVP_set_default_properties(nullptr, "provider=default"));
  EXPECT_EQ("default", ProviderOf(preferred.c_str()));
}

TEST(ProviderTest, IsNotThereWhereTheConfigurationHasAnotherInPlaceOfTheDefault) {
  SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
  std::string file = testing::TempDir() + "sluice-openssl-" + std::to_string(getpid()) + ".cnf";
  std::ofstream(file) << "openssl_conf = init\n[init]\nproviders = all\n"
                         "[all]\nbase = one\n[one]\nactivate = 1\n";
  setenv("OPENSSL_CONF", file.c_str(), 1);
  EXPECT_EQ(nullptr, TlsProperties());
  EXPECT_EQ(1, OSSL_PROVIDER_available(nullptr, "base"));
  EXPECT_EQ(0, OSSL_PROVIDER_available(nullptr, "sluice"));
  EXPECT_EQ("", ProviderOf("?sluice.tls=yes"));
  std::remove(file.c_str());
}

TEST(ProviderTest, IsNotThereIfTheEnvironmentSaysSo) {
  setenv("SLUICE_TLS_PROVIDER", "0", 1);
  EXPECT_EQ(nullptr, TlsProperties());
  EXPECT_EQ(0, OSSL_PROVIDER_available(nullptr, "sluice"));
  TlsContextOptions options;
  Error error;
  EXPECT_NE(nullptr, TlsContext::Create(options, &error)) << error.detail;
}

}  // namespace
}  // namespace sluice::test
