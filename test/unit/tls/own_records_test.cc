// Which connections go on without OpenSSL's object, and that they tell the same as before.
#include <openssl/ssl.h>

#include "peers.h"

namespace sluice::test {
namespace {

class OwnRecordsTest : public LoopTest {
 protected:
  // Connects, and has each end say something: a server's ticket goes with its first bytes.
  void Talk(TlsPair& pair) {
    ASSERT_TRUE(Until([&] { return pair.connected(); }));
    ASSERT_TRUE(pair.secure()) << pair.server.error.message() << pair.client.error.message();
    pair.client.Send("to server");
    pair.server.Send("to client");
    EXPECT_TRUE(Until([&] {
      return pair.server.received == "to server" && pair.client.received == "to client";
    }));
  }
  static TlsOptions With(TlsOptions options, const TlsContextOptions& context, bool server) {
    options.context = server ? ContextOf(Localhost(), context) : TrustingContext(context);
    return options;
  }
};

TEST_F(OwnRecordsTest, BothEndsOfTls13HaveThem) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS", "SLUICE_TLS_PROVIDER");
  TlsPair pair(loop());
  Talk(pair);
  EXPECT_TRUE(pair.server.tls()->own_records());
  EXPECT_TRUE(pair.client.tls()->own_records());
}

TEST_F(OwnRecordsTest, Tls12StaysOpenssls) {
  TlsContextOptions old;
  old.max_version = TLS1_2_VERSION;
  TlsPair pair(loop(), ServerOptions(), With(ClientOptions(), old, false));
  Talk(pair);
  EXPECT_FALSE(pair.server.tls()->own_records());
  EXPECT_FALSE(pair.client.tls()->own_records());
}

TEST_F(OwnRecordsTest, OtherSuitesStayOpenssls) {
  TlsContextOptions ccm;
  ccm.ciphers = "TLS_AES_128_CCM_SHA256";
  TlsPair pair(loop(), With(ServerOptions(), ccm, true), With(ClientOptions(), ccm, false));
  Talk(pair);
  EXPECT_FALSE(pair.server.tls()->own_records());
}

TEST_F(OwnRecordsTest, TheEnvironmentTurnsThemOff) {
  setenv("SLUICE_TLS_RECORDS", "0", 1);
  TlsPair pair(loop());
  Talk(pair);
  EXPECT_FALSE(pair.server.tls()->own_records());
}

TEST_F(OwnRecordsTest, BothEndsTellTheSameOfAConnection) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS", "SLUICE_TLS_PROVIDER");
  for (const char* suite : {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                            "TLS_CHACHA20_POLY1305_SHA256"}) {
    TlsContextOptions context;
    context.ciphers = suite;
    TlsOptions options = With(ClientOptions(), context, false);
    options.alpn = EncodeAlpn({"one", "two"});
    TlsOptions server_options = ServerOptions();
    server_options.alpn = EncodeAlpn({"two"});
    TlsPair pair(loop(), server_options, options);
    ASSERT_TRUE(Until([&] { return pair.connected(); }));
    TlsStream& server = *pair.server.tls();
    TlsStream& client = *pair.client.tls();
    ASSERT_TRUE(server.own_records());
    ASSERT_TRUE(client.own_records());
    EXPECT_TRUE(client.tls_ticket().empty());
    EXPECT_EQ(server.protocol(), client.protocol());
    EXPECT_EQ(server.cipher().name, suite);
    EXPECT_EQ(server.cipher().standard_name, client.cipher().standard_name);
    EXPECT_EQ(server.alpn(), "two");
    EXPECT_EQ(server.server_name(), "localhost");
    EXPECT_EQ(server.finished(), client.peer_finished());
    EXPECT_EQ(server.peer_finished(), client.finished());
    EXPECT_EQ(server.session_reused(), client.session_reused());
    EXPECT_FALSE(server.shared_signature_algorithms().empty());
    const std::vector<uint8_t> context_bytes = {1, 2, 3};
    EXPECT_EQ(server.ExportKeyingMaterial(77, "EXPORTER-test", context_bytes),
              client.ExportKeyingMaterial(77, "EXPORTER-test", context_bytes));
    EXPECT_EQ(server.ExportKeyingMaterial(20, "EXPORTER-test", std::nullopt),
              client.ExportKeyingMaterial(20, "EXPORTER-test", std::nullopt));
    EXPECT_EQ(server.ExportKeyingMaterial(20, std::string(250, 'x'), std::nullopt), std::nullopt);
    const auto certificates = client.peer_certificates();
    const auto key = client.ephemeral_key();
    const auto material = client.ExportKeyingMaterial(20, "EXPORTER-test", std::nullopt);
    EXPECT_EQ(certificates.front(), server.own_certificate());
    Talk(pair);
    ASSERT_TRUE(client.own_records());
    EXPECT_EQ(client.peer_certificates(), certificates);
    EXPECT_EQ(client.ephemeral_key().name, key.name);
    EXPECT_EQ(client.ephemeral_key().bits, key.bits);
    EXPECT_EQ(client.ExportKeyingMaterial(20, "EXPORTER-test", std::nullopt), material);
    EXPECT_FALSE(client.tls_ticket().empty());
    EXPECT_EQ(client.verify_error().number, 0);
  }
}

TEST_F(OwnRecordsTest, ASessionOfAClientThatHandedOverResumes) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS", "SLUICE_TLS_PROVIDER");
  TlsPair first(loop());
  Talk(first);
  ASSERT_TRUE(first.client.tls()->own_records());
  TlsPair second(loop(), ServerOptions(), ClientOptions(), first.client.tls()->session());
  Talk(second);
  EXPECT_TRUE(second.client.tls()->session_reused());
  EXPECT_TRUE(second.server.tls()->session_reused());
  EXPECT_TRUE(second.server.tls()->own_records());
}

TEST_F(OwnRecordsTest, EachTicketOfAClientIsASessionThatResumes) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS", "SLUICE_TLS_PROVIDER");
  for (const char* suite :
       {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
    TlsContextOptions context;
    context.ciphers = suite;
    TlsOptions options = With(ClientOptions(), context, false);
    options.sessions = true;
    TlsPair first(loop(), ServerOptions(), options);
    ASSERT_TRUE(Until([&] { return first.connected(); }));
    EXPECT_TRUE(first.client.sessions.empty());
    Talk(first);
    ASSERT_TRUE(first.client.tls()->own_records());
    ASSERT_EQ(first.client.sessions.size(), 1u);
    EXPECT_EQ(first.client.sessions[0], first.client.tls()->session());
    EXPECT_FALSE(first.client.tls()->tls_ticket().empty());
    TlsPair second(loop(), ServerOptions(), options, first.client.sessions[0]);
    Talk(second);
    EXPECT_TRUE(second.client.tls()->session_reused());
    EXPECT_TRUE(second.server.tls()->session_reused());
  }
}

TEST_F(OwnRecordsTest, ACertificateOfTheClientIsToldAfterwards) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS", "SLUICE_TLS_PROVIDER");
  TlsOptions server_options = ServerOptions();
  TlsContextOptions trusting;
  trusting.authorities.push_back(Authority().certificate_pem());
  server_options.context = ContextOf(Localhost(), trusting);
  server_options.request_certificate = true;
  Identity user({.common_name = "user"}, &Authority());
  TlsOptions client_options = ClientOptions();
  TlsContextOptions own;
  own.authorities.push_back(Authority().certificate_pem());
  client_options.context = ContextOf(user, own);
  TlsPair pair(loop(), server_options, client_options);
  Talk(pair);
  ASSERT_TRUE(pair.server.tls()->own_records());
  EXPECT_EQ(pair.server.tls()->peer_certificates().front(), pair.client.tls()->own_certificate());
  EXPECT_EQ(pair.server.tls()->verify_error().number, 0);
}

TEST_F(OwnRecordsTest, SmallRecordsArriveWhole) {
  TlsPair pair(loop());
  Talk(pair);
  pair.server.received.clear();
  ASSERT_TRUE(pair.client.tls()->SetMaxFragment(512));
  const std::string text = Pattern(300'000);
  pair.client.Send(text);
  EXPECT_TRUE(Until([&] { return pair.server.received.size() == text.size(); }));
  EXPECT_EQ(pair.server.received, text);
}

}  // namespace
}  // namespace sluice::test
