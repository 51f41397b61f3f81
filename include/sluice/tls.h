// Public. TlsStream: TLS 1.2 and 1.3 over any other stream.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/socket.h"
#include "sluice/tls_context.h"

namespace sluice {

enum class HandshakeFailure : uint8_t;
class TlsLoop;
class TlsStream;

// PreSharedKey is what both sides know instead of certificates (RFC 4279, RFC 8446, section 2.2).
struct PreSharedKey {
  std::string identity;      // client: which one of the server's keys it is
  std::vector<uint8_t> key;  // a secret
};

// TlsHandler is told what only TLS has. Every callback may close the stream.
class TlsHandler {
 public:
  // A line for an NSS key log (TlsOptions::keylog). It opens the traffic: treat as a secret.
  virtual void OnKeylog(TlsStream& stream, std::string_view line);
  // A session that a later client may resume (TlsOptions::sessions), as DER of SSL_SESSION.
  virtual void OnSession(TlsStream& stream, std::span<const uint8_t> session);
  // The client's hello is there (TlsOptions::choose): the handshake waits for Choose().
  virtual void OnHello(TlsStream& stream, const std::string& server_name);
  // A client offers application protocols (TlsOptions::choose_protocol), in EncodeAlpn()'s form:
  // the handshake waits for ChooseProtocol().
  virtual void OnProtocols(TlsStream& stream, const std::string& server_name,
                           std::span<const uint8_t> offer);

  // A handshake needs the key (TlsOptions::psk): text is the client's identity, or what the server
  // hints at (null: nothing). False if there is none. A key has at most 256 bytes, an identity 127
  // and no NUL.
  virtual bool OnPsk(TlsStream& stream, const char* text, PreSharedKey* key);

  // A server's session that a client may resume (TlsOptions::sessions): its identifier, which may
  // be empty, and it as DER of SSL_SESSION.
  virtual void OnServerSession(TlsStream& stream, std::span<const uint8_t> id,
                               std::span<const uint8_t> session);
  // A client names a session by its identifier (TlsOptions::sessions): the handshake waits for
  // GiveSession().
  virtual void OnLookup(TlsStream& stream, std::span<const uint8_t> id);

 protected:
  ~TlsHandler() = default;
};

// TlsOptions are what one server's or one client's connections share; constant once used. Any
// thread may read them.
struct TlsOptions {
  bool server = false;  // which side of the handshake
  // The keys and settings. On a server it also serves clients that no certificate matches.
  std::shared_ptr<const TlsContext> context;
  std::shared_ptr<const CertificateStore> certificates;  // server: by name, or null
  bool ip_certificates = false;      // server: without a name, look for the local IP address
  bool request_certificate = false;  // server: ask the client for one
  // Refuse a peer whose certificate is not trusted; on a server with request_certificate, one
  // without certificate too. If off, TlsStream::verify_error tells and the caller decides.
  bool reject_unauthorized = true;
  std::string server_name;  // client: SNI; not sent if it is an IP address
  std::string verify_name;  // client: the name or IP address to check (RFC 9525); "": none
  std::string alpn;         // EncodeAlpn(); a server's own order wins
  uint64_t handshake_timeout_ms = 60'000;  // clamped to kMin… and kMaxHandshakeTimeoutMs
  bool fail_on_truncation = false;         // an end without close_notify is an error, not an end
  bool choose = false;                     // server: OnHello, and wait for Choose()
  bool choose_protocol = false;            // server: OnProtocols, and wait for ChooseProtocol()
  bool psk = false;                        // OnPsk
  std::string psk_hint;                    // server: what it says of its keys, in TLS 1.2
  bool keylog = false;                     // OnKeylog; the context is this thread's alone
  // Client: OnSession. Server: OnServerSession and OnLookup; its context remembers no sessions
  // then.
  bool sessions = false;
  bool request_ocsp = false;  // client: ask for a stapled OCSP response

  // The bounds of handshake_timeout_ms.
  static constexpr uint64_t kMinHandshakeTimeoutMs = 2'000;
  // Likewise.
  static constexpr uint64_t kMaxHandshakeTimeoutMs = 120'000;
};

// TlsStream encrypts what it sends through another stream and decrypts what arrives there. It
// takes the other stream over and becomes its handler. Loop thread.
//
// - OnConnect comes once, after the handshake or with its failure.
// - Handshakes run a limited number of steps a turn of the loop, so that data keeps flowing. So do
//   messages of TLS after the handshake (KeyUpdate, tickets), and a peer that makes this side
//   answer them without reading the answers ends in OnError (kTlsUnreadReplies).
// - Counters and queued() count application bytes; a byte is written when its record reached the
//   kernel.
// - TryWrite encrypts as long as the lower stream takes all of it. A record that the kernel took
//   in part is queued below; the count returned leaves its bytes out, and the next Write, which
//   must begin with them, does not encrypt them again. So a full count means that everything
//   reached the kernel, as on TCP. While ciphertext is queued, also of TLS's own messages,
//   TryWrite takes nothing.
// - Write encrypts up to what the kernel takes and at most one slab more; the rest waits as plain
//   bytes, not copied unless asked. OnDrain follows once all of it is encrypted and written.
// - OnEnd comes with the peer's close_notify, or with the end of the lower stream without one:
//   truncated() tells which. Shutdown sends close_notify and ends the lower side. Each side ends
//   on its own.
// - Records that arrived before a failure of the lower stream are delivered before OnError; while
//   paused, both wait.
class TlsStream final : public Stream, private StreamHandler, private ConnectionRecord::Above {
 public:
  // Wrap takes lower over. Nothing is sent before Start(). On failure returns null, sets *error,
  // and lower is as it was. events may be null; it must live as long as handler.
  static Ref<TlsStream> Wrap(Ref<Stream> lower, std::shared_ptr<const TlsOptions> options,
                             StreamHandler* handler, TlsHandler* events, Error* error);
  // SetSession offers a session of OnSession; false if it is malformed. Before Start.
  bool SetSession(std::span<const uint8_t> session);
  // SetServerName asks for another name than TlsOptions::server_name. Before Start.
  bool SetServerName(const std::string& name);
  // Start begins the handshake; early are bytes that the peer sent and that were read from lower
  // already. Never calls back. The lower stream may still be connecting.
  void Start(std::span<const uint8_t> early = {});
  // Choose answers OnHello, from within it or later: the certificate for this connection (null:
  // the one that TlsOptions give), and an OCSP response to staple.
  void Choose(const std::shared_ptr<const TlsContext>& context,
              std::span<const uint8_t> ocsp_response = {});

  // ChooseProtocol answers OnProtocols: one of the offer, or "" to end the handshake with the alert
  // no_application_protocol.
  void ChooseProtocol(std::string_view protocol);
  // GiveSession answers OnLookup: DER of the session, nothing for none; false if it is malformed,
  // which is as nothing.
  bool GiveSession(std::span<const uint8_t> session);
  // UseCertificate shows the certificates of another context; false without one. Before they are
  // needed: within OnHello or OnProtocols.
  bool UseCertificate(const TlsContext& context);

  using Stream::Write;

  void Resume() override;
  void Pause() override;
  size_t TryWrite(std::span<const uint8_t> data) override;
  bool Write(std::span<const std::span<const uint8_t>> parts, bool copy) override;
  size_t queued() const override;
  void Shutdown() override;
  void Close() override { Teardown(false); }
  void Reset() override;
  bool closed() const override { return ssl_ == nullptr && established_ == nullptr; }
  int fd() const override { return lower_->fd(); }
  Address LocalAddress() const override { return lower_->LocalAddress(); }
  Address PeerAddress() const override { return lower_->PeerAddress(); }
  void SetIdleTimeout(uint64_t ms) override { lower_->SetIdleTimeout(ms); }
  void SetRef(bool on) override { lower_->SetRef(on); }
  ConnectionRecord* record() override { return lower_->record(); }
  bool knows_more() const override;

  // lower returns the stream that carries the ciphertext.
  Stream& lower() const { return *lower_; }
  // options returns what Wrap was given.
  const TlsOptions& options() const { return *options_; }
  // secure returns whether the handshake is done.
  bool secure() const { return secure_; }
  // own_records returns whether OpenSSL's object is gone, and records are made without it.
  bool own_records() const { return established_ != nullptr; }
  // truncated returns whether the peer ended without close_notify.
  bool truncated() const { return truncated_; }

  // What follows is known once secure, and empty after the end of the stream.
  std::string protocol() const;  // "TLSv1.3"
  // Names of a cipher.
  struct Cipher {
    std::string name;           // OpenSSL's
    std::string standard_name;  // of the RFCs
    std::string version;        // the first protocol version that has it
  };
  // cipher returns the one that is in use.
  Cipher cipher() const;
  std::string alpn() const;         // the protocol chosen, or ""
  std::string server_name() const;  // what the client asked for, or ""
  // session_reused returns whether the handshake resumed a session.
  bool session_reused() const;
  std::vector<uint8_t> session() const;     // DER of SSL_SESSION
  std::vector<uint8_t> tls_ticket() const;  // the ticket in it
  // finished returns our Finished message (RFC 8446 section 4.4.4).
  std::vector<uint8_t> finished() const;
  // peer_finished returns that of the peer.
  std::vector<uint8_t> peer_finished() const;
  // The most that ExportKeyingMaterial derives, in bytes; TLS 1.3 has less, 255 digests.
  static constexpr size_t kMostExported = 1024 * 1024;
  // ExportKeyingMaterial derives size bytes that both ends share (RFC 5705); nothing if it fails.
  std::optional<std::vector<uint8_t>> ExportKeyingMaterial(
      size_t size, std::string_view label, std::optional<std::span<const uint8_t>> context) const;
  // shared_signature_algorithms returns OpenSSL's names of those that both ends have.
  std::vector<std::string> shared_signature_algorithms() const;
  // What the keys were agreed with.
  struct EphemeralKey {
    std::string type;  // "ECDH", "DH", "TLSGroup" for a hybrid group, or "" for none
    std::string name;  // the curve or group
    int bits = 0;      // its strength; 0 of a hybrid group
  };
  EphemeralKey ephemeral_key() const;          // client
  bool asks_ocsp() const;                      // server: the client wants an OCSP response
  std::vector<uint8_t> ocsp_response() const;  // client
  // DER of the peer's certificates, leaf first; with issuers that were found while verifying.
  std::vector<std::vector<uint8_t>> peer_certificates() const;
  // own_certificate returns DER of the certificate that we showed, or nothing.
  std::vector<uint8_t> own_certificate() const;
  // The X509_V_ERR_* of the peer's chain as an Error, or no error. Without a certificate that
  // was asked for: UNABLE_TO_GET_ISSUER_CERT.
  Error verify_error() const;
  // Sets how many bytes of application data a record holds at most, 512 to 16384.
  bool SetMaxFragment(size_t bytes);

 private:
  friend class TlsLoop;
  friend struct TlsCallbacks;
  // Records without application data that are read at a time: a KeyUpdate costs this side the
  // derivation of keys, and an answer, for some 30 bytes of the peer's.
  static constexpr uint8_t kSilentRecords = 8;
  struct Established;
  struct Handover;
  struct Output;
  struct Record;

  TlsStream(Ref<Stream> lower, std::shared_ptr<const TlsOptions> options, StreamHandler* handler,
            TlsHandler* events);
  ~TlsStream() override;

  // From the lower stream.
  void OnConnect(Stream& stream, const Error& error) override;
  std::span<uint8_t> OnBuffer(Stream& stream, size_t wanted) override;
  void OnData(Stream& stream, std::span<uint8_t> data) override;
  void OnEnd(Stream& stream) override;
  void OnDrain(Stream& stream) override;
  void OnShutdown(Stream& stream) override;
  void OnError(Stream& stream, const Error& error) override;
  void OnIdle(Stream& stream) override;

  // The ledger.
  void Describe(ConnectionInfo& info) const override;
  uint64_t ReadyAt() const override { return secure_ms_; }
  bool HasRead() const override { return bytes_read_ > 0; }
  Stream& stream() override { return *this; }
  void Ending() override;
  Account* account() const;
  void NoteFailure(const Error& error);
  void CountFailure(HandshakeFailure failure);
  void NoteHandshake();
  void CaptureProgram(bool in, std::span<const uint8_t> data);
  bool CapturesKeys() const;
  void CountRead(size_t count);
  void CountWritten(size_t count);
  void Enqueue(std::span<const std::span<const uint8_t>> parts, size_t skip, bool copy);
  void Dequeue(size_t count);

  bool Configure(Error* error);

  // The handshake.
  void Advance();
  void Step();
  void FinishHandshake();
  Error HandshakeError() const;
  bool by_psk() const;
  Error CheckPeer() const;
  void Use(const TlsContext& context);
  void TakeChoice();
  bool Waits() const;
  enum class HandshakePlace : uint8_t { kNone, kWaits, kFull, kResumed };
  bool HasPlace();
  bool HasFullPlace();
  bool AskForPlace();
  void AskAgain();
  void ReturnPlace();
  void LeavePlace(bool failed);
  const AdmissionPlace* place() const;
  const TlsContext* PickCertificate(bool* verify_client);
  std::shared_ptr<const CertificateStore::Entry> FindCertificate(std::string_view name) const;
  void BindSessions(std::string_view name);
  const std::array<uint8_t, 32>& TrustId() const;

  // Records without OpenSSL's object (tls/established.h).
  void HandOver();
  bool TakeTickets();
  void KeepFacts(Established& kept) const;
  ssl_session_st* CurrentSession() const;
  std::vector<x509_st*> PeerChain() const;
  int NegotiatedGroup() const;
  size_t OpenRecords(std::span<uint8_t> buffer, int* failure);
  std::span<const uint8_t> NextRecord();
  size_t TakeOpened(std::span<const uint8_t> opened, std::span<uint8_t> buffer);
  bool SealData(std::span<const uint8_t> data);
  bool SealAlert(uint8_t alert);
  bool SealKeyUpdate();

  // Input: pending_ from pending_used_ on, then input_.
  size_t Available() const { return pending_.size() - pending_used_ + input_.size(); }
  void Peek(uint8_t* out, size_t size) const;
  size_t Take(uint8_t* out, size_t size);
  size_t Readable() const;
  int Read(uint8_t* out, int size);
  void KeepInput();
  bool HasRecord() const;
  bool HasBuffered() const;
  void Deliver();
  size_t Decrypt(std::span<uint8_t> buffer, int* failure);
  size_t Decrypted() const;
  bool PeerEnded() const;
  void KeepBuffers(bool keep);
  void FinishInput();
  void DeliverLater();
  void ReadBeforeFailure();
  void End(bool clean);

  // Output.
  void Emit(const uint8_t* data, size_t size);
  size_t Encrypt(std::span<const std::span<const uint8_t>> parts);
  bool WriteToSsl(std::span<const uint8_t> record);
  bool Flush(Output& output);
  void FlushControl();
  bool OutputWaits() const;
  void Pump();
  void SendEnd();

  void Report();
  void Fail(const Error& error);
  void FailLater(const Error& error);
  void FreeSsl();
  void Teardown(bool reset);

  ssl_st* ssl_ = nullptr;  // null once established or closed
  // Counts what HandOver() has to know, while it may come.
  std::unique_ptr<Handover> handover_;
  // What is left of the connection once OpenSSL's object is freed; null before and once closed.
  std::unique_ptr<Established> established_;
  TlsStream* previous_ = nullptr;  // the loop's list of all open ones
  TlsStream* next_ = nullptr;
  TlsLoop& tls_loop_;
  Ref<Stream> lower_;
  std::shared_ptr<const TlsOptions> options_;
  TlsHandler* events_;
  std::unique_ptr<Timer> timer_;  // while the handshake runs
  std::vector<uint8_t> pending_;  // ciphertext that waits, empty most of the time
  size_t pending_used_ = 0;
  std::span<const uint8_t> input_;     // ciphertext in the buffer of a frame below us
  size_t record_left_ = 0;             // bytes of the record that OpenSSL reads
  Output* output_ = nullptr;           // where ciphertext goes during a call of OpenSSL
  std::vector<uint8_t> spill_;         // ciphertext that did not fit there
  std::unique_ptr<WriteQueue> queue_;  // plain bytes
  size_t prepared_ = 0;                // bytes that a short TryWrite encrypted beyond its count
  size_t unsent_ = 0;                  // plain bytes of records that the lower stream queues
  size_t replies_ = 0;                 // bytes of TLS's own messages that it queues
  std::unique_ptr<Error> failure_;     // of the lower stream, after the bytes that wait
  std::unique_ptr<std::vector<Record>> reports_;  // for TlsHandler, after the call of OpenSSL
  std::shared_ptr<const TlsContext> choice_;
  std::unique_ptr<std::vector<uint8_t>> chosen_ocsp_;
  std::unique_ptr<std::string> chosen_protocol_;
  ssl_session_st* given_session_ = nullptr;  // of GiveSession, for OpenSSL to take
  ConnectionRecord* record_ = nullptr;       // of the lower stream, if it is a connection
  uint64_t started_ns_ = 0;                  // the handshake began
  uint64_t started_ms_ = 0;                  // likewise, of the loop
  uint64_t secure_ms_ = 0;                   // the handshake was done
  HandshakePlace handshake_place_ = HandshakePlace::kNone;  // of the server's admission
  uint16_t max_fragment_ = 16384;                           // bytes of data in a record
  uint8_t silent_records_ = 0;  // read since the last turn that was left to others, without bytes
  bool started_ : 1 = false;
  bool secure_ : 1 = false;
  bool reading_ : 1 = false;
  bool ended_ : 1 = false;  // OnEnd was reported
  bool lower_ended_ : 1 = false;
  bool truncated_ : 1 = false;
  bool drain_wanted_ : 1 = false;
  bool shutdown_wanted_ : 1 = false;
  bool shutdown_sent_ : 1 = false;
  bool shutdown_told_ : 1 = false;
  bool waiting_turn_ : 1 = false;    // in the loop's queue of handshakes
  bool waiting_choice_ : 1 = false;  // OnHello was told
  bool chosen_ : 1 = false;
  bool waiting_protocol_ : 1 = false;  // OnProtocols was told
  bool waiting_session_ : 1 = false;   // OnLookup was told
  bool session_given_ : 1 = false;
  bool delivery_posted_ : 1 = false;
  bool asking_ : 1 = false;   // OnPsk runs, within OpenSSL
  bool failing_ : 1 = false;  // the end is on its way
  bool counted_ : 1 = false;  // the end of its handshake
  bool verify_client_ : 1 = false;
  bool hello_read_ : 1 = false;
  bool offers_session_ : 1 = false;  // the client, and it is not known that none is resumed
};

}  // namespace sluice
