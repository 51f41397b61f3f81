// Internal. TLS 1.3 connections whose records are ours: OpenSSL makes the handshake, and its object,
// 13 KB of it, is freed when all is agreed. What it would have told later is kept.
//
// Only connections of which everything is known are handed over; on others OpenSSL stays: those of
// TLS 1.2, of other cipher suites, without the provider that tells their secrets, and any about which
// there is a doubt.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sluice/tls.h"
#include "tls/handles.h"
#include "tls/records.h"
#include "tls/tls_loop.h"
#include "tls/traffic_secrets.h"

namespace sluice {

// RecordCount counts records in a stream of bytes.
class RecordCount {
 public:
  void Add(std::span<const uint8_t> bytes);
  uint64_t count() const { return count_; }  // that began
  bool whole() const { return left_ == 0 && header_size_ == 0; }

 private:
  uint64_t count_ = 0;
  size_t left_ = 0;  // bytes of the present one after its header
  uint8_t header_[RecordCipher::kHeaderSize] = {};
  uint8_t header_size_ = 0;
};

// What is to be known of a connection before OpenSSL's object can go: the secrets, and how many
// records they have been used for.
struct TlsStream::Handover {
  explicit Handover(bool is_server) : server(is_server) {}
  // Records from where the application's keys of their direction are known on.
  void NoteSent(std::span<const uint8_t> bytes) {
    if (!sending().empty()) sent.Add(bytes);
  }
  void NoteReceived(std::span<const uint8_t> bytes) {
    if (!receiving().empty()) received.Add(bytes);
  }
  std::span<const uint8_t> sending() const {
    return server ? secrets.server() : secrets.client();
  }
  std::span<const uint8_t> receiving() const {
    return server ? secrets.client() : secrets.server();
  }

  TrafficSecrets secrets;
  RecordCount sent;
  RecordCount received;
  bool server;
};

// The algorithms of signatures that both ends have, as pairs of OpenSSL's numbers.
TlsLoop::SignatureAlgorithms SignatureAlgorithmsOf(SSL* ssl);

// What a connection is made of once OpenSSL's object is gone.
struct TlsStream::Established {
  explicit Established(const TlsRecords::State& state) : records(state), suite(state.suite) {}
  ~Established();

  // Bytes that are opened and that the handler's buffer had no room for, from a place on.
  struct Rest {
    std::vector<uint8_t> bytes;
    size_t used = 0;
  };
  size_t rest_size() const { return rest ? rest->bytes.size() - rest->used : 0; }

  TlsRecords records;
  std::unique_ptr<Rest> rest;
  bool peer_ended = false;  // by close_notify

  // What the connection tells; see TlsStream.
  RecordSuite suite;
  bool reused = false;
  bool asks_ocsp = false;
  int verified = 0;  // X509_V_ERR_* of verify_error(), or 0
  int group = 0;     // as SSL_get_negotiated_group()
  const SSL_CIPHER* cipher = nullptr;
  SessionPtr session;
  X509Ptr own;
  std::vector<X509Ptr> peer;
  std::string alpn;
  std::string server_name;
  uint8_t finished[RecordCipher::kMostSecret] = {};
  uint8_t peer_finished[RecordCipher::kMostSecret] = {};
  uint8_t exporter[RecordCipher::kMostSecret] = {};
  std::shared_ptr<const TlsLoop::SignatureAlgorithms> signature_algorithms;
  // What clients have.
  struct OfClient {
    EphemeralKey ephemeral_key;
    std::vector<uint8_t> ocsp_response;
    uint8_t resumption[RecordCipher::kMostSecret] = {};  // the master secret of tickets
  };
  std::unique_ptr<OfClient> client;
};

// Ciphertext of one call on its way to the lower stream.
struct TlsStream::Output {
  explicit Output(TlsStream& stream);  // what waits goes out with it, and first
  size_t space() const { return TlsLoop::kOutputSize - size; }
  TlsLoop::Slab slab;
  size_t size = 0;
};

}  // namespace sluice
