// Helpers of the unit tests: a loop with a check for leaked descriptors, connected pairs of real
// sockets, and a handler that notes what happens.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/switch.h"
#include "sluice/server.h"
#include "sluice/socket.h"

namespace sluice::test {

// The numbers of this process's descriptors, with what they are open on.
inline std::set<std::string> OpenDescriptors() {
  std::set<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    auto target = std::filesystem::read_symlink(entry.path(), error);
    // The directory that is being read shows itself.
    if (!error && target.string().find("/fd") == std::string::npos)
      result.insert(entry.path().filename().string() + " " + target.string());
  }
  return result;
}

// Plain TCP descriptors, blocking, for peers that the tests drive by hand.
inline int ListenDescriptor(Address* address, int backlog = 128) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  *address = *Address::Ip("127.0.0.1", 0);
  EXPECT_EQ(::bind(fd, address->data(), address->size()), 0);
  EXPECT_EQ(::listen(fd, backlog), 0);
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size), 0);
  *address = Address::From(reinterpret_cast<sockaddr*>(&storage), size);
  return fd;
}

inline int ConnectDescriptor(const Address& address) {
  int fd = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::connect(fd, address.data(), address.size()), 0);
  return fd;
}

// Descriptor closes what it holds at its end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }
  int get() const { return fd_; }
  int Take() { return std::exchange(fd_, -1); }
  void Close() {
    if (fd_ >= 0) ::close(Take());
  }
  // Closes so that a TCP peer gets RST.
  void Reset() {
    linger option{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &option, sizeof option);
    Close();
  }
  void Send(std::string_view text) const {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Waits for exactly size bytes, or fewer if the peer ends or fails.
  std::string Receive(size_t size) const {
    std::string data(size, '\0');
    size_t have = 0;
    while (have < size) {
      ssize_t count = ::recv(fd_, data.data() + have, size - have, 0);
      if (count <= 0) break;
      have += static_cast<size_t>(count);
    }
    data.resize(have);
    return data;
  }

  // Takes what is there now.
  std::string ReceiveSome() const {
    std::string data;
    std::vector<char> buffer(64 * 1024);
    for (ssize_t count; (count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;)
      data.append(buffer.data(), static_cast<size_t>(count));
    return data;
  }

 private:
  int fd_ = -1;
};

struct Pair {
  Descriptor ours, peer;
};

inline Pair TcpPair() {
  Address address;
  Descriptor listener(ListenDescriptor(&address));
  Descriptor ours(ConnectDescriptor(address));
  return {std::move(ours), Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC))};
}

inline Pair UnixPair() {
  int fds[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

inline std::string Text(std::span<const uint8_t> data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

// Recorder notes events by name; a function set for one runs in it.
class Recorder : public StreamHandler {
 public:
  void OnConnect(Stream& stream, const Error& error) override {
    Note(error ? "connect " + error.code() : "connect", stream, on_connect);
    last_error = error;
  }
  void OnData(Stream& stream, std::span<uint8_t> bytes) override {
    data += Text(bytes);
    ++reads;
    if (events.empty() || events.back() != "data") events.push_back("data");
    if (on_data) on_data(stream);
  }
  void OnEnd(Stream& stream) override { Note("end", stream, on_end); }
  void OnDrain(Stream& stream) override { Note("drain", stream, on_drain); }
  void OnShutdown(Stream& stream) override { Note("shutdown", stream, on_shutdown); }
  void OnIdle(Stream& stream) override { Note("idle", stream, on_idle); }
  Socket* OnCarry(Socket&) override {
    ++carries_asked;
    return carry_to;
  }
  void OnError(Stream& stream, const Error& error) override {
    last_error = error;
    Note(std::string(error.operation) + " " + error.code(), stream, on_error);
  }

  bool saw(std::string_view event) const { return count(event) > 0; }
  int count(std::string_view event) const {
    int result = 0;
    for (const auto& each : events) result += each == event ? 1 : 0;
    return result;
  }

  using Hook = std::function<void(Stream&)>;
  Hook on_connect, on_data, on_end, on_drain, on_shutdown, on_idle, on_error;
  std::vector<std::string> events;  // "data" once for reads in a row
  std::string data;
  int reads = 0;
  Error last_error;
  Socket* carry_to = nullptr;  // what OnCarry answers
  int carries_asked = 0;

 private:
  void Note(std::string event, Stream& stream, const Hook& hook) {
    events.push_back(std::move(event));
    if (hook) hook(stream);
  }
};

// What a test of a switched part begins with: skips it where the environment turns one of these
// off.
#define SLUICE_NEEDS(...)                    \
  for (const char* variable : {__VA_ARGS__}) \
    if (TurnedOff(variable)) GTEST_SKIP() << variable << "=0"

// LoopTest has a loop; at the end of each test nothing may be open that was not before.
class LoopTest : public testing::Test {
 protected:
  LoopTest() : before_(OpenDescriptors()) { loop_.emplace(); }
  ~LoopTest() override {
    EndLoop();
    EXPECT_EQ(OpenDescriptors(), before_) << "descriptors leaked";
  }

  Loop& loop() { return *loop_; }
  void EndLoop() { loop_.reset(); }

  // Turns the loop until condition holds; fails after a time no healthy test needs.
  testing::AssertionResult Until(const std::function<bool()>& condition) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline)
        return testing::AssertionFailure() << "did not happen in 30 s";
      loop().RunOnce(100);
      ++turns_;
    }
    return testing::AssertionSuccess();
  }
  // Turns the loop until everything that is ready now was dispatched.
  void Settle() {
    for (int i = 0; i < 4; ++i) {
      loop().RunOnce(0);
      ++turns_;
    }
  }

  // Counts the turns in which something ran, of n that do not wait.
  int BusyTurns(int n) {
    int busy = 0;
    for (int i = 0; i < n; ++i) busy += loop().RunOnce(0) ? 1 : 0;
    return busy;
  }

  int turns_ = 0;

 private:
  std::set<std::string> before_;
  std::optional<Loop> loop_;
};

// SocketTest has one Socket on a pair whose other end is a plain descriptor.
class SocketTest : public LoopTest {
 protected:
  ~SocketTest() override {
    if (socket) socket->Close();
    socket = nullptr;
    peer.Close();
  }
  void Open(Pair pair) {
    peer = std::move(pair.peer);
    socket = Socket::Adopt(loop(), pair.ours.Take(), &events);
  }
  void OpenTcp() { Open(TcpPair()); }

  Recorder events;
  Ref<Socket> socket;
  Descriptor peer;
};

}  // namespace sluice::test
