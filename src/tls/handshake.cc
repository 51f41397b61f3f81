#include <strings.h>

#include <algorithm>
#include <cstring>

#include "sluice/admission.h"
#include "sluice/tls.h"
#include "sys/sys.h"
#include "tls/callbacks.h"
#include "tls/established.h"
#include "tls/tls_loop.h"

namespace sluice {
namespace {

// A name as certificates have it: an address without its zone, a host without the dot at its end.
std::string CheckedName(const std::string& name) {
  if (IpFamily(name) != 0) return name.substr(0, name.find('%'));
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

// OpenSSL would ask for what is before a NUL.
bool AskFor(SSL* ssl, const std::string& name) {
  return name.find('\0') == std::string::npos && SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

// Whether protocols are as EncodeAlpn() makes them, or none: OpenSSL believes the lengths.
bool ValidAlpn(std::string_view wire) {
  while (!wire.empty()) {
    const auto size = static_cast<uint8_t>(wire.front());
    if (size == 0 || size >= wire.size()) return false;
    wire.remove_prefix(size_t{1} + size);
  }
  return true;
}

}  // namespace

Ref<TlsStream> TlsStream::Wrap(Ref<Stream> lower, std::shared_ptr<const TlsOptions> options,
                               StreamHandler* handler, TlsHandler* events, Error* error) {
  if (!lower || lower->closed() || !options || !options->context) {
    *error = Error::Tls("wrap", kTlsBadOptions,
                        !lower || lower->closed() ? "the stream to encrypt is closed"
                                                  : "a TLS connection needs a context");
    return {};
  }
  Ref<TlsStream> stream(new TlsStream(std::move(lower), std::move(options), handler, events));
  stream->record_ = stream->lower_->record();
  if (!stream->Configure(error)) {
    SSL_free(std::exchange(stream->ssl_, nullptr));
    return {};
  }
  stream->ref();  // while open; Teardown lets go
  stream->tls_loop_.Enter(*stream);
  stream->drain_wanted_ = stream->lower_->queued() > 0;
  stream->lower_->set_handler(stream.get());
  if (stream->record_ != nullptr) stream->record_->set_above(stream.get());
  return stream;
}

bool TlsStream::Configure(Error* error) {
  ERR_clear_error();
  auto refuse = [&](const char* operation) {
    *error = TakeError(operation);
    return false;
  };
  auto invalid = [&](const char* operation, const char* detail) {
    *error = Error::Tls(operation, kTlsBadOptions, detail);
    return false;
  };
  if (!ValidAlpn(options_->alpn)) return invalid("alpn", "alpn is not what EncodeAlpn() returns");
  if (options_->psk_hint.find('\0') != std::string::npos)
    return invalid("psk", "psk_hint has a null byte");
  SSL_CTX* context = options_->context->native();
  if (options_->keylog || CapturesKeys()) TlsCallbacks::LogKeys(context);
  ssl_ = SSL_new(context);
  BIO* bio = ssl_ != nullptr ? TlsCallbacks::MakeBio(this) : nullptr;
  if (bio == nullptr) return refuse("wrap");
  SSL_set_bio(ssl_, bio, bio);
  handover_ = std::make_unique<Handover>(options_->server);
  bool reject = options_->reject_unauthorized;
  if (options_->psk && !TlsCallbacks::AskForKeys(ssl_, *options_)) return refuse("psk");
  if (options_->server) {
    SSL_set_accept_state(ssl_);
    int mode = SSL_VERIFY_NONE;
    if (options_->request_certificate)
      mode = SSL_VERIFY_PEER | (reject ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    verify_client_ = options_->request_certificate && reject;
    SSL_set_verify(ssl_, mode, nullptr);
    if (options_->sessions)
      SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL |
                                                  SSL_SESS_CACHE_NO_AUTO_CLEAR);
    return true;
  }
  SSL_set_connect_state(ssl_);
  SSL_set_verify(ssl_, reject ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const std::string name = CheckedName(options_->server_name);
  if (!name.empty() && IpFamily(name) == 0 && !AskFor(ssl_, name))
    return invalid("servername", "server_name is no host name");
  if (!options_->verify_name.empty()) {
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const std::string expected = CheckedName(options_->verify_name);
    int ok = IpFamily(expected) != 0
                 ? X509_VERIFY_PARAM_set1_ip_asc(parameters, expected.c_str())
                 : X509_VERIFY_PARAM_set1_host(parameters, expected.data(), expected.size());
    if (ok != 1) return refuse("verify");
  }
  const std::string& alpn = options_->alpn;
  if (!alpn.empty() &&
      SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size())) != 0)
    return refuse("alpn");
  if (options_->request_ocsp) SSL_set_tlsext_status_type(ssl_, TLSEXT_STATUSTYPE_ocsp);
  return true;
}

bool TlsStream::SetSession(std::span<const uint8_t> session) {
  if (ssl_ == nullptr || started_) return false;
  const unsigned char* data = session.data();
  SessionPtr parsed(d2i_SSL_SESSION(nullptr, &data, static_cast<long>(session.size())));
  bool ok = parsed && SSL_set_session(ssl_, parsed.get()) == 1;
  ERR_clear_error();
  return ok;
}

bool TlsStream::SetServerName(const std::string& name) {
  bool ok = ssl_ != nullptr && !started_ && IpFamily(name) == 0 && AskFor(ssl_, name);
  ERR_clear_error();
  return ok;
}

bool TlsStream::SetMaxFragment(size_t bytes) {
  if (closed() || bytes < 512 || bytes > TlsLoop::kRecordSize) return false;
  max_fragment_ = static_cast<uint16_t>(bytes);
  return established_ || SSL_set_max_send_fragment(ssl_, static_cast<long>(bytes)) == 1;
}

void TlsStream::Start(std::span<const uint8_t> early) {
  if (ssl_ == nullptr || started_) return;
  started_ = true;
  pending_.assign(early.begin(), early.end());
  uint64_t limit = std::clamp(options_->handshake_timeout_ms, TlsOptions::kMinHandshakeTimeoutMs,
                              TlsOptions::kMaxHandshakeTimeoutMs);
  const AdmissionPlace* place = this->place();
  if (uint32_t most = place != nullptr ? place->admission->handshake_timeout_ms() : 0; most > 0)
    limit = std::min<uint64_t>(limit, most);
  const ConnectionLimits* limits = record_ != nullptr ? record_->limits() : nullptr;
  if (options_->server && limits != nullptr && limits->handshake > 0)
    limit = std::min(limit, limits->handshake);
  started_ns_ = sys::MonotonicNs();
  started_ms_ = loop_.now();
  timer_ = std::make_unique<Timer>(loop_,
                                   [this] { Fail(Error::Tls("handshake", kTlsHandshakeTimeout)); });
  timer_->SetAfter(limit);
  lower_->Resume();
  if (options_->server && early.empty()) return;
  loop_.Post([self = Ref<TlsStream>(this)] { self->Advance(); });
}

// Whether a handler has been asked and has not answered, or there is no place.
bool TlsStream::Waits() const {
  return (waiting_choice_ && !chosen_) || (waiting_protocol_ && !chosen_protocol_) ||
         (waiting_session_ && !session_given_) || handshake_place_ == HandshakePlace::kWaits ||
         failing_;
}

// Makes a step, now or in a later turn; until then the peer's bytes stay in the kernel.
void TlsStream::Advance() {
  if (closed() || secure_ || waiting_turn_ || Waits()) return;
  if (tls_loop_.Admit(*this)) {
    Step();
  } else {
    lower_->Pause();
  }
}

void TlsStream::Step() {
  Ref<TlsStream> keep(this);
  ERR_clear_error();
  // Not a buffer for each of a step's records. They may go once OpenSSL has read all there is; at
  // the end of a handshake it makes sure of that in TLS 1.3 alone.
  KeepBuffers(SSL_version(ssl_) == TLS1_3_VERSION);
  int result = 0;
  // OnPsk may close the stream: what OpenSSL works with stays until it returns.
  if (options_->psk) SSL_up_ref(ssl_);
  SslPtr held(options_->psk ? ssl_ : nullptr);
  {
    TrafficSecrets::Listening listening(handover_ ? &handover_->secrets : nullptr);
    result = SSL_do_handshake(ssl_);
  }
  if (closed()) {
    handover_.reset();
    return;
  }
  int reason = result == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_, result);
  bool modern = SSL_version(ssl_) == TLS1_3_VERSION;
  KeepBuffers(false);
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_CLIENT_HELLO_CB ||
      (result == 1 && modern))
    SSL_free_buffers(ssl_);
  bool failed = reason == SSL_ERROR_SSL || reason == SSL_ERROR_SYSCALL;
  Error error = failed ? HandshakeError() : Error();
  // What comes after the handshake waits: a client's last message until the handler has accepted
  // the server, the tickets of TLS 1.3 for the answer to the client's first bytes.
  if (result != 1 || (options_->server && !modern)) FlushControl();
  Report();
  if (closed()) return;
  if (result == 1) {
    FinishHandshake();
  } else if (failed) {
    Fail(error);
  } else if (Waits()) {
    lower_->Pause();
  } else {
    lower_->Resume();
  }
}

Error TlsStream::HandshakeError() const {
  unsigned long number = ERR_peek_error();
  long verified = SSL_get_verify_result(ssl_);
  if (ERR_GET_REASON(number) == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
    ERR_clear_error();
    return Error::Verify(static_cast<int>(verified));
  }
  return TakeError("handshake", true);
}

// What OpenSSL does not check when a session resumes: that it was trusted when it began, and
// that it belongs to the name that this connection is for.
Error TlsStream::CheckPeer() const {
  bool reject = options_->server ? verify_client_ : options_->reject_unauthorized;
  if (!reject) return {};
  X509* peer = SSL_get0_peer_certificate(ssl_);
  if (peer == nullptr && by_psk()) return {};
  if (peer == nullptr)
    return Error::Tls("handshake",
                      ERR_PACK(ERR_LIB_SSL, 0, SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE));
  if (!session_reused()) return {};
  if (long verified = SSL_get_verify_result(ssl_); verified != X509_V_OK)
    return Error::Verify(static_cast<int>(verified));
  if (options_->server) {
    const char* began = SSL_SESSION_get0_hostname(SSL_get0_session(ssl_));
    const char* asked = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
    if (strcasecmp(began != nullptr ? began : "", asked != nullptr ? asked : "") == 0) return {};
    Error error = Error::Verify(X509_V_ERR_CERT_REJECTED);
    error.detail = "the resumed session belongs to another server name";
    return error;
  }
  const std::string name = CheckedName(options_->verify_name);
  if (name.empty()) return {};
  bool ip = IpFamily(name) != 0;
  int match = ip ? X509_check_ip_asc(peer, name.c_str(), 0)
                 : X509_check_host(peer, name.data(), name.size(),
                                   X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr);
  if (match == 1) return {};
  return Error::Verify(ip ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH);
}

void TlsStream::FinishHandshake() {
  timer_.reset();
  LeavePlace(false);
  // A session by its identifier could be resumed before it is known whom that handshake trusts.
  if (options_->server && options_->choose && options_->request_certificate && !session_reused() &&
      TrustId() != options_->context->trust_id())
    SSL_CTX_remove_session(options_->context->native(), SSL_get0_session(ssl_));
  choice_.reset();
  chosen_ocsp_.reset();
  chosen_protocol_.reset();
  if (Error error = CheckPeer()) {
    Fail(error);
    return;
  }
  secure_ = true;
  NoteHandshake();
  loop_.NoteMemoryFreed();
  reading_ ? lower_->Resume() : lower_->Pause();
  HandOver();
  handler_->OnConnect(*this, Error());
  if (closed()) return;
  if (!options_->server) FlushControl();
  Pump();
  if (!closed() && reading_) Deliver();
  FlushControl();
}

// ---- The choice of a certificate

// The entry for a name that the client asked for, "" for none; null if there are no entries.
std::shared_ptr<const CertificateStore::Entry> TlsStream::FindCertificate(
    std::string_view name) const {
  if (!options_->certificates) return nullptr;
  std::shared_ptr<const CertificateStore::Entry> entry;
  if (!name.empty()) {
    entry = options_->certificates->Find(name);
  } else if (options_->ip_certificates) {
    entry = options_->certificates->Find(lower_->LocalAddress().host());
  }
  return entry ? entry : options_->certificates->Default();
}

// The context of that entry, or null for that of the options.
const TlsContext* TlsStream::PickCertificate(bool* verify_client) {
  const char* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  auto entry = FindCertificate(name != nullptr ? name : "");
  if (!entry) return nullptr;
  *verify_client = entry->verify_client;
  choice_ = entry->context;  // as long as OpenSSL may use what we return
  return choice_.get();
}

// A session in which a client showed its certificate belongs to the name that it asked for, to
// whom the server trusts there, and to what it does with others: elsewhere it is not resumed.
void TlsStream::BindSessions(std::string_view name) {
  auto entry = FindCertificate(name);
  if (!options_->request_certificate && !(entry && entry->verify_client)) return;
  const TlsContext& context = entry ? *entry->context : *options_->context;
  std::string what = options_->context->session_id_context();
  what += '\0';
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  for (char c : name) what += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  what += '\0';
  what += options_->reject_unauthorized || (entry && entry->verify_client) ? 'r' : 'a';
  what.append(context.trust_id().begin(), context.trust_id().end());
  uint8_t id[SSL_MAX_SID_CTX_LENGTH];
  EVP_Digest(what.data(), what.size(), id, nullptr, EVP_sha256(), nullptr);
  SSL_set_session_id_context(ssl_, id, sizeof id);
}

const std::array<uint8_t, 32>& TlsStream::TrustId() const {
  return (choice_ ? choice_ : options_->context)->trust_id();
}

void TlsStream::Choose(const std::shared_ptr<const TlsContext>& context,
                       std::span<const uint8_t> ocsp_response) {
  if (ssl_ == nullptr || !waiting_choice_ || chosen_) return;
  chosen_ = true;
  choice_ = context;
  chosen_ocsp_ = std::make_unique<std::vector<uint8_t>>(ocsp_response.begin(), ocsp_response.end());
  loop_.Post([self = Ref<TlsStream>(this)] { self->Advance(); });
}

void TlsStream::ChooseProtocol(std::string_view protocol) {
  if (ssl_ == nullptr || !waiting_protocol_ || chosen_protocol_) return;
  chosen_protocol_ = std::make_unique<std::string>(protocol);
  loop_.Post([self = Ref<TlsStream>(this)] { self->Advance(); });
}

bool TlsStream::GiveSession(std::span<const uint8_t> session) {
  if (ssl_ == nullptr || !waiting_session_ || session_given_) return false;
  session_given_ = true;
  // As in FinishHandshake(): it is not known yet whom this handshake trusts.
  bool unknown = options_->choose && options_->request_certificate;
  const unsigned char* data = session.data();
  if (!session.empty() && !unknown)
    given_session_ = d2i_SSL_SESSION(nullptr, &data, static_cast<long>(session.size()));
  ERR_clear_error();
  loop_.Post([self = Ref<TlsStream>(this)] { self->Advance(); });
  return session.empty() || unknown || given_session_ != nullptr;
}

bool TlsStream::UseCertificate(const TlsContext& context) {
  X509* certificate = context.certificate();
  EVP_PKEY* key = SSL_CTX_get0_privatekey(context.native());
  if (ssl_ == nullptr || certificate == nullptr || key == nullptr) return false;
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context.native(), &chain);
  bool ok = SSL_use_certificate(ssl_, certificate) == 1 && SSL_use_PrivateKey(ssl_, key) == 1 &&
            (chain == nullptr || SSL_set1_chain(ssl_, chain) == 1);
  ERR_clear_error();
  return ok;
}

void TlsStream::Use(const TlsContext& context) {
  if (options_->keylog || CapturesKeys()) TlsCallbacks::LogKeys(context.native());
  SSL_set_SSL_CTX(ssl_, context.native());
}

void TlsStream::TakeChoice() {
  if (choice_) Use(*choice_);
}

}  // namespace sluice
