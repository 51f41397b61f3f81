// What programs may do and should not: each is an error of one call or connection.
#include "peers.h"

namespace sluice::test {
namespace {

class TlsMisuse : public LoopTest {
 protected:
  // The detail of the failure of a stream with these options.
  std::string Refusal(const TlsOptions& options) {
    Pair pair = UnixPair();
    End end;
    Error error;
    auto lower = Socket::Adopt(loop(), pair.ours.Take(), &end);
    auto stream = TlsStream::Wrap(Ref<Stream>(lower.get()), std::make_shared<TlsOptions>(options),
                                  &end, &end, &error);
    EXPECT_FALSE(stream);
    EXPECT_EQ(error.code(), "ERR_TLS_INVALID_OPTION");
    EXPECT_FALSE(lower->closed());
    lower->Close();
    return error.detail;
  }
};

TEST_F(TlsMisuse, ProtocolsThatAreNotEncodedAreAnErrorOfTheCall) {
  for (TlsOptions options : {ServerOptions(), ClientOptions()})
    for (const std::string& alpn :
         {std::string("h2"), std::string("\x02h2\0", 4), std::string("\x03h2")}) {
      options.alpn = alpn;
      EXPECT_EQ(Refusal(options), "alpn is not what EncodeAlpn() returns");
    }
}

TEST_F(TlsMisuse, ANullByteInATextIsAnErrorOfTheCall) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  server.psk = true;
  server.psk_hint = std::string("a\0b", 3);
  EXPECT_EQ(Refusal(server), "psk_hint has a null byte");
  client.server_name = std::string("a\0b", 3);
  EXPECT_EQ(Refusal(client), "server_name is no host name");
}

// One end of a pair that knows a key, and does something else when it is asked.
class Keyed final : public StreamHandler, public TlsHandler {
 public:
  ~Keyed() {
    if (stream) stream->Close();
  }
  void OnConnect(Stream&, const Error& error) override { told.push_back(error.code()); }
  void OnData(Stream&, std::span<uint8_t>) override {}
  void OnEnd(Stream&) override {}
  void OnError(Stream&, const Error& error) override { told.push_back(error.code()); }
  bool OnPsk(TlsStream&, const char*, PreSharedKey* key) override {
    ++asked;
    *key = {identity, std::vector<uint8_t>(32, 7)};
    if (on_ask) on_ask();
    return true;
  }
  Ref<TlsStream> stream;
  std::string identity = "it";
  std::vector<std::string> told;
  std::function<void()> on_ask;
  int asked = 0;
};

class TlsKey : public LoopTest, public testing::WithParamInterface<int> {
 protected:
  void Open() {
    Pair pair = UnixPair();
    OpenEnd(server, pair.ours.Take(), true);
    OpenEnd(client, pair.peer.Take(), false);
  }
  void OpenEnd(Keyed& end, int fd, bool is_server) {
    TlsContextOptions context;
    context.max_version = GetParam();
    context.ciphers = "PSK-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256";
    auto options = std::make_shared<TlsOptions>();
    options->server = is_server;
    options->context = MakeContext(context);
    options->psk = true;
    Error error;
    end.stream = TlsStream::Wrap(Ref<Stream>(Socket::Adopt(loop(), fd, &end).get()), options, &end,
                                 &end, &error);
    ASSERT_TRUE(end.stream) << error.message();
    end.stream->Resume();
    end.stream->Start();
  }
  Keyed server, client;
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsKey, testing::Values(0x0303, 0x0304),
                         [](const auto& each) { return each.param == 0x0303 ? "Tls12" : "Tls13"; });

TEST_P(TlsKey, BothEndsThatKnowItConnect) {
  Open();
  ASSERT_TRUE(Until([&] { return !server.told.empty() && !client.told.empty(); }));
  EXPECT_TRUE(server.stream->secure() && client.stream->secure()) << server.told[0];
}

TEST_P(TlsKey, AHandlerThatIsAskedForItMayCloseTheStream) {
  for (Keyed* closing : {&server, &client}) {
    closing->on_ask = [closing] {
      closing->stream->Close();
      closing->stream = nullptr;
    };
    Keyed& other = closing == &server ? client : server;
    Open();
    ASSERT_TRUE(Until([&] { return !closing->stream && !other.told.empty(); }));
    Settle();
    EXPECT_TRUE(closing->told.empty());
    EXPECT_TRUE(other.stream->closed());
    closing->on_ask = nullptr;
    other.told.clear();
  }
}

TEST_P(TlsKey, AnIdentityWithANullByteIsNoKey) {
  client.identity = std::string("i\0t", 3);
  Open();
  ASSERT_TRUE(Until([&] { return !server.told.empty() && !client.told.empty(); }));
  EXPECT_FALSE(client.stream->secure());
}

TEST_F(TlsMisuse, AHandlerWithoutMemoryForWhatArrivesFailsTheStream) {
  class NoMemory final : public Recorder {
   public:
    std::span<uint8_t> OnBuffer(Stream&, size_t) override { return {}; }
  };
  NoMemory handler;
  TlsPair pair(loop());
  ASSERT_TRUE(Until([&] { return pair.connected(); }));
  pair.server.stream->set_handler(&handler);
  pair.client.Send("hello");
  ASSERT_TRUE(Until([&] { return pair.server.stream->closed(); }));
  EXPECT_THAT(handler.events, testing::ElementsAre("read ENOBUFS"));
}

TEST_F(TlsMisuse, NoMoreKeyingMaterialIsMadeThanItsMost) {
  TlsPair pair(loop());
  ASSERT_TRUE(Until([&] { return pair.connected(); }));
  EXPECT_FALSE(pair.client.tls()->ExportKeyingMaterial(~size_t{0}, "EXPORTER-test", std::nullopt));
}

// Every member, at times that it is not for.
void CallAll(TlsStream& tls) {
  tls.Choose(nullptr);
  tls.ChooseProtocol("h2");
  EXPECT_FALSE(tls.GiveSession({}));
  EXPECT_FALSE(tls.SetSession({}));
  tls.SetMaxFragment(0);
  EXPECT_FALSE(tls.SetServerName(std::string("a\0b", 3)));
  const uint8_t byte = 1;
  tls.TryWrite({&byte, 1});
  tls.Resume();
  tls.Pause();
  tls.SetIdleTimeout(~uint64_t{0});
  tls.SetRef(false);
  tls.LocalAddress();
  tls.PeerAddress();
  tls.protocol();
  tls.cipher();
  tls.alpn();
  tls.server_name();
  tls.session_reused();
  tls.session();
  tls.tls_ticket();
  tls.finished();
  tls.peer_finished();
  tls.ExportKeyingMaterial(1, "EXPORTER-test", std::nullopt);
  tls.shared_signature_algorithms();
  tls.ephemeral_key();
  tls.asks_ocsp();
  tls.ocsp_response();
  tls.peer_certificates();
  tls.own_certificate();
  tls.verify_error();
  tls.queued();
  tls.knows_more();
}

TEST_F(TlsMisuse, EveryMemberMayBeCalledBeforeTheStartAndAfterTheEnd) {
  for (TlsOptions options : {ServerOptions(), ClientOptions()}) {
    Pair pair = TcpPair();
    End end;
    Ref<TlsStream> tls = Wrap(loop(), pair.ours.Take(), options, &end);
    CallAll(*tls);
    tls->Shutdown();
    tls->Start();
    tls->Start();
    CallAll(*tls);
    tls->Close();
    tls->Start();
    tls->Shutdown();
    tls->Close();
    tls->Reset();
    EXPECT_FALSE(tls->Write("x"));
    CallAll(*tls);
    EXPECT_EQ(end.connects, 0);
    Settle();
  }
}

}  // namespace
}  // namespace sluice::test
