// A store that clients speak to in lines, as many simple protocols have them:
//   PING text     → PONG text
//   SET key value → OK
//   GET key       → VALUE value, or NONE
//   DEL key       → OK, or NONE
// Any other line is answered by ERROR and the reason. Several lines may be sent at once. Prints
// "port N". examples/line-protocol.js is the same program in JavaScript.
#include <sluice/server.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

using sluice::Error;
using sluice::Stream;

using Store = std::unordered_map<std::string, std::string>;

// Cut returns text up to the first space, and takes it and the space away.
std::string_view Cut(std::string_view& text) {
  size_t space = text.find(' ');
  std::string_view first = text.substr(0, space);
  text = space == text.npos ? std::string_view() : text.substr(space + 1);
  return first;
}

// Answer appends the answer to one line.
void Answer(std::string_view line, Store& store, std::string& out) {
  std::string_view command = Cut(line);
  if (command == "PING") {
    out.append("PONG ").append(line);
  } else if (command == "SET") {
    std::string key(Cut(line));
    store[key] = line;
    out.append("OK");
  } else if (command == "GET") {
    auto found = store.find(std::string(line));
    if (found == store.end())
      out.append("NONE");
    else
      out.append("VALUE ").append(found->second);
  } else if (command == "DEL") {
    out.append(store.erase(std::string(line)) > 0 ? "OK" : "NONE");
  } else {
    out.append("ERROR unknown command ").append(command);
  }
  out.push_back('\n');
}

// Client is one connection: it cuts what arrives into lines. It ends itself.
class Client final : public sluice::StreamHandler {
 public:
  explicit Client(Store& store) : store_(store) {}

  void OnData(Stream& stream, std::span<uint8_t> data) override {
    std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
    std::string answers;
    for (size_t end; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
      std::string_view line = text.substr(0, end);
      if (!rest_.empty()) line = rest_.append(line);
      if (line.ends_with('\r')) line.remove_suffix(1);
      Answer(line, store_, answers);
      rest_.clear();
    }
    rest_.append(text);
    // Who sends no end of a line, or reads no answers, does not fill the memory.
    if (rest_.size() > kMaxLine) return End(stream);
    if (!answers.empty() && !stream.Write(answers)) stream.Pause();
  }
  void OnDrain(Stream& stream) override { stream.Resume(); }
  void OnEnd(Stream& stream) override { stream.Shutdown(); }
  void OnShutdown(Stream& stream) override { End(stream); }
  void OnError(Stream&, const Error&) override { delete this; }

 private:
  static constexpr size_t kMaxLine = 64 * 1024;

  void End(Stream& stream) {
    stream.Close();
    delete this;
  }

  Store& store_;
  std::string rest_;  // of a line whose end did not come yet
};

class Server final : public sluice::ListenHandler {
 public:
  void OnAccept(sluice::Listener& listener, int fd, const sluice::Address&) override {
    auto socket = sluice::Socket::Adopt(listener.loop(), fd, new Client(store_));
    socket->SetNoDelay(true);
    socket->Resume();
  }

 private:
  Store store_;
};

}  // namespace

int main() {
  Server server;  // outlives the loop with its connections
  sluice::Loop loop;
  Error error;
  auto listener =
      sluice::Listener::Listen(loop, *sluice::Address::Ip("127.0.0.1", 0), {}, &server, &error);
  if (!listener) {
    std::fprintf(stderr, "line_protocol: %s\n", error.message().c_str());
    return 1;
  }
  listener->Start();
  std::printf("port %d\n", listener->LocalAddress().port());
  std::fflush(stdout);
  loop.Run();
}
