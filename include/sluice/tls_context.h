// Public. What TLS connections are made with: contexts (keys, trusted authorities, settings),
// certificates by name, ticket keys.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sluice/error.h"

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_st;

namespace sluice {

// TicketKeys are the keys that session tickets are sealed with. Every context, on any thread,
// that names the same object accepts the tickets of the others. Any thread.
class TicketKeys {
 public:
  static constexpr size_t kShort = 48;  // name 16, HMAC 16, AES-128 16 bytes: Node's form
  static constexpr size_t kLong = 80;   // name 16, HMAC 32, AES-256 32 bytes

  // Create makes keys with a random one of kShort bytes; null, with *error set, where the system
  // gives no random bytes.
  static std::shared_ptr<TicketKeys> Create(Error* error);
  ~TicketKeys();  // wipes the keys
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  // Set makes key (kShort or kLong bytes) the one that seals; the two before it still open
  // tickets, which are then renewed. Returns false if the length is another.
  bool Set(std::span<const uint8_t> key);
  // SetAll makes these the keys, of which the first one seals and all open tickets. False, with all
  // as it was: the length of one is wrong, or there is none.
  bool SetAll(std::span<const std::vector<uint8_t>> keys);
  // Rotate is Set with a random key of the present length. On failure returns false, sets *error,
  // and all is as it was.
  bool Rotate(Error* error);
  // Get returns the key that seals.
  std::vector<uint8_t> Get() const;

 private:
  friend struct TicketSeal;
  TicketKeys() = default;
  bool AddRandom(size_t size, Error* error);
  struct Key {
    uint8_t bytes[kLong];
    size_t size;
  };
  static constexpr size_t kKept = 3;
  mutable std::mutex mutex_;  // guards keys_
  std::vector<Key> keys_;     // the first seals
};

// A private key, a certificate chain, an archive…: PEM or DER, and what opens it.
struct TlsSecret {
  std::string data;        // PEM or DER
  std::string passphrase;  // "": none
};

// What a context is made of.
struct TlsContextOptions {
  std::vector<std::string> certificates;  // each a chain, leaf first; PEM or DER
  std::vector<TlsSecret> keys;            // each fits one of certificates
  std::vector<TlsSecret> archives;        // PKCS #12: key, chain and authorities
  // Trusted authorities, PEM bundles or DER. None: the system's (SSL_CERT_FILE, SSL_CERT_DIR).
  std::vector<std::string> authorities;
  bool default_authorities = false;  // trust the system's beside authorities
  // Trusted too, but not named to clients whose certificate is asked for.
  std::vector<std::string> extra_authorities;
  bool lenient_authorities = false;  // pass over what is no certificate among authorities
  std::vector<std::string> revocation_lists;  // PEM or DER; a listed certificate is refused
  int min_version = 0x0303;  // TLS1_2_VERSION
  int max_version = 0x0304;  // TLS1_3_VERSION
  std::string ciphers;       // OpenSSL's list; names that begin with TLS_ are those of TLS 1.3
  std::string curves;        // "X25519:P-256"; empty or "auto": OpenSSL's
  std::string signature_algorithms;  // OpenSSL's list; empty: its default
  std::string dh_parameters;  // PEM; empty or "auto": fitting ones of RFC 7919
  bool honor_cipher_order = true;  // server: its order of ciphers wins, not the client's
  uint64_t extra_options = 0;  // SSL_OP_* bits
  std::string session_id_context;  // sessions of others are not resumed
  uint32_t session_timeout_s = 7200;  // how long a session may be resumed, in seconds
  std::shared_ptr<TicketKeys> ticket_keys;  // none: keys of its own
};

// CertificateInfo describes a certificate for listings.
struct CertificateInfo {
  std::string subject;  // "CN=example.org,O=Example"
  std::string issuer;   // likewise
  std::string serial;       // hexadecimal
  std::string names;        // "DNS:a.example, IP Address:10.0.0.1"
  std::string fingerprint;  // SHA-256, "AB:CD:…"
  int64_t valid_from = 0;   // seconds since 1970
  int64_t valid_to = 0;    // likewise
};

// TlsContext holds what many connections share. It does not change once made; any thread. One
// context serves clients and servers.
class TlsContext {
 public:
  // Create reads all of options; on failure returns null and sets *error, whose code is that of
  // OpenSSL ("ERR_OSSL_PEM_NO_START_LINE", "ERR_OSSL_X509_KEY_VALUES_MISMATCH") or
  // ERR_TLS_INVALID_OPTION. No part of a key is ever in an error. Never asks for a passphrase.
  static std::shared_ptr<const TlsContext> Create(const TlsContextOptions& options, Error* error);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // native returns OpenSSL's SSL_CTX, borrowed.
  ssl_ctx_st* native() const { return context_; }
  // has_certificate returns whether it can serve.
  bool has_certificate() const { return certificate() != nullptr; }
  x509_st* certificate() const;         // the first one, borrowed, or null
  std::vector<uint8_t> issuer() const;  // DER of who signed it, empty if not known
  // has_authorities returns whether it trusts others beside the system's.
  bool has_authorities() const { return has_authorities_; }
  CertificateInfo Describe() const;                          // of certificate()
  // ticket_keys returns the keys of its session tickets, never null.
  const std::shared_ptr<TicketKeys>& ticket_keys() const { return ticket_keys_; }
  // A digest of whom the context trusts: authorities, revocation lists, the system's or not.
  const std::array<uint8_t, 32>& trust_id() const { return trust_id_; }
  // session_id_context returns what sessions of this context belong to.
  const std::string& session_id_context() const { return session_id_context_; }

 private:
  TlsContext() = default;
  ssl_ctx_st* context_ = nullptr;
  std::shared_ptr<TicketKeys> ticket_keys_;
  bool has_authorities_ = false;
  std::array<uint8_t, 32> trust_id_{};
  std::string session_id_context_;
};

// CertificateStore maps server names to contexts while servers run. Changes are seen by every
// handshake that begins later, on all threads; open connections keep what they have.
// Any thread.
class CertificateStore {
 public:
  CertificateStore() = default;
  CertificateStore(const CertificateStore&) = delete;
  CertificateStore& operator=(const CertificateStore&) = delete;
  ~CertificateStore();

  // One name and what it is served with.
  struct Entry {
    std::string name;                           // as Set took it, in lower case
    std::shared_ptr<const TlsContext> context;  // never null
    bool verify_client = false;  // ask for a client certificate and refuse without a good one
    int64_t expires = 0;         // seconds since 1970
  };

  // Set adds or replaces the certificate of name: a host name, "*.example.org" for every name
  // with one more label, an IP address, or "" for the default. Returns false if name is
  // malformed or context has no certificate.
  bool Set(std::string_view name, std::shared_ptr<const TlsContext> context,
           bool verify_client = false);
  bool Remove(std::string_view name);  // whether there was one
  // SetGroup tells whose certificates they are, for Ledger::CertificateExpiries().
  void SetGroup(std::string_view group);
  // Show says whether they are told there, as at first: those of a server that is closed need not.
  void Show(bool on);
  std::vector<Entry> List() const;     // in the order of their names
  // Find returns the entry for a name that a client asked for, in any case; the exact one before
  // the wildcard. Without a match there is none, also if there is a default.
  std::shared_ptr<const Entry> Find(std::string_view name) const;
  // Default returns the entry for "", or null.
  std::shared_ptr<const Entry> Default() const;

 private:
  using Map = std::unordered_map<std::string, std::shared_ptr<const Entry>>;
  std::shared_ptr<const Map> Snapshot() const;
  static bool Normalize(std::string_view name, std::string* out);
  mutable std::mutex mutex_;  // guards map_; what it points to never changes
  std::shared_ptr<const Map> map_ = std::make_shared<Map>();
};

// SystemAuthorities returns the certificates that the system trusts, as PEM; none where it has no
// bundle of them. If one is there and cannot be read now, as when the process is out of
// descriptors, *error is set.
std::vector<std::string> SystemAuthorities(Error* error);

// EncodeAlpn returns protocols in the form of RFC 7301, or "" if one is empty or too long.
std::string EncodeAlpn(const std::vector<std::string>& protocols);

}  // namespace sluice
