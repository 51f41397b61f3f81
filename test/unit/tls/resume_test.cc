// Resumption by tickets and identifiers, with keys that rotate.
#include "peers.h"
#include "sluice/tls_context.h"

namespace sluice::test {
namespace {

class TlsResumeTest : public LoopTest, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    TlsContextOptions options;
    options.ticket_keys = keys;
    server.context = ContextOf(Localhost(), options);
    TlsContextOptions trust;
    trust.max_version = GetParam();
    client.context = TrustingContext(trust);
    client.sessions = true;
  }
  // Connects, exchanges a byte, ends; returns whether the session resumed.
  bool Connect(bool keep_session = true) {
    TlsPair pair(loop(), server, client, session);
    EXPECT_TRUE(Until([&] { return pair.connected(); }));
    EXPECT_TRUE(pair.secure()) << pair.client.error.message() << pair.server.error.message();
    if (!pair.secure()) return false;
    bool reused = pair.client.tls()->session_reused();
    EXPECT_EQ(pair.server.tls()->session_reused(), reused);
    EXPECT_FALSE(pair.client.tls()->verify_error());
    pair.server.Send("x");
    EXPECT_TRUE(Until([&] { return pair.client.received == "x"; }));
    if (keep_session && !pair.client.sessions.empty()) session = pair.client.sessions.back();
    return reused;
  }
  TlsOptions server = ServerOptions(), client = ClientOptions();
  std::shared_ptr<TicketKeys> keys = [] {
    Error error;
    return TicketKeys::Create(&error);
  }();
  std::vector<uint8_t> session;
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsResumeTest, testing::Values(0x0303, 0x0304),
                         [](const auto& each) { return each.param == 0x0303 ? "Tls12" : "Tls13"; });

TEST_P(TlsResumeTest, TicketsResumeAlsoAtAnotherContextWithTheSameKeys) {
  EXPECT_FALSE(Connect());
  ASSERT_FALSE(session.empty());
  EXPECT_TRUE(Connect());
  TlsContextOptions options;
  options.ticket_keys = keys;
  server.context = ContextOf(Localhost(), options);
  EXPECT_TRUE(Connect());
  server.context = ContextOf(Localhost());
  EXPECT_FALSE(Connect());
}

TEST_P(TlsResumeTest, OldKeysOpenTicketsForAWhile) {
  EXPECT_FALSE(Connect());
  Error error;
  EXPECT_TRUE(keys->Rotate(&error));
  EXPECT_TRUE(Connect(false));
  EXPECT_TRUE(keys->Rotate(&error));
  EXPECT_TRUE(keys->Rotate(&error));
  EXPECT_FALSE(Connect());
  // Keys of both sizes, also across objects.
  std::vector<uint8_t> long_key(TicketKeys::kLong, 7);
  EXPECT_TRUE(keys->Set(long_key));
  EXPECT_EQ(keys->Get(), long_key);
  EXPECT_TRUE(Connect());
  EXPECT_TRUE(Connect());
  EXPECT_FALSE(keys->Set(std::vector<uint8_t>(47)));
}

TEST_P(TlsResumeTest, SessionsResumeWithoutTickets) {
  TlsContextOptions options;
  options.extra_options = uint64_t{1} << 14;  // SSL_OP_NO_TICKET
  server.context = ContextOf(Localhost(), options);
  EXPECT_FALSE(Connect());
  EXPECT_TRUE(Connect());
}

TEST_P(TlsResumeTest, AResumedSessionMustBelongToTheNameAsked) {
  EXPECT_FALSE(Connect());
  client.verify_name = "other.example";
  client.server_name = "localhost";
  TlsPair pair(loop(), server, client, session);
  ASSERT_TRUE(Until([&] { return pair.client.connects > 0; }));
  EXPECT_EQ(pair.client.error.code(), "ERR_TLS_CERT_ALTNAME_INVALID");
}

TEST_P(TlsResumeTest, AnUntrustedSessionDoesNotBecomeTrusted) {
  server.context = ContextOf(Identity(CertificateRequest{}));
  client.reject_unauthorized = false;
  {
    TlsPair pair(loop(), server, client);
    ASSERT_TRUE(Until([&] { return pair.connected(); }));
    pair.server.Send("x");
    ASSERT_TRUE(Until([&] { return !pair.client.received.empty(); }));
    ASSERT_FALSE(pair.client.sessions.empty());
    session = pair.client.sessions.back();
  }
  client.reject_unauthorized = true;
  TlsPair pair(loop(), server, client, session);
  ASSERT_TRUE(Until([&] { return pair.client.connects > 0; }));
  EXPECT_EQ(pair.client.error.code(), "DEPTH_ZERO_SELF_SIGNED_CERT");
}

TEST_P(TlsResumeTest, MalformedSessionsAreRefused) {
  TlsPair pair(loop(), server, client);
  int fds[2];
  SocketPair(fds);
  Descriptor rest(fds[1]);
  End end;
  Wrap(loop(), fds[0], client, &end);
  std::vector<uint8_t> garbage(100, 0x30);
  EXPECT_FALSE(end.tls()->SetSession(garbage));
  EXPECT_FALSE(end.tls()->SetSession({}));
}

TEST_P(TlsResumeTest, AClientCertificateDoesNotCarryOverToAnotherName) {
  auto store = std::make_shared<CertificateStore>();
  TlsContextOptions trusting;
  trusting.authorities.push_back(Authority().certificate_pem());
  trusting.ticket_keys = keys;
  Identity a({.alternative_names = "DNS:a.test"}, &Authority());
  Identity b({.alternative_names = "DNS:b.test"}, &Authority());
  ASSERT_TRUE(store->Set("a.test", ContextOf(a, trusting), true));
  ASSERT_TRUE(store->Set("b.test", ContextOf(b, trusting), true));
  server.certificates = store;
  TlsContextOptions own;
  own.max_version = GetParam();
  own.authorities = trusting.authorities;
  client.context = ContextOf(Identity({.common_name = "user"}, &Authority()), own);
  client.server_name = client.verify_name = "a.test";
  EXPECT_FALSE(Connect());
  EXPECT_TRUE(Connect());
  client.server_name = "b.test";
  client.verify_name = "";
  TlsPair pair(loop(), server, client, session);
  ASSERT_TRUE(Until([&] { return pair.server.connects > 0; }));
  if (pair.server.failed()) {
    EXPECT_EQ(pair.server.error.code(), "CERT_REJECTED");
  } else if (pair.server.tls()->session_reused()) {
    // TLS 1.2: the name of the session is that of the connection, whatever was asked for.
    EXPECT_EQ(pair.server.tls()->server_name(), "a.test");
  }
}

TEST_P(TlsResumeTest, LongContextsOfSessionsThatBeginAlikeAreNotTheSame) {
  TlsContextOptions options;
  options.ticket_keys = keys;
  options.session_id_context = std::string(40, 'a') + "b";
  server.context = ContextOf(Localhost(), options);
  EXPECT_FALSE(Connect());
  EXPECT_TRUE(Connect());
  options.session_id_context.back() = 'c';
  server.context = ContextOf(Localhost(), options);
  EXPECT_FALSE(Connect());
}

}  // namespace
}  // namespace sluice::test
