// A proxy that reads which name a TLS client asks for and passes the connection on, still encrypted,
// to the server of that name.
//   sni_proxy NAME=HOST:PORT…        HOST is an IPv4 address; other names are refused
// Prints "port N". examples/sni-proxy.js is the same program in JavaScript.
#include <sluice/server.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "client_hello.h"

namespace {

using sluice::Address;
using sluice::Error;
using sluice::Ref;
using sluice::Socket;
using sluice::Stream;

using Backends = std::map<std::string, Address, std::less<>>;

// Link is a client's connection and, once its name is known, the one to its server. It ends itself.
class Link final : public sluice::StreamHandler {
 public:
  static void Start(sluice::Loop& loop, int fd, const Backends& backends) {
    auto* link = new Link(backends);
    link->client_ = Socket::Adopt(loop, fd, link);
    link->client_->SetNoDelay(true);
    link->client_->SetIdleTimeout(kHelloMs);
    link->client_->Resume();
  }

  void OnData(Stream& stream, std::span<uint8_t> data) override {
    if (!server_) return ReadHello(data);
    // Who sends faster than the other side reads has to wait.
    if (!Other(stream).Write(data)) stream.Pause();
  }
  void OnConnect(Stream&, const Error& error) override {
    if (error) return End();
    client_->SetIdleTimeout(0);
    server_->SetNoDelay(true);
    server_->Resume();
    if (server_->Write(hello_.bytes())) client_->Resume();
  }
  void OnDrain(Stream& stream) override { Other(stream).Resume(); }
  void OnEnd(Stream& stream) override {
    if (!server_) return End();
    Other(stream).Shutdown();
  }
  void OnShutdown(Stream&) override {
    if (++shut_ == 2) End();  // both sides have ended, and both know
  }
  void OnError(Stream&, const Error&) override { End(); }
  void OnIdle(Stream&) override { End(); }

 private:
  static constexpr uint64_t kHelloMs = 10'000;

  explicit Link(const Backends& backends) : backends_(backends) {}
  Stream& Other(Stream& stream) { return &stream == client_.get() ? *server_ : *client_; }

  void ReadHello(std::span<const uint8_t> data) {
    ClientHello::State state = hello_.Add(data);
    if (state == ClientHello::State::kMore) return;
    auto backend = backends_.find(hello_.name());
    if (state == ClientHello::State::kBad || backend == backends_.end()) return End();
    Error error;
    client_->Pause();  // until the server is there
    server_ = Socket::Connect(client_->loop(), backend->second, nullptr, this, &error);
    if (!server_) End();
  }

  void End() {
    client_->Close();
    if (server_) server_->Close();
    delete this;
  }

  const Backends& backends_;
  Ref<Socket> client_, server_;
  ClientHello hello_;
  int shut_ = 0;
};

class Proxy final : public sluice::ListenHandler {
 public:
  explicit Proxy(Backends backends) : backends_(std::move(backends)) {}
  void OnAccept(sluice::Listener& listener, int fd, const Address&) override {
    Link::Start(listener.loop(), fd, backends_);
  }

 private:
  Backends backends_;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "sni_proxy: %s\n", what.c_str());
  std::exit(1);
}

// Parses NAME=HOST:PORT.
void AddBackend(std::string_view text, Backends& backends) {
  size_t equals = text.find('='), colon = text.rfind(':');
  if (equals != text.npos && colon != text.npos && colon > equals) {
    int port = std::atoi(std::string(text.substr(colon + 1)).c_str());
    auto address = Address::Ip(text.substr(equals + 1, colon - equals - 1),
                               static_cast<uint16_t>(port));
    if (address && port > 0 && port < 65536) {
      backends[std::string(text.substr(0, equals))] = *address;
      return;
    }
  }
  Fail("NAME=HOST:PORT is expected, not '" + std::string(text) + "'");
}

}  // namespace

int main(int argc, char** argv) {
  Backends backends;
  for (int i = 1; i < argc; ++i) AddBackend(argv[i], backends);
  Proxy proxy(std::move(backends));  // outlives the loop with its connections
  sluice::Loop loop;
  Error error;
  auto listener =
      sluice::Listener::Listen(loop, *Address::Ip("127.0.0.1", 0), {}, &proxy, &error);
  if (!listener) Fail(error.message());
  listener->Start();
  std::printf("port %d\n", listener->LocalAddress().port());
  std::fflush(stdout);
  loop.Run();
}
