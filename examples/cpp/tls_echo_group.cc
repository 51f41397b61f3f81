// An echo server over TLS on several threads, with a certificate for each name that clients ask
// for.
//   tls_echo_group THREADS CERT KEY [NAME CERT KEY]…
// CERT and KEY are files in PEM; the first pair is for clients that ask for no name or another one.
// Prints "port N". SIGTERM has it leave: clients have 30 s. examples/tls-echo-group.js is the same
// program in JavaScript.
#include <sluice/group.h>
#include <sluice/tls.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

namespace {

using sluice::Error;
using sluice::GroupThread;
using sluice::Stream;
using sluice::TlsOptions;

// Echo is one thread's part: it serves all connections of its thread.
class Echo final : public sluice::GroupHandler, public sluice::StreamHandler {
 public:
  explicit Echo(std::shared_ptr<const TlsOptions> options) : options_(std::move(options)) {}

  void OnConnection(GroupThread& thread, int fd, const sluice::Address& peer) override {
    auto socket = sluice::Socket::Adopt(thread.loop(), fd, this, &peer);
    socket->SetNoDelay(true);
    Error error;
    auto stream = sluice::TlsStream::Wrap(socket, options_, this, nullptr, &error);
    if (!stream) {
      std::fprintf(stderr, "%s\n", error.message().c_str());
      socket->Close();
      return;
    }
    stream->Start();
    stream->Resume();
  }
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    // A client that does not read its echo is not read from either.
    if (!stream.Write(data)) stream.Pause();
  }
  void OnDrain(Stream& stream) override { stream.Resume(); }
  void OnEnd(Stream& stream) override { stream.Shutdown(); }  // after what is still queued
  void OnShutdown(Stream& stream) override { stream.Close(); }
  void OnError(Stream&, const Error&) override {}

 private:
  std::shared_ptr<const TlsOptions> options_;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "tls_echo_group: %s\n", what.c_str());
  std::exit(1);
}

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const sluice::TlsContext> Context(const char* certificate, const char* key) {
  sluice::TlsContextOptions options;
  options.certificates.push_back(ReadFile(certificate));
  options.keys.push_back({ReadFile(key), ""});
  Error error;
  auto context = sluice::TlsContext::Create(options, &error);
  if (!context) Fail(std::string(certificate) + ": " + error.message());
  return context;
}

// Calls leave on loop's thread at SIGTERM. Before other threads are started.
void OnTerminate(sluice::Loop& loop, std::function<void()> leave) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, mailbox = loop.mailbox(), leave = std::move(leave)] {
    for (int number; sigwait(&signals, &number) == 0;) mailbox->Post(leave);
  }).detach();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc % 3 != 1) Fail("THREADS CERT KEY [NAME CERT KEY]…");
  auto certificates = std::make_shared<sluice::CertificateStore>();
  for (int i = 4; i < argc; i += 3) {
    if (!certificates->Set(argv[i], Context(argv[i + 1], argv[i + 2])))
      Fail(std::string("no server's name: ") + argv[i]);
  }
  auto options = std::make_shared<TlsOptions>();
  options->server = true;
  options->context = Context(argv[2], argv[3]);
  options->certificates = certificates;

  sluice::GroupOptions group_options;
  group_options.threads = std::atoi(argv[1]);
  std::unique_ptr<sluice::ServerGroup> group;
  sluice::Loop loop;
  Error error;
  OnTerminate(loop, [&] {
    sluice::DrainOptions leave;
    leave.deadline = 30'000;
    (void)group->Drain(leave, nullptr, &error);
  });
  group = sluice::ServerGroup::Open(
      loop, *sluice::Address::Ip("127.0.0.1", 0), group_options,
      [&](GroupThread&) { return std::make_unique<Echo>(options); }, &error);
  if (!group) Fail(error.message());
  std::printf("port %d\n", group->LocalAddress().port());
  std::fflush(stdout);
  loop.Run();
}
