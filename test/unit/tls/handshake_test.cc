// Handshakes of both ends in one loop: who is accepted, what is negotiated, what is refused.
#include <fcntl.h>

#include "peers.h"

namespace sluice::test {
namespace {

class TlsTest : public LoopTest {};

bool Done(const TlsPair& pair) {
  return pair.connected();
}

TEST_F(TlsTest, ConnectsWithTls13AndSendsBothWays) {
  TlsPair pair(loop());
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure()) << pair.client.error.message() << pair.server.error.message();
  EXPECT_EQ(pair.client.tls()->protocol(), "TLSv1.3");
  EXPECT_EQ(pair.server.tls()->server_name(), "localhost");
  pair.client.Send("hello");
  pair.server.Send("welcome");
  ASSERT_TRUE(
      Until([&] { return pair.server.received == "hello" && pair.client.received == "welcome"; }));
  EXPECT_EQ(pair.client.stream->bytes_written(), 5u);
  EXPECT_EQ(pair.client.stream->bytes_read(), 7u);
}

TEST_F(TlsTest, ConnectsWithTls12) {
  TlsOptions client = ClientOptions();
  TlsContextOptions context;
  context.max_version = 0x0303;
  client.context = TrustingContext(context);
  TlsPair pair(loop(), ServerOptions(), client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure()) << pair.client.error.message();
  EXPECT_EQ(pair.server.tls()->protocol(), "TLSv1.2");
  EXPECT_EQ(pair.client.tls()->cipher().version, "TLSv1.2");
  EXPECT_FALSE(pair.client.tls()->finished().empty());
  EXPECT_EQ(pair.client.tls()->finished(), pair.server.tls()->peer_finished());
}

TEST_F(TlsTest, RefusesWithoutCommonVersion) {
  TlsContextOptions old, recent;
  old.max_version = 0x0303;
  recent.min_version = 0x0304;
  TlsOptions client = ClientOptions(), server = ServerOptions();
  client.context = TrustingContext(old);
  server.context = ContextOf(Localhost(), recent);
  TlsPair pair(loop(), server, client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  EXPECT_EQ(pair.server.error.code(), "ERR_SSL_UNSUPPORTED_PROTOCOL");
  EXPECT_EQ(pair.client.error.code(), "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
}

TEST_F(TlsTest, AcceptsRsaAndEd25519Keys) {
  for (KeyKind kind : {KeyKind::kRsa, KeyKind::kEd25519}) {
    TlsOptions server = ServerOptions();
    server.context = ContextOf(Identity({.kind = kind}, &Authority()));
    TlsPair pair(loop(), server);
    ASSERT_TRUE(Until([&] { return Done(pair); }));
    EXPECT_TRUE(pair.secure()) << pair.client.error.message();
  }
}

struct Refusal {
  const char* name;
  CertificateRequest request;
  bool under_authority;
  const char* verify_name;
  const char* code;
};

class TlsVerifyTest : public TlsTest, public testing::WithParamInterface<Refusal> {};

TEST_P(TlsVerifyTest, RefusesBadCertificateAndTellsThePeer) {
  const Refusal& refusal = GetParam();
  Identity identity(refusal.request, refusal.under_authority ? &Authority() : nullptr);
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.context = ContextOf(identity);
  client.verify_name = refusal.verify_name;
  TlsPair pair(loop(), server, client);
  ASSERT_TRUE(Until([&] {
    return pair.client.connects > 0 && (pair.server.errors > 0 || pair.server.failed());
  }));
  EXPECT_EQ(pair.client.error.code(), refusal.code);
  EXPECT_EQ(pair.client.error.domain, ErrorDomain::kVerify);
  EXPECT_EQ(pair.server.error.code().substr(0, 8), "ERR_SSL_") << pair.server.error.code();

  // Unless the caller wants to decide.
  client.reject_unauthorized = false;
  TlsPair open(loop(), server, client);
  ASSERT_TRUE(Until([&] { return Done(open); }));
  ASSERT_TRUE(open.secure());
  EXPECT_EQ(open.client.tls()->verify_error().code(), refusal.code);
}

INSTANTIATE_TEST_SUITE_P(
    Certificates, TlsVerifyTest,
    testing::Values(
        Refusal{"SelfSigned", {}, false, "localhost", "DEPTH_ZERO_SELF_SIGNED_CERT"},
        Refusal{"Expired",
                {.valid_from_s = -7200, .valid_to_s = -60},
                true,
                "localhost",
                "CERT_HAS_EXPIRED"},
        Refusal{"NotYetValid", {.valid_from_s = 3600}, true, "localhost", "CERT_NOT_YET_VALID"},
        Refusal{"OtherName",
                {.alternative_names = "DNS:other.example"},
                true,
                "localhost",
                "ERR_TLS_CERT_ALTNAME_INVALID"},
        Refusal{"OtherAddress",
                {.alternative_names = "IP:10.0.0.1"},
                true,
                "10.0.0.2",
                "ERR_TLS_CERT_ALTNAME_INVALID"}),
    [](const auto& each) { return each.param.name; });

TEST_F(TlsTest, UnknownAuthorityHasTheCodeOfNode) {
  Identity other({.common_name = "Another authority", .alternative_names = "", .authority = true});
  TlsOptions server = ServerOptions();
  server.context = ContextOf(Identity({}, &other));
  TlsPair pair(loop(), server);
  ASSERT_TRUE(Until([&] { return pair.client.connects > 0; }));
  EXPECT_EQ(pair.client.error.code(), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  EXPECT_EQ(pair.client.error.message(), "unable to verify the first certificate");
}

TEST_F(TlsTest, AcceptsAnAddressInTheCertificate) {
  TlsOptions client = ClientOptions();
  client.verify_name = "127.0.0.1";
  client.server_name = "127.0.0.1";
  TlsPair pair(loop(), ServerOptions(), client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure());
  EXPECT_EQ(pair.server.tls()->server_name(), "");  // an address is no server name
}

TEST_F(TlsTest, PicksTheProtocolOfTheServersOrder) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.alpn = EncodeAlpn({"h2", "http/1.1"});
  client.alpn = EncodeAlpn({"http/1.1", "h2"});
  TlsPair pair(loop(), server, client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure());
  EXPECT_EQ(pair.client.tls()->alpn(), "h2");
  EXPECT_EQ(pair.server.tls()->alpn(), "h2");
}

TEST_F(TlsTest, RefusesWithoutCommonProtocol) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.alpn = EncodeAlpn({"h2"});
  client.alpn = EncodeAlpn({"mqtt"});
  TlsPair pair(loop(), server, client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  EXPECT_EQ(pair.client.error.code(), "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");
  EXPECT_TRUE(pair.server.failed());
}

TEST_F(TlsTest, ServerThatRequiresAClientCertificateTakesATrustedOneOnly) {
  TlsContextOptions trusting;
  trusting.authorities.push_back(Authority().certificate_pem());
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.context = ContextOf(Localhost(), trusting);
  server.request_certificate = true;
  {
    client.context = ContextOf(Identity({.common_name = "user"}, &Authority()), trusting);
    TlsPair pair(loop(), server, client);
    ASSERT_TRUE(Until([&] { return Done(pair); }));
    ASSERT_TRUE(pair.secure()) << pair.server.error.message();
    EXPECT_EQ(pair.server.tls()->peer_certificates().size(), 2u);
    EXPECT_FALSE(pair.server.tls()->verify_error());
  }
  {
    TlsPair pair(loop(), server);  // no certificate
    ASSERT_TRUE(Until([&] { return pair.server.connects > 0 && pair.client.errors > 0; }));
    EXPECT_EQ(pair.server.error.code(), "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE");
    EXPECT_EQ(pair.client.error.code(), "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
  }
  {
    client.context = ContextOf(Identity({.common_name = "stranger"}), trusting);
    TlsPair pair(loop(), server, client);
    ASSERT_TRUE(Until([&] { return pair.server.connects > 0 && pair.client.errors > 0; }));
    EXPECT_EQ(pair.server.error.code(), "DEPTH_ZERO_SELF_SIGNED_CERT");
    server.reject_unauthorized = false;
    TlsPair open(loop(), server, client);
    ASSERT_TRUE(Until([&] { return Done(open); }));
    ASSERT_TRUE(open.secure());
    EXPECT_EQ(open.server.tls()->verify_error().code(), "DEPTH_ZERO_SELF_SIGNED_CERT");
  }
}

TEST_F(TlsTest, KeylogNamesTheSecretsOfBothVersions) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.keylog = client.keylog = true;
  TlsPair pair(loop(), server, client);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_GE(pair.client.keylog.size(), 4u);
  EXPECT_EQ(pair.client.keylog[0].substr(0, 31), "SERVER_HANDSHAKE_TRAFFIC_SECRET");
  EXPECT_EQ(pair.client.keylog.size(), pair.server.keylog.size());
}

TEST_F(TlsTest, ExportsTheSameKeyingMaterialAtBothEnds) {
  TlsPair pair(loop());
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  auto ours = pair.client.tls()->ExportKeyingMaterial(32, "EXPORTER-test", std::nullopt);
  auto theirs = pair.server.tls()->ExportKeyingMaterial(32, "EXPORTER-test", std::nullopt);
  ASSERT_TRUE(ours && theirs);
  EXPECT_EQ(*ours, *theirs);
  // The second is the library's first choice from OpenSSL 3.5 on.
  EXPECT_THAT(pair.client.tls()->ephemeral_key().name,
              testing::AnyOf("X25519", "X25519MLKEM768"));
}

TEST_F(TlsTest, OnHelloHoldsTheHandshakeUntilACertificateIsChosen) {
  TlsOptions server = ServerOptions();
  server.choose = true;
  TlsPair pair(loop(), server);
  TlsStream* waiting = nullptr;
  pair.server.on_hello = [&](TlsStream& tls) { waiting = &tls; };
  ASSERT_TRUE(Until([&] { return waiting != nullptr; }));
  Settle();
  EXPECT_FALSE(pair.connected());
  EXPECT_EQ(pair.server.hello, "localhost");
  Identity other({.common_name = "chosen"}, &Authority());
  std::vector<uint8_t> ocsp = {1, 2, 3};
  waiting->Choose(ContextOf(other), ocsp);
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure()) << pair.client.error.message();
  EXPECT_EQ(pair.client.tls()->peer_certificates()[0], pair.server.tls()->own_certificate());
  EXPECT_EQ(pair.server.hellos, 1);
}

TEST_F(TlsTest, StaplesAnOcspResponse) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.choose = true;
  client.request_ocsp = true;
  TlsPair pair(loop(), server, client);
  std::vector<uint8_t> ocsp = {1, 2, 3};
  pair.server.on_hello = [&](TlsStream& tls) { tls.Choose(nullptr, ocsp); };
  ASSERT_TRUE(Until([&] { return Done(pair); }));
  ASSERT_TRUE(pair.secure()) << pair.client.error.message();
  EXPECT_EQ(pair.client.tls()->ocsp_response(), ocsp);
}

TEST_F(TlsTest, HandshakeThatStallsEndsAtItsLimitWhileOthersGoOn) {
  int fds[2];
  SocketPair(fds);
  Descriptor silent(fds[1]);
  End server;
  TlsOptions options = ServerOptions();
  options.handshake_timeout_ms = 1;  // clamped to the least
  Wrap(loop(), fds[0], options, &server);
  uint64_t begin = loop().Refresh();
  server.tls()->Start();
  TlsPair other(loop());
  ASSERT_TRUE(Until([&] { return Done(other); }));
  EXPECT_EQ(server.connects, 0);
  ASSERT_TRUE(Until([&] { return server.connects > 0; }));
  EXPECT_GE(loop().now() - begin, TlsOptions::kMinHandshakeTimeoutMs);
  EXPECT_EQ(server.error.code(), "ERR_TLS_HANDSHAKE_TIMEOUT");
  EXPECT_TRUE(server.stream->closed());
}

TEST_F(TlsTest, ConnectionThatEndsInTheHandshakeIsReset) {
  int fds[2];
  SocketPair(fds);
  End client;
  Wrap(loop(), fds[0], ClientOptions(), &client);
  client.tls()->Start();
  ::close(fds[1]);
  ASSERT_TRUE(Until([&] { return client.connects > 0; }));
  EXPECT_TRUE(client.error.code() == "ECONNRESET" || client.error.code() == "EPIPE")
      << client.error.code();
}

TEST_F(TlsTest, BytesThatAreNoTlsEndOnlyThatConnection) {
  struct Case {
    std::string bytes;
    const char* code;
  };
  std::string oversized("\x16\x03\x01\xff\xff", 5);
  for (const Case& one : {Case{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "ERR_SSL_HTTP_REQUEST"},
                          Case{"hello, is this telnet?\r\n", "ERR_SSL_WRONG_VERSION_NUMBER"},
                          Case{oversized + std::string(70000, 'x'), ""},
                          Case{std::string("\x16\x03\x01\x00\x04\x01\xff\xff\xff", 9), ""},
                          Case{std::string(4096, '\0'), ""}}) {
    int fds[2];
    SocketPair(fds);
    Descriptor peer(fds[1]);
    End server;
    Wrap(loop(), fds[0], ServerOptions(), &server);
    server.tls()->Start();
    (void)!::write(peer.get(), one.bytes.data(), one.bytes.size());
    ::shutdown(peer.get(), SHUT_WR);
    ASSERT_TRUE(Until([&] { return server.connects > 0; }));
    EXPECT_TRUE(server.failed());
    if (*one.code != '\0') {
      EXPECT_EQ(server.error.code(), one.code);
    }
  }
}

TEST_F(TlsTest, BytesReadFromThePlainStreamBeforeCount) {
  // The hello arrives with the last plain bytes, as in STARTTLS.
  int fds[2];
  SocketPair(fds);
  End server, client;
  Wrap(loop(), fds[1], ClientOptions(), &client);
  client.tls()->Start();
  client.stream->Resume();
  Settle();
  std::vector<uint8_t> hello(4096);
  ssize_t size = ::read(fds[0], hello.data(), hello.size());
  ASSERT_GT(size, 0);
  hello.resize(static_cast<size_t>(size));
  Wrap(loop(), fds[0], ServerOptions(), &server);
  server.tls()->Start(hello);
  ASSERT_TRUE(Until([&] { return server.connects > 0 && client.connects > 0; }));
  EXPECT_FALSE(client.failed());
}

TEST_F(TlsTest, WritesBeforeTheHandshakeWaitForIt) {
  int fds[2];
  SocketPair(fds);
  End server, client;
  Wrap(loop(), fds[0], ServerOptions(), &server);
  Wrap(loop(), fds[1], ClientOptions(), &client);
  client.Send("early");
  EXPECT_EQ(client.stream->queued(), 5u);
  client.stream->Shutdown();
  server.tls()->Start();
  client.tls()->Start();
  server.stream->Resume();
  ASSERT_TRUE(Until([&] { return server.ended; }));
  EXPECT_EQ(server.received, "early");
  EXPECT_FALSE(server.tls()->truncated());
  EXPECT_EQ(client.drains, 1);
}

TEST_F(TlsTest, TlsRunsOverTls) {
  TlsPair outer(loop());
  ASSERT_TRUE(Until([&] { return Done(outer); }));
  End server, client;
  Error error;
  auto wrap = [&](End& lower, End& end, const TlsOptions& options) {
    auto stream =
        TlsStream::Wrap(lower.stream, std::make_shared<TlsOptions>(options), &end, &end, &error);
    ASSERT_TRUE(stream);
    end.stream = Ref<Stream>(stream.get());
    stream->Start();
    stream->Resume();
  };
  wrap(outer.server, server, ServerOptions());
  wrap(outer.client, client, ClientOptions());
  ASSERT_TRUE(Until([&] { return server.connects > 0 && client.connects > 0; }));
  ASSERT_FALSE(client.failed()) << client.error.message();
  std::string data = Pattern(300'000);
  client.Send(data);
  ASSERT_TRUE(Until([&] { return server.received.size() == data.size(); }));
  EXPECT_EQ(server.received, data);
}

TEST_F(TlsTest, ManyHandshakesAtOnceAllFinish) {
  std::vector<std::unique_ptr<TlsPair>> pairs;
  for (int i = 0; i < 100; ++i) pairs.push_back(std::make_unique<TlsPair>(loop()));
  ASSERT_TRUE(Until([&] {
    for (auto& pair : pairs)
      if (!Done(*pair)) return false;
    return true;
  }));
  for (auto& pair : pairs) EXPECT_TRUE(pair->secure());
}

TEST_F(TlsTest, AHandlerMayCloseInEveryCallback) {
  for (int at = 0; at < 4; ++at) {
    TlsPair pair(loop());
    bool closed = false;
    auto close = [&] {
      pair.server.stream->Close();
      pair.server.stream = nullptr;
      closed = true;
    };
    if (at == 0) pair.server.on_connect = close;
    if (at == 1) pair.server.on_data = close;
    if (at == 2) pair.server.on_end = close;
    if (at == 3)
      pair.client.on_connect = [&] {
        pair.client.stream->Close();
        close();
      };
    pair.client.Send(std::string(100'000, 'x'));
    pair.client.stream->Shutdown();
    ASSERT_TRUE(Until([&] { return closed; }));
    Settle();
  }
}

TEST_F(TlsTest, TheLoopsEndClosesEverything) {
  auto pair = std::make_unique<TlsPair>(loop());
  Settle();
  EndLoop();
  EXPECT_TRUE(pair->server.stream->closed());
}

}  // namespace
}  // namespace sluice::test
