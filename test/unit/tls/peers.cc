#include "peers.h"

#include <fcntl.h>
#include <sys/socket.h>

namespace sluice::test {

std::shared_ptr<const TlsContext> MakeContext(const TlsContextOptions& options) {
  Error error;
  auto context = TlsContext::Create(options, &error);
  EXPECT_TRUE(context) << error.code() << " " << error.message();
  return context;
}

std::shared_ptr<const TlsContext> ContextOf(const Identity& identity, TlsContextOptions options) {
  options.certificates.push_back(identity.certificate_pem());
  options.keys.push_back({identity.key_pem(), ""});
  return MakeContext(options);
}

std::shared_ptr<const TlsContext> TrustingContext(TlsContextOptions options) {
  options.authorities.push_back(Authority().certificate_pem());
  return MakeContext(options);
}

TlsOptions ServerOptions() {
  static const auto context = ContextOf(Localhost());
  TlsOptions options;
  options.server = true;
  options.context = context;
  return options;
}

TlsOptions ClientOptions() {
  static const auto context = TrustingContext();
  TlsOptions options;
  options.context = context;
  options.server_name = "localhost";
  options.verify_name = "localhost";
  return options;
}

void SocketPair(int fds[2], int buffer_size) {
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
  for (int i = 0; i < 2 && buffer_size > 0; ++i) {
    setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size);
    setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size);
  }
}

Ref<TlsStream> Wrap(Loop& loop, int fd, const TlsOptions& options, End* end) {
  Error error;
  auto stream = TlsStream::Wrap(Ref<Stream>(Socket::Adopt(loop, fd, end).get()),
                                std::make_shared<TlsOptions>(options), end, end, &error);
  EXPECT_TRUE(stream) << error.message();
  if (stream) end->stream = Ref<Stream>(stream.get());
  return stream;
}

TlsPair::TlsPair(Loop& loop, TlsOptions server_options, TlsOptions client_options,
                 std::vector<uint8_t> session) {
  int fds[2] = {-1, -1};
  SocketPair(fds);
  Wrap(loop, fds[0], server_options, &server);
  Wrap(loop, fds[1], client_options, &client);
  if (!session.empty()) {
    EXPECT_TRUE(client.tls()->SetSession(session));
  }
  server.tls()->Start();
  client.tls()->Start();
  server.stream->Resume();
  client.stream->Resume();
}

std::string Pattern(size_t size) {
  std::string text(size, '\0');
  uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

}  // namespace sluice::test
