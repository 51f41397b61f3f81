// The provider's AES-GCM beside published vectors and OpenSSL's own.
#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bytes.h"
#include "support.h"
#include "tls/provider.h"

namespace sluice::test {
namespace {

using CipherPtr = std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)>;
using ContextPtr = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Bytes Random(size_t size) {
  static std::mt19937 generator(7);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<uint8_t>(generator());
  return bytes;
}

CipherPtr Fetch(const char* name, const char* properties) {
  return {EVP_CIPHER_fetch(nullptr, name, properties), EVP_CIPHER_free};
}

class ProviderGcmTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SLUICE_NEEDS("SLUICE_TLS_PROVIDER");
    ASSERT_NE(TlsProperties(), nullptr);
    ours_ = Fetch(GetParam(), kProviderProperties);
    if (!ours_) GTEST_SKIP() << "no AES with AVX2 here, or no libIPSec_MB, or OpenSSL has it";
    theirs_ = Fetch(GetParam(), "provider=default");
    key_ = Random(static_cast<size_t>(EVP_CIPHER_get_key_length(ours_.get())));
    iv_ = Random(12);
  }
  void TearDown() override { ERR_clear_error(); }

  ContextPtr Start(const CipherPtr& cipher, bool encrypts) const {
    ContextPtr context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    EXPECT_EQ(1, EVP_CipherInit_ex(context.get(), cipher.get(), nullptr, key_.data(), iv_.data(),
                                   encrypts));
    return context;
  }

  // The ciphertext with its tag.
  Bytes Seal(const CipherPtr& cipher, const Bytes& aad, const Bytes& data) const {
    return SealWith(Start(cipher, true).get(), aad, data);
  }
  static Bytes SealWith(EVP_CIPHER_CTX* context, const Bytes& aad, const Bytes& data) {
    Bytes out(data.size() + 16);
    int size = 0, rest = 0;
    if (!aad.empty()) {
      EXPECT_EQ(
          1, EVP_CipherUpdate(context, nullptr, &size, aad.data(), static_cast<int>(aad.size())));
    }
    EXPECT_EQ(1, EVP_CipherUpdate(context, out.data(), &size, data.data(),
                                  static_cast<int>(data.size())));
    EXPECT_EQ(static_cast<int>(data.size()), size);
    EXPECT_EQ(1, EVP_CipherFinal_ex(context, out.data() + size, &rest));
    EXPECT_EQ(0, rest);
    EXPECT_EQ(1, EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, out.data() + size));
    return out;
  }
  // Whether sealed was opened.
  bool Open(const CipherPtr& cipher, const Bytes& aad, const Bytes& sealed, Bytes* out) const {
    ContextPtr context = Start(cipher, false);
    Bytes tag(sealed.end() - 16, sealed.end());
    int size = 0, rest = 0;
    out->assign(sealed.size() - 16, 0);
    EXPECT_EQ(1, EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, 16, tag.data()));
    if (!aad.empty()) {
      EXPECT_EQ(1, EVP_CipherUpdate(context.get(), nullptr, &size, aad.data(),
                                    static_cast<int>(aad.size())));
    }
    EXPECT_EQ(1, EVP_CipherUpdate(context.get(), out->data(), &size, sealed.data(),
                                  static_cast<int>(out->size())));
    return EVP_CipherFinal_ex(context.get(), out->data() + size, &rest) == 1;
  }

  CipherPtr ours_{nullptr, EVP_CIPHER_free}, theirs_{nullptr, EVP_CIPHER_free};
  Bytes key_, iv_;
};

INSTANTIATE_TEST_SUITE_P(Keys, ProviderGcmTest, testing::Values("AES-128-GCM", "AES-256-GCM"),
                         [](const auto& each) { return std::string(each.param, 4, 3); });

// Test cases 1 to 3 and 13 to 15 of McGrew and Viega, "The Galois/Counter Mode of Operation",
// appendix B, which NIST SP 800-38D refers to.
struct Vector {
  const char *key, *iv, *data, *sealed;
};
constexpr Vector kVectors[] = {
    {"00000000000000000000000000000000", "000000000000000000000000", "",
     "58e2fccefa7e3061367f1d57a4e7455a"},
    {"00000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000",
     "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"},
    {"feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
     "4d5c2af327cd64a62cf35abd2ba6fab4"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
     "b094dac5d93471bdec1a502270e3cc6c"},
};

TEST_P(ProviderGcmTest, PublishedVectorsComeOut) {
  int checked = 0;
  for (const Vector& each : kVectors) {
    if (Hex(each.key).size() != key_.size()) continue;
    key_ = Hex(each.key);
    iv_ = Hex(each.iv);
    Bytes data = Hex(each.data), sealed = Hex(each.sealed), opened;
    EXPECT_EQ(sealed, Seal(ours_, {}, data));
    EXPECT_TRUE(Open(ours_, {}, sealed, &opened));
    EXPECT_EQ(data, opened);
    ++checked;
  }
  EXPECT_EQ(3, checked);
}

TEST_P(ProviderGcmTest, EveryLengthIsWhatOpensslMakesOfIt) {
  std::vector<size_t> sizes = {0, 1, 15, 16, 17, 255, 256, 257, 16384, 16385, 20000};
  for (size_t i = 0; i < 400; ++i) sizes.push_back(Random(1)[0] * 78 + Random(1)[0] % 111);
  for (size_t size : sizes) {
    key_ = Random(key_.size());
    iv_ = Random(12);
    Bytes aad = Random(size % 17), data = Random(size), opened;
    Bytes sealed = Seal(ours_, aad, data);
    ASSERT_EQ(Seal(theirs_, aad, data), sealed) << size;
    ASSERT_TRUE(Open(ours_, aad, sealed, &opened)) << size;
    ASSERT_EQ(data, opened) << size;
  }
}

TEST_P(ProviderGcmTest, PiecesAreTheSameAsTheWhole) {
  Bytes aad = Random(13), data = Random(5000);
  for (size_t piece : {1, 7, 16, 33, 256, 4999}) {
    ContextPtr context = Start(ours_, true);
    Bytes out(data.size() + 16);
    int size = 0;
    EVP_CipherUpdate(context.get(), nullptr, &size, aad.data(), 5);
    EVP_CipherUpdate(context.get(), nullptr, &size, aad.data() + 5, 8);
    for (size_t at = 0; at < data.size(); at += piece)
      ASSERT_EQ(1, EVP_CipherUpdate(context.get(), out.data() + at, &size, data.data() + at,
                                    static_cast<int>(std::min(piece, data.size() - at))));
    ASSERT_EQ(1, EVP_CipherFinal_ex(context.get(), nullptr, &size));
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, out.data() + data.size());
    EXPECT_EQ(Seal(theirs_, aad, data), out) << piece;
  }
}

TEST_P(ProviderGcmTest, DataIsChangedInPlace) {
  Bytes data = Random(16384), place = data;
  ContextPtr context = Start(ours_, true);
  int size = 0;
  EVP_CipherUpdate(context.get(), place.data(), &size, place.data(), static_cast<int>(data.size()));
  Bytes sealed = Seal(theirs_, {}, data);
  sealed.resize(data.size());
  EXPECT_EQ(sealed, place);
}

TEST_P(ProviderGcmTest, OneContextSealsRecordAfterRecord) {
  ContextPtr context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  // As libssl does: the cipher, the key, then an IV for each record.
  ASSERT_EQ(1, EVP_CipherInit_ex(context.get(), ours_.get(), nullptr, nullptr, nullptr, 1));
  ASSERT_EQ(1, EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, 12, nullptr));
  ASSERT_EQ(1, EVP_CipherInit_ex(context.get(), nullptr, nullptr, key_.data(), nullptr, -1));
  for (int i = 0; i < 5; ++i) {
    iv_ = Random(12);
    ASSERT_EQ(1, EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, iv_.data(), 1));
    Bytes aad = Random(5), data = Random(100);
    EXPECT_EQ(Seal(theirs_, aad, data), SealWith(context.get(), aad, data));
  }
}

TEST_P(ProviderGcmTest, AnIvIsUsedOnce) {
  ContextPtr context = Start(ours_, true);
  SealWith(context.get(), {}, Random(20));
  uint8_t out[20];
  int size = 0;
  EXPECT_EQ(0, EVP_CipherUpdate(context.get(), out, &size, out, sizeof out));
}

TEST_P(ProviderGcmTest, WhatWasChangedIsNotOpened) {
  Bytes aad = Random(5), data = Random(300), opened;
  Bytes sealed = Seal(ours_, aad, data);
  for (size_t at : {0, 150, 299, 300, 315}) {
    Bytes other = sealed;
    other[at] ^= 1;
    EXPECT_FALSE(Open(ours_, aad, other, &opened)) << at;
  }
  Bytes other = aad;
  other[4] ^= 0x80;
  EXPECT_FALSE(Open(ours_, other, sealed, &opened));
  EXPECT_TRUE(Open(ours_, aad, sealed, &opened));
}

TEST_P(ProviderGcmTest, WithoutATagNothingIsOpened) {
  ContextPtr context = Start(ours_, false);
  uint8_t out[16] = {};
  int size = 0;
  EVP_CipherUpdate(context.get(), out, &size, out, sizeof out);
  EXPECT_EQ(0, EVP_CipherFinal_ex(context.get(), nullptr, &size));
}

TEST_P(ProviderGcmTest, WithoutKeyOrIvNothingIsSealed) {
  uint8_t out[16] = {};
  int size = 0;
  ContextPtr context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_EncryptInit_ex(context.get(), ours_.get(), nullptr, nullptr, iv_.data());
  EXPECT_EQ(0, EVP_CipherUpdate(context.get(), out, &size, out, sizeof out));
  context.reset(EVP_CIPHER_CTX_new());
  EVP_EncryptInit_ex(context.get(), ours_.get(), nullptr, key_.data(), nullptr);
  EXPECT_EQ(0, EVP_CipherUpdate(context.get(), out, &size, out, sizeof out));
}

TEST_P(ProviderGcmTest, OtherLengthsOfKeyAndIvAreRefused) {
  ContextPtr context = Start(ours_, true);
  EXPECT_LE(EVP_CIPHER_CTX_set_key_length(context.get(), 24), 0);
  EXPECT_EQ(0, EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, 16, nullptr));
  EXPECT_EQ(12, EVP_CIPHER_CTX_get_iv_length(context.get()));
  EXPECT_EQ(static_cast<int>(key_.size()), EVP_CIPHER_CTX_get_key_length(context.get()));
}

TEST_P(ProviderGcmTest, ACopyGoesOnByItself) {
  Bytes data = Random(100), out(32);
  ContextPtr one = Start(ours_, true), copy(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int size = 0;
  EVP_CipherUpdate(one.get(), out.data(), &size, data.data(), 32);
  ASSERT_EQ(1, EVP_CIPHER_CTX_copy(copy.get(), one.get()));
  Bytes whole = Seal(theirs_, {}, data);
  for (ContextPtr* each : {&one, &copy}) {
    Bytes rest(data.begin() + 32, data.end());
    EXPECT_EQ(Bytes(whole.begin() + 32, whole.end()), SealWith(each->get(), {}, rest));
    each->reset();  // the other one does not need it
  }
}

TEST_P(ProviderGcmTest, AsManyKeysAsThereAreConnectionsTakeTurns) {
  struct Connection {
    Bytes key;
    ContextPtr context;
  };
  std::vector<Connection> all;
  for (int i = 0; i < 300; ++i) {
    key_ = Random(key_.size());
    all.push_back({key_, Start(ours_, true)});
  }
  for (int turn = 0; turn < 2; ++turn) {
    for (auto& [key, context] : all) {
      key_ = key;
      iv_ = Random(12);
      EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, iv_.data(), 1);
      Bytes data = Random(64);
      ASSERT_EQ(Seal(theirs_, {}, data), SealWith(context.get(), {}, data));
    }
    all.erase(all.begin() + 100, all.begin() + 150);
  }
}

TEST_P(ProviderGcmTest, ThreadsSealSideBySide) {
  Bytes data = Random(3000), sealed = Seal(theirs_, {}, data);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) EXPECT_EQ(sealed, Seal(ours_, {}, data));
    });
  for (auto& thread : threads) thread.join();
}

// ---- Records of TLS 1.2

// The 13 bytes before a record: number, type, version, length.
Bytes RecordAad(size_t size) {
  Bytes aad = Random(13);
  aad[11] = static_cast<uint8_t>(size >> 8);
  aad[12] = static_cast<uint8_t>(size);
  return aad;
}

// Seals or opens record in place, as libssl does; returns the length of the result, or -1.
int Tls12(EVP_CIPHER_CTX* context, Bytes aad, Bytes* record) {
  int size = 0;
  EXPECT_EQ(16, EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_TLS1_AAD, 13, aad.data()));
  int ok = EVP_CipherUpdate(context, record->data(), &size, record->data(),
                            static_cast<int>(record->size()));
  return ok == 1 ? size : -1;
}

TEST_P(ProviderGcmTest, RecordsOfTls12GoBothWaysBetweenOursAndOpenssls) {
  for (bool we_seal : {true, false}) {
    ContextPtr sealer = Start(we_seal ? ours_ : theirs_, true);
    ContextPtr opener = Start(we_seal ? theirs_ : ours_, false);
    for (auto* each : {&sealer, &opener})
      ASSERT_EQ(1, EVP_CIPHER_CTX_ctrl(each->get(), EVP_CTRL_GCM_SET_IV_FIXED, 4, iv_.data()));
    for (size_t size : {0, 1, 64, 16384}) {
      Bytes data = Random(size), record(8 + size + 16);
      std::copy(data.begin(), data.end(), record.begin() + 8);
      Bytes aad = RecordAad(8 + size);
      EXPECT_EQ(static_cast<int>(record.size()), Tls12(sealer.get(), aad, &record));
      Bytes sent = aad;
      sent[11] = static_cast<uint8_t>(record.size() >> 8);
      sent[12] = static_cast<uint8_t>(record.size());
      Bytes changed = record;
      ASSERT_EQ(static_cast<int>(size), Tls12(opener.get(), sent, &record)) << size;
      EXPECT_EQ(data, Bytes(record.begin() + 8, record.end() - 16));
      changed.back() ^= 1;
      EXPECT_EQ(-1, Tls12(opener.get(), sent, &changed));
      // Nothing of what was not authentic is left.
      EXPECT_EQ(Bytes(size), Bytes(changed.begin() + 8, changed.end() - 16));
    }
  }
}

TEST_P(ProviderGcmTest, NoTwoRecordsOfTls12HaveTheSameIv) {
  ContextPtr sealer = Start(ours_, true);
  EVP_CIPHER_CTX_ctrl(sealer.get(), EVP_CTRL_GCM_SET_IV_FIXED, 4, iv_.data());
  std::set<std::string> seen;
  for (int i = 0; i < 600; ++i) {
    Bytes record(8 + 16);
    Tls12(sealer.get(), RecordAad(8), &record);
    EXPECT_TRUE(seen.emplace(record.begin(), record.begin() + 8).second);
  }
}

TEST_P(ProviderGcmTest, RecordsOfTls12ThatAreTooShortAreRefused) {
  ContextPtr opener = Start(ours_, false);
  EVP_CIPHER_CTX_ctrl(opener.get(), EVP_CTRL_GCM_SET_IV_FIXED, 4, iv_.data());
  Bytes aad = RecordAad(23);
  EXPECT_LE(EVP_CIPHER_CTX_ctrl(opener.get(), EVP_CTRL_AEAD_TLS1_AAD, 13, aad.data()), 0);
  Bytes record(23);
  EXPECT_EQ(-1, Tls12(opener.get(), RecordAad(24), &record));
}

}  // namespace
}  // namespace sluice::test
