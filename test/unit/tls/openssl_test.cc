// The programs of OpenSSL as peers.
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "peers.h"
#include "sluice/server.h"

namespace sluice::test {
namespace {

class OpensslTest : public LoopTest, public testing::WithParamInterface<const char*> {
 protected:
  OpensslTest() {
    char name[] = "/tmp/sluice-tls-XXXXXX";
    folder_ = mkdtemp(name);
    Save("ca.pem", Authority().certificate_pem());
    Identity user({.common_name = "user"}, &Authority());
    Save("user.pem", user.certificate_pem() + user.key_pem());
    Save("server.pem", Localhost().certificate_pem() + Localhost().key_pem());
  }
  ~OpensslTest() override { std::filesystem::remove_all(folder_); }

  void Save(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }

  // Runs a shell command in the folder while the loop turns; each line goes to on_line on the
  // loop's thread. Returns all output.
  std::string Run(const std::string& command,
                  const std::function<void(const std::string&)>& on_line = {}) {
    std::string output;
    bool done = false;
    std::FILE* pipe = popen(("cd " + folder_ + " && { " + command + "; } 2>&1").c_str(), "re");
    std::thread reader([&, mailbox = loop().mailbox()] {
      char line[4096];
      while (std::fgets(line, sizeof line, pipe) != nullptr) {
        mailbox->Post([&, text = std::string(line)] {
          output += text;
          if (on_line) on_line(text);
        });
      }
      pclose(pipe);
      mailbox->Post([&] { done = true; });
    });
    EXPECT_TRUE(Until([&] { return done; }));
    reader.join();
    return output;
  }

  std::string folder_;
};

INSTANTIATE_TEST_SUITE_P(Versions, OpensslTest, testing::Values("-tls1_2", "-tls1_3"),
                         [](const auto& each) {
                           return std::string(each.param) == "-tls1_2" ? "Tls12" : "Tls13";
                         });

// Echoes what a client says and ends.
class EchoServer final : public ListenHandler {
 public:
  EchoServer(Loop& loop, const TlsOptions& options) : options_(options) {
    Error error;
    listener_ = Listener::Listen(loop, *Address::Ip("127.0.0.1", 0), {}, this, &error);
    listener_->Start();
  }
  ~EchoServer() { listener_->Close(); }
  std::string place() const { return listener_->LocalAddress().text(); }
  void OnAccept(Listener& listener, int fd, const Address&) override {
    ends.push_back(std::make_unique<End>());
    End* end = ends.back().get();
    Wrap(listener.loop(), fd, options_, end);
    end->on_data = [end] {
      end->stream->Write({reinterpret_cast<const uint8_t*>(end->received.data()) + echoed_,
                          end->received.size() - echoed_});
      echoed_ = end->received.size();
      end->stream->Shutdown();
    };
    end->on_end = [end] { end->stream->Shutdown(); };
    echoed_ = 0;
    end->tls()->Start();
    end->stream->Resume();
  }
  std::vector<std::unique_ptr<End>> ends;

 private:
  static inline size_t echoed_ = 0;
  TlsOptions options_;
  Ref<Listener> listener_;
};

TEST_P(OpensslTest, ClientGetsItsNamedCertificateProtocolAndEcho) {
  auto store = std::make_shared<CertificateStore>();
  Identity named({.common_name = "named", .alternative_names = "DNS:a.example"}, &Authority());
  ASSERT_TRUE(store->Set("*.example", ContextOf(named)));
  TlsOptions options = ServerOptions();
  options.certificates = store;
  options.alpn = EncodeAlpn({"mqtt"});
  EchoServer server(loop(), options);
  std::string output =
      Run("printf 'hello\\n' | openssl s_client -connect " + server.place() + " " + GetParam() +
          " -servername a.example -verify_hostname a.example -CAfile ca.pem "
          "-alpn mqtt -ign_eof");
  EXPECT_NE(output.find("Verify return code: 0 (ok)"), std::string::npos) << output;
  EXPECT_NE(output.find("ALPN protocol: mqtt"), std::string::npos) << output;
  EXPECT_THAT(output, testing::ContainsRegex("CN ?= ?named"));
  ASSERT_EQ(server.ends.size(), 1u);
  EXPECT_EQ(server.ends[0]->received, "hello\n");
  EXPECT_TRUE(Until([&] { return server.ends[0]->ended; }));
}

TEST_P(OpensslTest, ClientResumesItsSession) {
  EchoServer server(loop(), ServerOptions());
  std::string connect = " openssl s_client -connect " + server.place() + " " + GetParam() +
                        " -CAfile ca.pem -ign_eof ";
  Run("printf 'x\\n' |" + connect + "-sess_out session.pem");
  std::string output = Run("printf 'x\\n' |" + connect + "-sess_in session.pem");
  EXPECT_NE(output.find("Reused, TLSv1."), std::string::npos) << output;
  ASSERT_EQ(server.ends.size(), 2u);
}

TEST_P(OpensslTest, ClientWithACertificateIsKnown) {
  TlsContextOptions trusting;
  trusting.authorities = {Authority().certificate_pem()};
  TlsOptions options = ServerOptions();
  options.context = ContextOf(Localhost(), trusting);
  options.request_certificate = true;
  EchoServer server(loop(), options);
  std::string connect = "printf 'x\\n' | openssl s_client -connect " + server.place() + " " +
                        GetParam() + " -ign_eof ";
  Run(connect + "-cert user.pem -key user.pem");
  std::string refused = Run(connect);
  ASSERT_EQ(server.ends.size(), 2u);
  EXPECT_EQ(server.ends[0]->received, "x\n");
  EXPECT_EQ(server.ends[1]->error.code(), "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE");
}

TEST_P(OpensslTest, ClientThatRenegotiatesIsRefused) {
  if (std::string(GetParam()) != "-tls1_2") GTEST_SKIP() << "TLS 1.3 has no renegotiation";
  EchoServer server(loop(), ServerOptions());
  std::string output =
      Run("printf 'R\\n' | openssl "
          "s_client -connect " +
          server.place() + " -tls1_2 -CAfile ca.pem");
  EXPECT_NE(output.find("no renegotiation"), std::string::npos) << output;
}

TEST_P(OpensslTest, ServerIsReadAndWritten) {
  End client;
  std::string keylog;
  auto start = [&](const std::string& line) {
    size_t colon = line.rfind(':');
    if (line.rfind("ACCEPT", 0) != 0 || client.stream) return;
    auto port = static_cast<uint16_t>(std::stoi(line.substr(colon + 1)));
    Error error;
    auto socket =
        Socket::Connect(loop(), *Address::Ip("127.0.0.1", port), nullptr, &client, &error);
    ASSERT_TRUE(socket) << error.message();
    // The handshake is asked for before the connection is there.
    auto stream =
        TlsStream::Wrap(Ref<Stream>(socket.get()), std::make_shared<TlsOptions>(ClientOptions()),
                        &client, &client, &error);
    client.stream = Ref<Stream>(stream.get());
    stream->Start();
    stream->Resume();
    client.Send("hello\n");
    client.on_data = [&] { client.stream->Shutdown(); };
  };
  Run(std::string("openssl s_server -accept 127.0.0.1:0 -cert server.pem -key server.pem -rev "
                  "-naccept 1 ") +
          GetParam(),
      start);
  EXPECT_EQ(client.received, "olleh\n");
  EXPECT_TRUE(Until([&] { return client.ended; }));
  EXPECT_EQ(client.errors, 0);
}

}  // namespace
}  // namespace sluice::test
