// An echo server on the C++ library, to set beside limit_echo_tls.
//   echo_tls CERT KEY   prints "port N", then serves until it is killed
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "sluice/server.h"
#include "sluice/tls.h"

namespace {

std::string File(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Server final : public sluice::ListenHandler, public sluice::StreamHandler {
 public:
  explicit Server(std::shared_ptr<const sluice::TlsOptions> options)
      : options_(std::move(options)) {}
  void OnAccept(sluice::Listener& listener, int fd, const sluice::Address&) override {
    auto socket = sluice::Socket::Adopt(listener.loop(), fd, this);
    socket->SetNoDelay(true);
    sluice::Error error;
    auto stream = sluice::TlsStream::Wrap(sluice::Ref<sluice::Stream>(socket.get()), options_, this,
                                          nullptr, &error);
    if (!stream) {
      socket->Close();
      return;
    }
    stream->Start();
    stream->Resume();
  }
  void OnData(sluice::Stream& stream, std::span<uint8_t> data) override {
    if (!stream.Write(data)) stream.Pause();
  }
  void OnDrain(sluice::Stream& stream) override { stream.Resume(); }
  void OnEnd(sluice::Stream& stream) override { stream.Shutdown(); }
  void OnShutdown(sluice::Stream& stream) override { stream.Close(); }
  void OnError(sluice::Stream&, const sluice::Error&) override {}

 private:
  std::shared_ptr<const sluice::TlsOptions> options_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 1;
  signal(SIGPIPE, SIG_IGN);
  sluice::Error error;
  sluice::TlsContextOptions settings;
  settings.certificates = {File(argv[1])};
  settings.keys = {{File(argv[2]), ""}};
  auto options = std::make_shared<sluice::TlsOptions>();
  options->server = true;
  options->context = sluice::TlsContext::Create(settings, &error);
  if (!options->context) {
    std::fprintf(stderr, "%s\n", error.message().c_str());
    return 1;
  }
  sluice::Loop loop;
  Server server(options);
  auto listener = sluice::Listener::Listen(loop, *sluice::Address::Ip("127.0.0.1", 0),
                                           {.backlog = 4096}, &server, &error);
  if (!listener) return 1;
  std::printf("port %d\n", listener->LocalAddress().port());
  std::fflush(stdout);
  listener->Start();
  loop.Run();
}
