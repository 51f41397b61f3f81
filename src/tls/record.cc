// What the ledger learns of a TlsStream: its handshake, what its program moves, and why it ends.
#include "ledger/capture.h"
#include "ledger/loop_ledger.h"
#include "sluice/tls.h"
#include "stream/write_queue.h"
#include "sys/sys.h"
#include "tls/handles.h"

namespace sluice {
namespace {

// ssl(3): reasons from here on are alerts of the peer, by their numbers in RFC 8446, section 6.
constexpr int kFirstAlert = SSL_AD_REASON_OFFSET;

bool IsAlert(const Error& error) {
  return error.domain == ErrorDomain::kTls && error.number > 0 &&
         ERR_GET_LIB(static_cast<unsigned long>(error.number)) == ERR_LIB_SSL &&
         ERR_GET_REASON(static_cast<unsigned long>(error.number)) >= kFirstAlert;
}

int ReasonOf(const Error& error) {
  bool known = error.domain == ErrorDomain::kTls && error.number > 0;
  return known ? ERR_GET_REASON(static_cast<unsigned long>(error.number)) : 0;
}

CloseReason CauseOf(const Error& error, bool secure) {
  if (error.domain == ErrorDomain::kSystem)
    return CloseReason::Failed(static_cast<int>(error.number));
  if (error.number == kTlsHandshakeTimeout) return CloseReason::Of(CloseCode::kHandshakeTimeout);
  if (error.number == kTlsDisconnected) return CloseReason::Of(CloseCode::kPeerEnd);
  if (IsAlert(error)) return CloseReason::Of(CloseCode::kTlsAlert);
  if (ReasonOf(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return CloseReason::Of(CloseCode::kTlsTruncated);
  return CloseReason::Of(secure ? CloseCode::kTlsError : CloseCode::kHandshakeFailed);
}

HandshakeFailure FailureOf(const Error& error) {
  if (error.number == kTlsHandshakeTimeout && error.domain == ErrorDomain::kTls)
    return HandshakeFailure::kTimeout;
  if (error.domain == ErrorDomain::kVerify) return HandshakeFailure::kCertificate;
  if (IsAlert(error)) return HandshakeFailure::kAlert;
  switch (ReasonOf(error)) {
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHER_MATCH:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      return HandshakeFailure::kNoCipher;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_UNSUPPORTED_SSL_VERSION:
      return HandshakeFailure::kVersion;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_BAD_PACKET_LENGTH:
      return HandshakeFailure::kNotTls;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return HandshakeFailure::kCertificate;
    default:
      return HandshakeFailure::kOther;
  }
}

}  // namespace

// Where what the program moves is counted: of the uppermost stream alone.
Account* TlsStream::account() const {
  return record_ != nullptr && record_->above() == this ? &record_->account() : nullptr;
}

void TlsStream::NoteFailure(const Error& error) {
  CountFailure(FailureOf(error));
  Note(CauseOf(error, secure_));
}

void TlsStream::CountFailure(HandshakeFailure failure) {
  if (secure_ || counted_) return;
  counted_ = true;
  Account* counted = account();
  if (counted == nullptr) return;
  counted->HandshakeFailed(failure);
  if (record_->entered())
    counted->ledger()->Tell(EventKind::kHandshakeFailed, record_->id(),
                            static_cast<uint8_t>(failure));
}

// The descriptor goes before its end is told: by a reset, say. Later nobody knows whose place the
// handshake had.
void TlsStream::Ending() {
  if (secure_ || !started_) return;
  LeavePlace(!counted_);
  CountFailure(HandshakeFailure::kOther);
}

void TlsStream::CaptureProgram(bool in, std::span<const uint8_t> data) {
  if (account() != nullptr) CaptureBytes(*record_, CaptureLevel::kProgram, in, data);
}

bool TlsStream::CapturesKeys() const {
  return Capturing() && record_ != nullptr && CapturesSecrets(*record_);
}

void TlsStream::NoteHandshake() {
  secure_ms_ = loop_.now();
  if (Capturing() && record_ != nullptr) CaptureSecure(*record_);
  constexpr double kNanosecond = 1e-9;
  Account* counted = account();
  if (counted == nullptr) return;
  uint64_t took = sys::MonotonicNs() - started_ns_;
  counted->Handshake(session_reused(), SSL_version(ssl_) == TLS1_3_VERSION,
                     static_cast<double>(took) * kNanosecond);
  if (record_->entered())
    counted->ledger()->Tell(EventKind::kSecure, record_->id(), 0, took / 1000);
}

void TlsStream::CountRead(size_t count) {
  bytes_read_ += count;
  if (Account* counted = account()) counted->bytes_in.Add(count);
}

void TlsStream::CountWritten(size_t count) {
  bytes_written_ += count;
  if (Account* counted = account()) counted->bytes_out.Add(count);
}

void TlsStream::Enqueue(std::span<const std::span<const uint8_t>> parts, size_t skip, bool copy) {
  size_t before = queue_ ? queue_->bytes() : 0;
  QueueRest(queue_, parts, skip, copy);
  if (account() != nullptr && queue_) record_->AddWaiting(queue_->bytes() - before);
}

void TlsStream::Dequeue(size_t count) {
  queue_->Drop(count);
  if (account() != nullptr) record_->TakeWaiting(count);
}

void TlsStream::Describe(ConnectionInfo& info) const {
  info.handshake_started_ms = started_ms_;
  info.secure_ms = secure_ms_;
  info.bytes_in = bytes_read_;
  info.bytes_out = bytes_written_;
  if (closed() || !secure_) return;
  TlsFacts facts{protocol(), cipher().name, {}, session_reused(), server_name(), alpn(), {}};
  if (auto chain = PeerChain(); !chain.empty()) {
    char name[128];
    int size = X509_NAME_get_text_by_NID(X509_get_subject_name(chain.front()), NID_commonName, name,
                                         sizeof name);
    if (size > 0) facts.peer = name;
  }
  if (int group = NegotiatedGroup(); group != 0) {
    const char* name = OBJ_nid2sn(group & 0xFFFF);
    if ((group & TLSEXT_nid_unknown) == 0 && name != nullptr) facts.group = name;
  }
  ERR_clear_error();
  info.tls = std::move(facts);
}

}  // namespace sluice
