#include "tls/callbacks.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "ledger/capture.h"
#include "tls/established.h"
#include "tls/ticket_keys.h"

namespace sluice {

void TlsCallbacks::Install(SSL_CTX* context) {
  SSL_CTX_set_client_hello_cb(context, Hello, nullptr);
  SSL_CTX_set_session_ticket_cb(context, SealTicket, OpenTicket, nullptr);
  SSL_CTX_set_tlsext_servername_callback(context, ServerName);
  SSL_CTX_set_cert_cb(context, Certificate, nullptr);
  SSL_CTX_set_alpn_select_cb(context, Alpn, nullptr);
  SSL_CTX_set_cert_verify_callback(context, Verify, nullptr);
  SSL_CTX_sess_set_new_cb(context, Session);
  SSL_CTX_sess_set_get_cb(context, GivenSession);
  SSL_CTX_set_tlsext_status_cb(context, Status);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, TicketSeal::Seal);
}

void TlsCallbacks::LogKeys(SSL_CTX* context) {
  if (SSL_CTX_get_keylog_callback(context) == nullptr) SSL_CTX_set_keylog_callback(context, Keylog);
}

// ---- The BIO: one for both directions, without memory of its own.

const BIO_METHOD* TlsCallbacks::BioMethod() {
  static const BIO_METHOD* method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice stream");
    if (made == nullptr) throw std::bad_alloc();  // the next call tries again
    BIO_meth_set_read(made, BioRead);
    BIO_meth_set_write(made, BioWrite);
    BIO_meth_set_ctrl(made, [](BIO*, int command, long, void*) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return made;
  }();
  return method;
}

BIO* TlsCallbacks::MakeBio(TlsStream* stream) {
  BIO* bio = BIO_new(BioMethod());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, stream);
  BIO_set_init(bio, 1);
  return bio;
}

int TlsCallbacks::BioRead(BIO* bio, char* out, int size) {
  BIO_clear_retry_flags(bio);
  int count =
      static_cast<TlsStream*>(BIO_get_data(bio))->Read(reinterpret_cast<uint8_t*>(out), size);
  if (count <= 0) BIO_set_retry_read(bio);
  return count > 0 ? count : -1;
}

int TlsCallbacks::BioWrite(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  static_cast<TlsStream*>(BIO_get_data(bio))
      ->Emit(reinterpret_cast<const uint8_t*>(data), static_cast<size_t>(size));
  return size;
}

TlsStream& TlsCallbacks::Of(const SSL* ssl) {
  return *static_cast<TlsStream*>(BIO_get_data(SSL_get_rbio(ssl)));
}

TicketKeys* TlsCallbacks::TicketKeysOf(const SSL* ssl) {
  return Of(ssl).options_->context->ticket_keys().get();
}

// ---- The handshake

namespace {

// The host name of a hello (RFC 6066, section 3), or "".
std::string_view NameOf(SSL* ssl) {
  const unsigned char* data = nullptr;
  size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) != 1 || size < 5 ||
      data[2] != TLSEXT_NAMETYPE_host_name)
    return {};
  size_t length = static_cast<size_t>(data[3]) << 8 | data[4];
  if (length > size - 5) return {};
  return {reinterpret_cast<const char*>(data) + 5, length};
}

// Whether a hello offers to resume a session. A session's identifier does not tell: TLS 1.3 sends
// one of no meaning.
bool OffersSession(SSL* ssl) {
  const unsigned char* data = nullptr;
  size_t size = 0;
  return (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_session_ticket, &data, &size) == 1 &&
          size > 0) ||
         SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_psk, &data, &size) == 1;
}

}  // namespace

// Called before OpenSSL looks for a session to resume.
int TlsCallbacks::Hello(SSL* ssl, int*, void*) {
  TlsStream& stream = Of(ssl);
  if (!stream.options_->server) return SSL_CLIENT_HELLO_SUCCESS;
  if (!stream.hello_read_) stream.offers_session_ = OffersSession(ssl);
  stream.hello_read_ = true;
  if (!stream.HasPlace()) return SSL_CLIENT_HELLO_RETRY;
  std::string_view name = NameOf(ssl);
  stream.BindSessions(name);
  if (stream.options_->sessions && !stream.session_given_ && !stream.waiting_session_)
    AskForSession(ssl, stream);
  bool wait = stream.waiting_session_ && !stream.session_given_;
  const int proceed = wait ? SSL_CLIENT_HELLO_RETRY : SSL_CLIENT_HELLO_SUCCESS;
  const unsigned char* offer = nullptr;
  size_t size = 0;
  constexpr unsigned kAlpn = TLSEXT_TYPE_application_layer_protocol_negotiation;
  if (!stream.options_->choose_protocol || stream.chosen_protocol_ ||
      SSL_client_hello_get0_ext(ssl, kAlpn, &offer, &size) != 1 || size < 2)
    return proceed;
  if (!stream.waiting_protocol_) {
    stream.waiting_protocol_ = true;
    std::vector<uint8_t> bytes(name.begin(), std::find(name.begin(), name.end(), '\0'));
    bytes.push_back(0);
    bytes.insert(bytes.end(), offer + 2, offer + size);  // without the length of the list
    Note(stream, TlsStream::Record::kProtocols, std::move(bytes));
  }
  return SSL_CLIENT_HELLO_RETRY;
}

// Has the program look for the session that a client names, unless it brings a ticket.
void TlsCallbacks::AskForSession(SSL* ssl, TlsStream& stream) {
  const unsigned char *id = nullptr, *ticket = nullptr;
  size_t size = SSL_client_hello_get0_session_id(ssl, &id), ticket_size = 0;
  bool has_ticket =
      SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_session_ticket, &ticket, &ticket_size) == 1 &&
      ticket_size > 0;
  if (size == 0 || has_ticket || stream.events_ == nullptr) return;
  stream.waiting_session_ = true;
  Note(stream, TlsStream::Record::kLookup, {id, id + size});
}

SSL_SESSION* TlsCallbacks::GivenSession(SSL* ssl, const unsigned char*, int, int* copy) {
  *copy = 0;  // it is OpenSSL's from here on
  return std::exchange(Of(ssl).given_session_, nullptr);
}

void TlsCallbacks::Note(TlsStream& stream, TlsStream::Record::Kind kind,
                        std::vector<uint8_t> bytes) {
  if (!stream.reports_) stream.reports_ = std::make_unique<std::vector<TlsStream::Record>>();
  stream.reports_->push_back({kind, std::move(bytes)});
}

int TlsCallbacks::SealTicket(SSL* ssl, void*) {
  TlsStream& stream = Of(ssl);
  if (!stream.options_->request_certificate || !stream.options_->choose) return 1;
  const auto& trust = stream.TrustId();
  SSL_SESSION_set1_ticket_appdata(SSL_get0_session(ssl), trust.data(), trust.size());
  return 1;
}

SSL_TICKET_RETURN TlsCallbacks::OpenTicket(SSL* ssl, SSL_SESSION* session, const unsigned char*,
                                           size_t, SSL_TICKET_STATUS status, void*) {
  if (status == SSL_TICKET_EMPTY || status == SSL_TICKET_NO_DECRYPT)
    return SSL_TICKET_RETURN_IGNORE_RENEW;
  if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
    return SSL_TICKET_RETURN_ABORT;
  TlsStream& stream = Of(ssl);
  if (stream.options_->server && stream.options_->request_certificate && stream.options_->choose) {
    // Who will be chosen is not known yet: a session is good if it was verified as without choice.
    void* data = nullptr;
    size_t size = 0;
    const auto& trust = stream.options_->context->trust_id();
    if (SSL_SESSION_get0_ticket_appdata(session, &data, &size) != 1 || size != trust.size() ||
        std::memcmp(data, trust.data(), size) != 0)
      return SSL_TICKET_RETURN_IGNORE_RENEW;
  }
  return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW;
}

// Called in every handshake of a server, with and without a name, also when a session resumes.
int TlsCallbacks::ServerName(SSL* ssl, int*, void*) {
  TlsStream& stream = Of(ssl);
  if (stream.closed()) return SSL_TLSEXT_ERR_ALERT_FATAL;  // in OnPsk
  if (!stream.options_->server) return SSL_TLSEXT_ERR_OK;
  bool verify = false;
  if (const TlsContext* context = stream.PickCertificate(&verify)) {
    stream.Use(*context);
    if (verify) {
      stream.verify_client_ = true;
      SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
  }
  return SSL_TLSEXT_ERR_OK;
}

// Called before the certificate is needed, which is where no session is resumed; -1 suspends the
// handshake.
int TlsCallbacks::Certificate(SSL* ssl, void*) {
  TlsStream& stream = Of(ssl);
  if (!stream.options_->server) return 1;
  if (!stream.HasFullPlace()) return -1;
  if (!stream.options_->choose) return 1;
  if (!stream.chosen_) {
    if (!stream.waiting_choice_) {
      stream.waiting_choice_ = true;
      const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
      std::string_view text = name != nullptr ? name : "";
      if (!stream.reports_) stream.reports_ = std::make_unique<std::vector<TlsStream::Record>>();
      stream.reports_->push_back({TlsStream::Record::kHello, {text.begin(), text.end()}});
    }
    return -1;
  }
  stream.TakeChoice();
  return 1;
}

int TlsCallbacks::Alpn(SSL* ssl, const unsigned char** out, unsigned char* out_size,
                       const unsigned char* in, unsigned in_size, void*) {
  TlsStream& stream = Of(ssl);
  if (stream.options_->choose_protocol) {
    const std::string_view wanted = stream.chosen_protocol_ ? *stream.chosen_protocol_ : "";
    for (unsigned at = 0; at < in_size; at += 1u + in[at]) {
      if (wanted.empty() || in[at] != wanted.size() || at + 1 + wanted.size() > in_size ||
          std::memcmp(in + at + 1, wanted.data(), wanted.size()) != 0)
        continue;
      *out = in + at + 1;
      *out_size = in[at];
      return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  const std::string& ours = stream.options_->alpn;
  if (ours.empty()) return SSL_TLSEXT_ERR_NOACK;
  int result = SSL_select_next_proto(const_cast<unsigned char**>(out), out_size,
                                     reinterpret_cast<const unsigned char*>(ours.data()),
                                     static_cast<unsigned>(ours.size()), in, in_size);
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Checks the whole chain, so that the last error is what is reported, as in Node; the one that
// made OpenSSL stop would name the missing issuer rather than the certificate that lacks it.
int TlsCallbacks::Verify(X509_STORE_CTX* store, void*) {
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsStream& stream = Of(ssl);
  X509_STORE_CTX_set_verify_cb(store, [](int, X509_STORE_CTX*) { return 1; });
  int completed = X509_verify_cert(store);
  if (X509_STORE_CTX_get_error(store) == X509_V_OK) return completed;
  return stream.options_->reject_unauthorized || stream.verify_client_ ? 0 : 1;
}

void TlsCallbacks::Keylog(const SSL* ssl, const char* line) {
  TlsStream& stream = Of(ssl);
  if (stream.CapturesKeys()) CaptureSecret(*stream.record_, line);
  if (!stream.options_->keylog || stream.events_ == nullptr) return;
  std::string_view text = line;
  if (!stream.reports_) stream.reports_ = std::make_unique<std::vector<TlsStream::Record>>();
  stream.reports_->push_back({TlsStream::Record::kKeylog, {text.begin(), text.end()}});
}

int TlsCallbacks::Session(SSL* ssl, SSL_SESSION* session) {
  TlsStream& stream = Of(ssl);
  if (!stream.options_->sessions || stream.events_ == nullptr) return 0;
  std::vector<uint8_t> bytes = Der(session, i2d_SSL_SESSION);
  if (!stream.options_->server) {
    Note(stream, TlsStream::Record::kSession, std::move(bytes));
    return 0;
  }
  unsigned size = 0;
  const unsigned char* id = SSL_SESSION_get_id(session, &size);
  bytes.insert(bytes.begin(), id, id + size);
  bytes.insert(bytes.begin(), static_cast<uint8_t>(size));
  Note(stream, TlsStream::Record::kServerSession, std::move(bytes));
  return 0;  // OpenSSL keeps its reference
}

int TlsCallbacks::Status(SSL* ssl, void*) {
  TlsStream& stream = Of(ssl);
  if (!stream.options_->server) return 1;
  if (!stream.chosen_ocsp_ || stream.chosen_ocsp_->empty()) return SSL_TLSEXT_ERR_NOACK;
  auto& response = *stream.chosen_ocsp_;
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(response.data(), response.size()));
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response.size()));
  return SSL_TLSEXT_ERR_OK;
}

// ---- Pre-shared keys

bool TlsCallbacks::AskForKeys(SSL* ssl, const TlsOptions& options) {
  if (!options.server) {
    SSL_set_psk_client_callback(ssl, ClientPsk);
    // The session that OpenSSL makes of a key has no context of its own.
    return SSL_set_session_id_context(ssl, nullptr, 0) == 1;
  }
  SSL_set_psk_server_callback(ssl, ServerPsk);
  const char* hint = options.psk_hint.empty() ? nullptr : options.psk_hint.c_str();
  return SSL_use_psk_identity_hint(ssl, hint) == 1;
}

// Has the handler say which key it is; false if there is none. The handler may close the stream.
bool TlsCallbacks::AskForKey(TlsStream& stream, const char* text, PreSharedKey* key) {
  if (stream.closed() || stream.events_ == nullptr) return false;
  stream.asking_ = true;
  const bool found = stream.events_->OnPsk(stream, text, key);
  stream.asking_ = false;
  return found && !stream.closed();
}

unsigned TlsCallbacks::ClientPsk(SSL* ssl, const char* hint, char* identity, unsigned identity_size,
                                 unsigned char* psk, unsigned psk_size) {
  PreSharedKey found;
  if (!AskForKey(Of(ssl), hint, &found) || found.identity.size() >= identity_size ||
      found.identity.find('\0') != std::string::npos || found.key.size() > psk_size)
    return 0;
  std::memcpy(identity, found.identity.c_str(), found.identity.size() + 1);
  std::copy(found.key.begin(), found.key.end(), psk);
  OPENSSL_cleanse(found.key.data(), found.key.size());
  return static_cast<unsigned>(found.key.size());
}

unsigned TlsCallbacks::ServerPsk(SSL* ssl, const char* identity, unsigned char* psk,
                                 unsigned psk_size) {
  PreSharedKey found;
  if (!AskForKey(Of(ssl), identity, &found) || found.key.size() > psk_size) return 0;
  std::copy(found.key.begin(), found.key.end(), psk);
  OPENSSL_cleanse(found.key.data(), found.key.size());
  return static_cast<unsigned>(found.key.size());
}

}  // namespace sluice
