// Internal. The secrets of a TLS 1.3 connection that outlive its handshake (RFC 8446, section 7.1),
// as the provider derives them for OpenSSL, which does not tell them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice {

// TrafficSecrets are of one connection; wiped at their end.
class TrafficSecrets {
 public:
  static constexpr size_t kMost = 48;  // bytes of a digest

  TrafficSecrets() = default;
  TrafficSecrets(const TrafficSecrets&) = delete;
  TrafficSecrets& operator=(const TrafficSecrets&) = delete;
  ~TrafficSecrets();

  // Listening has the provider tell what the calling thread derives while it lives.
  class Listening {
   public:
    explicit Listening(TrafficSecrets* secrets);  // null: nobody listens
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening();

   private:
    TrafficSecrets* before_;
  };
  static TrafficSecrets* listener();
  // Note takes a secret over, if it is one of these.
  void Note(std::span<const uint8_t> label, std::span<const uint8_t> secret);

  // The bytes of each; none as long as it is not known, or has another length than the first.
  std::span<const uint8_t> client() const { return {client_, has_client_ ? size_ : 0}; }
  std::span<const uint8_t> server() const { return {server_, has_server_ ? size_ : 0}; }
  std::span<const uint8_t> exporter() const { return {exporter_, has_exporter_ ? size_ : 0}; }
  std::span<const uint8_t> resumption() const { return {resumption_, has_resumption_ ? size_ : 0}; }
  // Whether a side has changed its keys since: these secrets are those of before.
  bool outdated() const { return outdated_; }

 private:
  uint8_t client_[kMost] = {};
  uint8_t server_[kMost] = {};
  uint8_t exporter_[kMost] = {};
  uint8_t resumption_[kMost] = {};
  size_t size_ = 0;
  bool has_client_ = false;
  bool has_server_ = false;
  bool has_exporter_ = false;
  bool has_resumption_ = false;
  bool outdated_ = false;
};

}  // namespace sluice
