// A peer that sends messages of TLS 1.3 after the handshake, one after the other.
#include <fcntl.h>
#include <openssl/ssl.h>

#include <thread>

#include "peers.h"

namespace sluice::test {
namespace {

class KeyUpdateTest : public LoopTest {
 protected:
  // Connects OpenSSL's client, over the other end of a pair of sockets with small buffers.
  void Connect() {
    int fds[2];
    SocketPair(fds, 4096);
    fd_ = Descriptor(fds[1]);
    int flags = fcntl(fds[1], F_GETFL);
    fcntl(fds[1], F_SETFL, flags & ~O_NONBLOCK);
    Wrap(loop(), fds[0], ServerOptions(), &server_);
    server_.tls()->Start();
    server_.stream->Resume();
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context_, TLS1_3_VERSION);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_.get());
    int result = 0;
    std::thread client([&] { result = SSL_connect(ssl_); });
    EXPECT_TRUE(Until([&] { return server_.connects > 0; }));
    client.join();
    EXPECT_EQ(result, 1);
  }
  ~KeyUpdateTest() override {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    if (server_.stream) server_.stream->Close();
    server_.stream = {};
  }

  // The records of count KeyUpdates, and of text behind them.
  std::string Updates(int count, int kind, std::string_view text) {
    BIO* memory = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_, memory);
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(SSL_key_update(ssl_, kind), 1);
      EXPECT_EQ(SSL_do_handshake(ssl_), 1);
    }
    if (!text.empty()) {
      EXPECT_GT(SSL_write(ssl_, text.data(), static_cast<int>(text.size())), 0);
    }
    char* data = nullptr;
    long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<size_t>(size)};
  }

  Descriptor fd_;
  End server_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
};

TEST_F(KeyUpdateTest, MessagesWithoutBytesLeaveTurnsToOthers) {
  Connect();
  std::string records = Updates(2000, SSL_KEY_UPDATE_NOT_REQUESTED, "after");
  std::thread client([&] { fd_.Send(records); });
  int turns = 0;
  EXPECT_TRUE(Until([&] {
    ++turns;
    return server_.received == "after" || server_.failed();
  }));
  client.join();
  EXPECT_EQ(server_.received, "after");
  EXPECT_GE(turns, 2000 / 16);
}

TEST_F(KeyUpdateTest, APeerThatReadsNoAnswersIsEnded) {
  Connect();
  std::string records = Updates(10000, SSL_KEY_UPDATE_REQUESTED, "");
  std::thread client(
      [&] { (void)::send(fd_.get(), records.data(), records.size(), MSG_NOSIGNAL); });
  EXPECT_TRUE(Until([&] { return server_.errors > 0; }));
  EXPECT_EQ(server_.error.code(), "ERR_TLS_UNREAD_REPLIES");
  client.join();
}

TEST_F(KeyUpdateTest, APeerThatReadsTheAnswersGoesOn) {
  Connect();
  std::string records = Updates(10000, SSL_KEY_UPDATE_REQUESTED, "after");
  std::thread client([&] {  // reads an answer to each of a hundred before it sends more
    constexpr size_t kPiece = size_t{100} * 27;
    char buffer[4096];
    size_t sent = 0;
    size_t read = 0;
    for (; sent + kPiece <= records.size(); sent += kPiece) {
      fd_.Send(std::string_view(records).substr(sent, kPiece));
      while (read < sent + kPiece) {
        ssize_t count = ::recv(fd_.get(), buffer, sizeof buffer, 0);
        if (count <= 0) return;
        read += static_cast<size_t>(count);
      }
    }
    fd_.Send(std::string_view(records).substr(sent));
  });
  EXPECT_TRUE(Until([&] { return server_.received == "after" || server_.failed(); }));
  EXPECT_EQ(server_.received, "after");
  server_.stream->Close();
  client.join();
}

}  // namespace
}  // namespace sluice::test
