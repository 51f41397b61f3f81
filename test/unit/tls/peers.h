// Two ends of TLS in one loop, and what they heard.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "certificates.h"
#include "sluice/loop.h"
#include "sluice/socket.h"
#include "sluice/tls.h"
#include "support.h"

namespace sluice::test {

// End is the owner of one stream: it records all that it hears.
class End final : public StreamHandler, public TlsHandler {
 public:
  ~End() {
    if (stream) stream->Close();
  }
  void OnConnect(Stream&, const Error& failure) override {
    ++connects;
    error = failure;
    if (on_connect) on_connect();
  }
  void OnData(Stream&, std::span<uint8_t> data) override {
    received.append(reinterpret_cast<const char*>(data.data()), data.size());
    if (on_data) on_data();
  }
  void OnEnd(Stream&) override {
    ended = true;
    if (on_end) on_end();
  }
  void OnDrain(Stream&) override {
    ++drains;
    if (on_drain) on_drain();
  }
  void OnShutdown(Stream&) override { shutdown = true; }
  void OnError(Stream&, const Error& failure) override {
    ++errors;
    error = failure;
  }
  void OnKeylog(TlsStream&, std::string_view line) override { keylog.emplace_back(line); }
  void OnSession(TlsStream&, std::span<const uint8_t> der) override {
    sessions.emplace_back(der.begin(), der.end());
  }
  void OnHello(TlsStream& tls, const std::string& name) override {
    hello = name;
    ++hellos;
    if (on_hello) on_hello(tls);
  }

  TlsStream* tls() const { return static_cast<TlsStream*>(stream.get()); }
  bool failed() const { return static_cast<bool>(error); }
  void Send(const std::string& text) {
    stream->Write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }

  Ref<Stream> stream;
  std::string received;
  std::string hello;
  Error error;
  std::vector<std::string> keylog;
  std::vector<std::vector<uint8_t>> sessions;
  int connects = 0, errors = 0, drains = 0, hellos = 0;
  bool ended = false, shutdown = false;
  std::function<void()> on_connect, on_data, on_end, on_drain;
  std::function<void(TlsStream&)> on_hello;
};

std::shared_ptr<const TlsContext> MakeContext(const TlsContextOptions& options);
std::shared_ptr<const TlsContext> ContextOf(const Identity& identity,
                                            TlsContextOptions options = {});
// A client's context that trusts Authority().
std::shared_ptr<const TlsContext> TrustingContext(TlsContextOptions options = {});
TlsOptions ServerOptions();
TlsOptions ClientOptions();

// TlsPair is a server and a client over a socket pair, both resumed and started.
struct TlsPair {
  explicit TlsPair(Loop& loop, TlsOptions server_options = ServerOptions(),
                   TlsOptions client_options = ClientOptions(), std::vector<uint8_t> session = {});
  bool connected() const { return server.connects > 0 && client.connects > 0; }
  bool secure() const { return connected() && !server.failed() && !client.failed(); }
  End server;
  End client;
};

Ref<TlsStream> Wrap(Loop& loop, int fd, const TlsOptions& options, End* end);
// Two connected stream sockets, with small kernel buffers if asked.
void SocketPair(int fds[2], int buffer_size = 0);
std::string Pattern(size_t size);

}  // namespace sluice::test
