// TlsRecords in the place of one end of a connection of OpenSSL's: both must make the same records of
// the same data, and each must read what the other makes. SLUICE_RECORDS in the environment is how
// many records are compared for each suite.
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "bytes.h"
#include "peers.h"
#include "tls/records.h"

namespace sluice::test {
namespace {

using Opened = TlsRecords::Opened;
using SslPtr = std::unique_ptr<SSL, decltype(&SSL_free)>;

int Count() {
  const char* text = std::getenv("SLUICE_RECORDS");
  return text != nullptr ? std::atoi(text) : 3000;
}

Bytes TakeAll(SSL* from) {
  char* data = nullptr;
  long size = BIO_get_mem_data(SSL_get_wbio(from), &data);
  Bytes bytes(data, data + size);
  (void)BIO_reset(SSL_get_wbio(from));
  return bytes;
}

void Give(SSL* to, std::span<const uint8_t> bytes) {
  ASSERT_EQ(BIO_write(SSL_get_rbio(to), bytes.data(), static_cast<int>(bytes.size())),
            static_cast<int>(bytes.size()));
}

size_t RecordsIn(std::span<const uint8_t> bytes) {
  size_t count = 0;
  for (; bytes.size() >= 5; ++count) bytes = bytes.subspan(5 + (size_t{bytes[3]} << 8 | bytes[4]));
  return count;
}

// Both ends of OpenSSL's, connected in memory, and TlsRecords with what the server knows.
class RecordsOpensslTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SLUICE_NEEDS("SLUICE_TLS_RECORDS");
    ASSERT_TRUE(Connect());
    const uint32_t suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(client_.get()));
    ASSERT_TRUE(TlsRecords::Usable(suite));
    TlsRecords::State state;
    state.suite = static_cast<RecordSuite>(suite);
    state.server = true;
    std::ranges::copy(secrets_["CLIENT_TRAFFIC_SECRET_0"], state.read.secret.begin());
    std::ranges::copy(secrets_["SERVER_TRAFFIC_SECRET_0"], state.write.secret.begin());
    state.write.sequence = tickets_;
    ours_ = std::make_unique<TlsRecords>(state);
  }

  static void Keylog(const SSL* ssl, const char* line) {
    std::string text = line;
    const size_t first = text.find(' '), last = text.rfind(' ');
    auto* secrets = static_cast<std::map<std::string, Bytes>*>(SSL_get_app_data(ssl));
    (*secrets)[text.substr(0, first)] = Hex(text.substr(last + 1).c_str());
  }

  bool Connect() {
    server_context_.reset(SSL_CTX_new(TLS_server_method()));
    client_context_.reset(SSL_CTX_new(TLS_client_method()));
    for (SSL_CTX* context : {server_context_.get(), client_context_.get()})
      SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX* from = ServerOptions().context->native();
    SSL_CTX_use_certificate(server_context_.get(), SSL_CTX_get0_certificate(from));
    SSL_CTX_use_PrivateKey(server_context_.get(), SSL_CTX_get0_privatekey(from));
    SSL_CTX_set_ciphersuites(client_context_.get(), GetParam());
    SSL_CTX_set_keylog_callback(client_context_.get(), Keylog);
    client_.reset(MakeSsl(client_context_.get()));
    server_.reset(MakeSsl(server_context_.get()));
    SSL_set_app_data(client_.get(), &secrets_);
    SSL_set_connect_state(client_.get());
    SSL_set_accept_state(server_.get());
    SSL_do_handshake(client_.get());
    Give(server_.get(), TakeAll(client_.get()));
    SSL_do_handshake(server_.get());
    Give(client_.get(), TakeAll(server_.get()));
    if (SSL_do_handshake(client_.get()) != 1) return false;
    Give(server_.get(), TakeAll(client_.get()));
    if (SSL_do_handshake(server_.get()) != 1) return false;
    Bytes tickets = TakeAll(server_.get());
    tickets_ = RecordsIn(tickets);
    Give(client_.get(), tickets);
    char none = 0;
    return SSL_read(client_.get(), &none, 1) < 0 && tickets_ > 0;
  }

  static SSL* MakeSsl(SSL_CTX* context) {
    SSL* ssl = SSL_new(context);
    for (auto set : {SSL_set0_rbio, SSL_set0_wbio}) {
      BIO* bio = BIO_new(BIO_s_mem());
      BIO_set_mem_eof_return(bio, -1);
      set(ssl, bio);
    }
    return ssl;
  }

  Bytes RandomData() {
    // Mostly small, now and then the largest.
    static constexpr size_t kMost[] = {1, 16, 64, 300, 1500, 16384};
    const size_t most = kMost[random_() % std::size(kMost)];
    Bytes data(random_() % 16 == 0 ? most : 1 + random_() % most);
    for (uint8_t& byte : data) byte = static_cast<uint8_t>(random_());
    return data;
  }

  // The server's way: both ends of it make the same, and the client reads it.
  void ServerSends() {
    const Bytes data = RandomData();
    Bytes made(data.size() + RecordCipher::kOverhead);
    ASSERT_TRUE(ours_->Seal(TlsRecords::kData, data, made.data()));
    ASSERT_EQ(SSL_write(server_.get(), data.data(), static_cast<int>(data.size())),
              static_cast<int>(data.size()));
    ASSERT_EQ(TakeAll(server_.get()), made);
    Give(client_.get(), made);
    Bytes read(data.size() + 1);
    ASSERT_EQ(SSL_read(client_.get(), read.data(), static_cast<int>(read.size())),
              static_cast<int>(data.size()));
    read.pop_back();
    ASSERT_EQ(read, data);
  }

  // The client's way, padded now and then.
  void ClientSends() {
    const Bytes data = RandomData();
    SSL_set_block_padding(client_.get(), random_() % 2 == 0 ? 1 : 1 + random_() % 512);
    ASSERT_EQ(SSL_write(client_.get(), data.data(), static_cast<int>(data.size())),
              static_cast<int>(data.size()));
    Bytes record = TakeAll(client_.get());
    ASSERT_EQ(RecordsIn(record), 1u);
    Bytes out(TlsRecords::OpenSize(record.size()));
    if (random_() % 4 == 0) {  // damaged, it is refused, and changes nothing
      Bytes damaged = record;
      damaged[5 + random_() % (damaged.size() - 5)] ^= static_cast<uint8_t>(1 + random_() % 255);
      ASSERT_EQ(ours_->Open(damaged, out.data()).kind, Opened::kFailure);
    }
    const Opened opened = ours_->Open(record, out.data());
    ASSERT_EQ(opened.kind, Opened::kBytes);
    out.resize(opened.size);
    ASSERT_EQ(out, data);
  }

  void ServerChangesKeys() {
    uint8_t made[TlsRecords::kKeyUpdateSize];
    ASSERT_TRUE(ours_->SealKeyUpdate(made));
    ASSERT_EQ(SSL_key_update(server_.get(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(SSL_do_handshake(server_.get()), 1);
    ASSERT_EQ(TakeAll(server_.get()), Bytes(std::begin(made), std::end(made)));
    Give(client_.get(), made);
  }

  void ClientChangesKeys() {
    SSL_set_block_padding(client_.get(), 1);
    ASSERT_EQ(SSL_key_update(client_.get(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(SSL_do_handshake(client_.get()), 1);
    Bytes record = TakeAll(client_.get());
    Bytes out(TlsRecords::OpenSize(record.size()));
    ASSERT_EQ(ours_->Open(record, out.data()).kind, Opened::kNothing);
  }

  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> server_context_, client_context_;
  SslPtr client_{nullptr, SSL_free};
  SslPtr server_{nullptr, SSL_free};
  std::map<std::string, Bytes> secrets_;
  size_t tickets_ = 0;
  std::unique_ptr<TlsRecords> ours_;
  std::mt19937 random_{std::random_device()()};
};

INSTANTIATE_TEST_SUITE_P(Suites, RecordsOpensslTest,
                         testing::Values("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                         "TLS_CHACHA20_POLY1305_SHA256"));

TEST_P(RecordsOpensslTest, BothMakeTheSameRecordsAndReadEachOthers) {
  const int count = Count();
  for (int i = 0; i < count && !HasFatalFailure(); ++i) {
    const unsigned what = random_() % 64;
    if (what == 0) {
      ServerChangesKeys();
    } else if (what == 1) {
      ClientChangesKeys();
    } else if (what % 2 == 0) {
      ServerSends();
    } else {
      ClientSends();
    }
  }
}

TEST_P(RecordsOpensslTest, TheEndIsUnderstoodByBoth) {
  uint8_t alert[TlsRecords::kAlertSize];
  ASSERT_TRUE(ours_->SealAlert(TlsRecords::kCloseNotify, alert));
  Give(client_.get(), alert);
  char byte = 0;
  EXPECT_EQ(SSL_read(client_.get(), &byte, 1), 0);
  EXPECT_EQ(SSL_get_error(client_.get(), 0), SSL_ERROR_ZERO_RETURN);
  SSL_shutdown(client_.get());
  Bytes record = TakeAll(client_.get());
  Bytes out(record.size());
  EXPECT_EQ(ours_->Open(record, out.data()).kind, Opened::kEnd);
}

}  // namespace
}  // namespace sluice::test
