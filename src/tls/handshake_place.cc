// A server's handshake and the places that its admission has for handshakes.
#include <algorithm>
#include <utility>
#include <vector>

#include "ledger/account.h"
#include "sluice/admission.h"
#include "sluice/tls.h"
#include "tls/tls_loop.h"

namespace sluice {
namespace {

// Fields of a ClientHello, one after the other (RFC 8446, section 4.1.2); none beyond its end.
class Fields {
 public:
  explicit Fields(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  std::span<const uint8_t> Take(size_t size) {
    size = std::min(size, bytes_.size());
    auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  size_t Number(size_t size) {
    size_t number = 0;
    for (uint8_t byte : Take(size)) number = number << 8 | byte;
    return number;
  }
  std::span<const uint8_t> Vector(size_t size_of_length) { return Take(Number(size_of_length)); }

 private:
  std::span<const uint8_t> bytes_;
};

constexpr size_t kRecordHeader = 5;
constexpr uint8_t kHandshakeRecord = 22;
constexpr size_t kClientHello = 1;
constexpr size_t kVersionAndRandom = 2 + 32;
constexpr size_t kSessionTicket = 35;  // RFC 5077
constexpr size_t kPreSharedKey = 41;

// Whether a record with a ClientHello offers to resume a session. One that lies has a place in
// which it will be found out: the most is that it takes one of those for others who lie.
bool OffersSession(std::span<const uint8_t> record) {
  Fields fields(record.subspan(kRecordHeader));
  if (fields.Number(1) != kClientHello) return false;
  Fields hello(fields.Vector(3));
  hello.Take(kVersionAndRandom);
  hello.Vector(1);  // the session's identifier: TLS 1.3 sends one of no meaning
  hello.Vector(2);
  hello.Vector(1);
  for (Fields extensions(hello.Vector(2)); !extensions.empty();) {
    size_t type = extensions.Number(2);
    auto data = extensions.Vector(2);
    if ((type == kSessionTicket || type == kPreSharedKey) && !data.empty()) return true;
  }
  return false;
}

}  // namespace

// What the server's admission gave the connection; null: it has none, or a client's side.
const AdmissionPlace* TlsStream::place() const {
  if (!options_->server || record_ == nullptr) return nullptr;
  return record_->place().admission != nullptr ? &record_->place() : nullptr;
}

// Whether a step of the handshake may be made, as far as places are concerned; else it waits for
// one, or has failed.
bool TlsStream::HasPlace() {
  if (handshake_place_ >= HandshakePlace::kFull) return true;
  if (failing_) return false;
  const AdmissionPlace* held = place();
  return held == nullptr || AskForPlace();
}

bool TlsStream::AskForPlace() {
  std::vector<uint8_t> record(Readable());
  if (record.size() < kRecordHeader) return true;  // there is no hello, nor any work, yet
  Peek(record.data(), record.size());
  if (record[0] != kHandshakeRecord) return true;  // nor will there be
  bool resumes = OffersSession(record);
  bool waits = handshake_place_ == HandshakePlace::kWaits;
  const AdmissionPlace& held = *place();
  switch (held.admission->BeginHandshake(held, resumes, waits, loop_.now())) {
    case Admission::Turn::kNow:
      handshake_place_ = resumes ? HandshakePlace::kResumed : HandshakePlace::kFull;
      return true;
    case Admission::Turn::kLater:
      handshake_place_ = HandshakePlace::kWaits;
      lower_->Pause();
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

// LeavePlace is the end of the handshake, or of the waiting for its place.
void TlsStream::LeavePlace(bool failed) {
  const AdmissionPlace* held = place();
  if (held == nullptr) return;
  Admission& admission = *held->admission;
  // Who connects and says nothing looks whether the server is there.
  if (failed && lower_->bytes_read() > 0 && record_->reason().code != CloseCode::kAdmission)
    admission.HandshakeFailed(held->entry, loop_.now());
  HandshakePlace left = std::exchange(handshake_place_, HandshakePlace::kNone);
  if (left == HandshakePlace::kNone) return;
  if (left == HandshakePlace::kWaits) {
    admission.GiveUpHandshake();
  } else {
    admission.EndHandshake(left == HandshakePlace::kResumed);
  }
  tls_loop_.PlaceLeft();
}

}  // namespace sluice
