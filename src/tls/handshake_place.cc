// A server's handshake and the places that its admission has for handshakes. OpenSSL asks: once it
// has read the client's hello, before it does anything for it, and again where a session that the
// hello offered is not resumed, before it makes keys and signatures.
#include <utility>

#include "ledger/account.h"
#include "sluice/admission.h"
#include "sluice/tls.h"
#include "tls/tls_loop.h"

namespace sluice {

// What the server's admission gave the connection; null: it has none, or a client's side.
const AdmissionPlace* TlsStream::place() const {
  if (!options_->server || record_ == nullptr) return nullptr;
  return record_->place().admission != nullptr ? &record_->place() : nullptr;
}

// Whether the handshake may go on, as far as places are concerned; else it waits for one, or has
// failed.
bool TlsStream::HasPlace() {
  if (handshake_place_ >= HandshakePlace::kFull) return true;
  return !failing_ && handshake_place_ != HandshakePlace::kWaits && AskForPlace();
}

bool TlsStream::AskForPlace() {
  const AdmissionPlace* held = place();
  if (held == nullptr) return true;
  bool waits = handshake_place_ == HandshakePlace::kWaits;
  switch (held->admission->BeginHandshake(*held, offers_session_, waits, loop_.now())) {
    case Admission::Turn::kNow:
      handshake_place_ = offers_session_ ? HandshakePlace::kResumed : HandshakePlace::kFull;
      return true;
    case Admission::Turn::kLater:
      handshake_place_ = HandshakePlace::kWaits;
      tls_loop_.WaitForPlace(*this);
      return false;
    case Admission::Turn::kNever:
      record_->account().Refuse(Refusal::kHandshakes);
      Note(CloseReason::Of(CloseCode::kAdmission));
      FailLater(Error::Tls("handshake", kTlsNoPlace, "too many handshakes wait"));
      return false;
  }
  return false;
}

// Its turn among those that wait.
void TlsStream::AskAgain() {
  if (handshake_place_ == HandshakePlace::kWaits && AskForPlace()) Advance();
}

// Whether the handshake may go on without a session. One that offered one, as whoever likes may,
// gives back the place that it had for that and waits with the others who resume none.
bool TlsStream::HasFullPlace() {
  if (offers_session_) {
    offers_session_ = false;
    if (Account* numbers = account()) numbers->SessionNotResumed();
    ReturnPlace();
  }
  return HasPlace();
}

void TlsStream::ReturnPlace() {
  HandshakePlace left = std::exchange(handshake_place_, HandshakePlace::kNone);
  if (left == HandshakePlace::kNone) return;
  Admission& admission = *place()->admission;
  if (left == HandshakePlace::kWaits) {
    admission.GiveUpHandshake();
  } else {
    admission.EndHandshake(left == HandshakePlace::kResumed);
  }
  tls_loop_.PlaceLeft();
}

// LeavePlace is the end of the handshake, or of the waiting for its place.
void TlsStream::LeavePlace(bool failed) {
  const AdmissionPlace* held = place();
  if (held == nullptr) return;
  // Who connects and says nothing looks whether the server is there.
  if (failed && lower_->bytes_read() > 0 && record_->reason().code != CloseCode::kAdmission)
    held->admission->HandshakeFailed(held->entry, loop_.now());
  ReturnPlace();
}

}  // namespace sluice
