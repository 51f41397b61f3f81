// An echo server and a client that talks to it, on one loop in one thread.
#include <sluice/server.h>

#include <cstdio>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

namespace {

using sluice::Address;
using sluice::Error;
using sluice::Listener;
using sluice::Loop;
using sluice::Socket;
using sluice::Stream;

std::string_view Text(std::span<const uint8_t> data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

void Say(std::string_view who, std::string_view text) {
  std::printf("%.*s: %.*s\n", static_cast<int>(who.size()), who.data(),
              static_cast<int>(text.size()), text.data());
}

// One handler serves all connections: what a connection needs to remember would go into a record
// of the program's own, found by stream.tag.
class Server : public sluice::ListenHandler, public sluice::StreamHandler {
 public:
  void OnAccept(Listener& listener, int fd, const Address&) override {
    Socket::Adopt(listener.loop(), fd, this)->Resume();
  }
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    Say("server", Text(data));
    // A client that does not read its echo is not read from either.
    if (!stream.Write(data)) stream.Pause();
  }
  void OnDrain(Stream& stream) override { stream.Resume(); }
  void OnEnd(Stream& stream) override { stream.Shutdown(); }  // after what is still queued
  void OnShutdown(Stream& stream) override { stream.Close(); }
  void OnError(Stream&, const Error& error) override { Say("server", error.message()); }
};

// The client says its lines one after the other, each when the last one came back.
class Client : public sluice::StreamHandler {
 public:
  void OnConnect(Stream& stream, const Error& error) override {
    if (error) return Say("client", error.message());
    stream.Resume();
    stream.Write(kLines[0]);
  }
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    echoed_ += Text(data);
    if (echoed_ != kLines[line_]) return;  // TCP may deliver a line in pieces
    Say("client", echoed_);
    echoed_.clear();
    if (++line_ < std::size(kLines)) {
      stream.Write(kLines[line_]);
    } else {
      stream.Shutdown();
    }
  }
  void OnEnd(Stream& stream) override { stream.Close(); }
  void OnError(Stream&, const Error& error) override { Say("client", error.message()); }

  bool finished() const { return line_ == std::size(kLines); }

 private:
  static constexpr std::string_view kLines[] = {"hello", "how are you?", "goodbye"};
  size_t line_ = 0;
  std::string echoed_;
};

}  // namespace

int main() {
  Server server;  // handlers live longer than the loop with their connections
  Client client;
  Loop loop;
  Error error;

  auto listener = Listener::Listen(loop, *Address::Ip("127.0.0.1", 0), {}, &server, &error);
  if (!listener) {
    Say("listen", error.message());
    return 1;
  }
  listener->Start();
  listener->SetRef(false);  // the loop runs for the conversation, not for the server

  auto socket = Socket::Connect(loop, listener->LocalAddress(), nullptr, &client, &error);
  if (!socket) {
    Say("connect", error.message());
    return 1;
  }
  loop.Run();
  return client.finished() ? 0 : 1;
}
