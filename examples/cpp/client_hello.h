// Reads the server's name from the first bytes of a TLS connection (RFC 8446 4.1.2, RFC 6066 3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Reader takes numbers and blocks from bytes; once they ran out, ok is false and the rest empty.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool empty() const { return bytes_.empty(); }
  std::span<const uint8_t> Bytes(size_t size) {
    if (size > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  size_t Number(size_t size) {
    size_t value = 0;
    for (uint8_t byte : Bytes(size)) value = value << 8 | byte;
    return value;
  }
  // Block takes a length of so many bytes, and as many bytes as it says.
  Reader Block(size_t size) { return Reader(Bytes(Number(size))); }

 private:
  std::span<const uint8_t> bytes_;
  bool ok_ = true;
};

// ClientHello collects a connection's first bytes until they tell the name.
class ClientHello {
 public:
  enum class State { kMore, kDone, kBad };
  static constexpr size_t kMaxSize = 64 * 1024;

  // Add takes what arrived; kDone: name() is known, "" if the client asks for none.
  State Add(std::span<const uint8_t> data) {
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    // The message may come in several records.
    std::vector<uint8_t> message;
    Reader records(bytes_);
    while (true) {
      size_t type = records.Number(1);
      records.Number(2);
      auto body = records.Bytes(records.Number(2));
      if (!records.ok()) break;
      if (type != 22) return State::kBad;
      message.insert(message.end(), body.begin(), body.end());
    }
    if (!bytes_.empty() && bytes_[0] != 22) return State::kBad;
    Reader reader(message);
    size_t type = reader.Number(1);
    Reader hello = reader.Block(3);
    if (!reader.ok()) return bytes_.size() < kMaxSize ? State::kMore : State::kBad;
    return type == 1 && FindName(hello) ? State::kDone : State::kBad;
  }

  const std::string& name() const { return name_; }
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  bool FindName(Reader hello) {
    hello.Bytes(2 + 32);  // version, random
    hello.Block(1);       // session
    hello.Block(2);       // cipher suites
    hello.Block(1);       // compression methods
    if (!hello.ok() || hello.empty()) return hello.ok();
    Reader extensions = hello.Block(2);
    while (extensions.ok() && !extensions.empty()) {
      size_t type = extensions.Number(2);
      Reader body = extensions.Block(2);
      if (type != 0) continue;
      Reader names = body.Block(2);
      if (names.Number(1) != 0) return false;
      auto name = names.Bytes(names.Number(2));
      name_.assign(name.begin(), name.end());
      std::transform(name_.begin(), name_.end(), name_.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
      });
      return names.ok();
    }
    return extensions.ok();
  }

  std::vector<uint8_t> bytes_;
  std::string name_;
};
