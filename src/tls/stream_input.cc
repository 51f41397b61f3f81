// A TlsStream's way in: ciphertext to records to the handler.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/capture.h"
#include "sluice/tls.h"
#include "tls/callbacks.h"
#include "tls/established.h"
#include "tls/tls_loop.h"

namespace sluice {
namespace {

constexpr size_t kHeaderSize = 5;
// RFC 5246, section 6.2.3: what a record may hold at most.
constexpr size_t kLargestRecord = 16384 + 2048;

}  // namespace

// ---- What OpenSSL reads. It sees whole records only, so that it keeps no buffer for a
// part of one.

void TlsStream::Peek(uint8_t* out, size_t size) const {
  size_t kept = std::min(size, pending_.size() - pending_used_);
  if (kept > 0) std::memcpy(out, pending_.data() + pending_used_, kept);
  if (size > kept) std::memcpy(out + kept, input_.data(), size - kept);
}

size_t TlsStream::Take(uint8_t* out, size_t size) {
  size = std::min(size, Available());
  Peek(out, size);
  size_t kept = std::min(size, pending_.size() - pending_used_);
  pending_used_ += kept;
  if (pending_used_ == pending_.size() && pending_used_ > 0) {
    std::vector<uint8_t>().swap(pending_);
    pending_used_ = 0;
  }
  input_ = input_.subspan(size - kept);
  return size;
}

// How many bytes OpenSSL may have now. Bytes that are no TLS record at all it gets as they come,
// to name the error.
size_t TlsStream::Readable() const {
  size_t available = Available();
  if (record_left_ > 0) return std::min(record_left_, available);
  if (available < kHeaderSize) return 0;
  uint8_t header[kHeaderSize];
  Peek(header, kHeaderSize);
  size_t size = size_t{header[3]} << 8 | header[4];
  bool plausible = header[0] >= 20 && header[0] <= 24 && header[1] == 3 && size <= kLargestRecord;
  if (!plausible) return available;
  return available >= kHeaderSize + size ? kHeaderSize + size : 0;
}

int TlsStream::Read(uint8_t* out, int size) {
  size_t readable = Readable();
  if (readable == 0) return 0;
  if (record_left_ == 0) {
    if (secure_ && silent_records_ == kSilentRecords) return 0;
    if (secure_) ++silent_records_;  // until it turns out to have bytes
    record_left_ = readable;
  }
  size_t taken = Take(out, std::min(readable, static_cast<size_t>(size)));
  if (handover_) handover_->NoteReceived({out, taken});
  record_left_ -= taken;
  return static_cast<int>(taken);
}

// Before the buffer that input_ points into goes to somebody else.
void TlsStream::KeepInput() {
  if (input_.empty()) return;
  if (pending_used_ > 0) {
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(pending_used_));
    pending_used_ = 0;
  }
  pending_.insert(pending_.end(), input_.begin(), input_.end());
  input_ = {};
}

std::span<uint8_t> TlsStream::OnBuffer(Stream&, size_t) {
  return tls_loop_.InputSpace();
}

void TlsStream::OnData(Stream&, std::span<uint8_t> data) {
  if (closed() || ended_) return;
  Ref<TlsStream> keep(this);
  // Callbacks below may run a turn of the loop, in which more is read, also for this stream.
  TlsLoop::Slab slab = tls_loop_.TakeInput(data.data());
  KeepInput();
  input_ = data;
  if (secure_) {
    if (reading_) Deliver();
  } else if (Readable() > 0) {
    Advance();
  }
  if (!closed()) KeepInput();
}

// Bytes of a record that the handler's buffer had no room for.
size_t TlsStream::Decrypted() const {
  return established_ ? established_->rest_size() : static_cast<size_t>(SSL_pending(ssl_));
}

bool TlsStream::PeerEnded() const {
  return established_ ? established_->peer_ended
                      : (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool TlsStream::HasRecord() const {
  return Decrypted() > 0 || Readable() > 0;
}

// Also what waits to be sent with the answer to these bytes: who answers in a later turn would send
// it apart.
bool TlsStream::knows_more() const {
  return !closed() && (HasBuffered() || !spill_.empty());
}

bool TlsStream::HasBuffered() const {
  if (ended_) return false;
  return HasRecord() || failure_ || lower_ended_ || PeerEnded();
}

// Gives what there is to the handler, as many records at once as its buffer holds.
void TlsStream::Deliver() {
  Ref<TlsStream> keep(this);
  while (!closed() && reading_ && !ended_ && HasRecord()) {
    std::span<uint8_t> buffer = handler_->OnBuffer(*this, Available() + Decrypted());
    if (closed() || !reading_ || ended_ || !HasRecord()) break;
    if (buffer.empty()) {
      Fail(Error::System("read", ENOBUFS));
      return;
    }
    int failure = SSL_ERROR_NONE;
    size_t count = Decrypt(buffer, &failure);
    if (failure == SSL_ERROR_SSL || failure == SSL_ERROR_SYSCALL)
      failure_ = std::make_unique<Error>(TakeError("read", true));
    // Before anything else that may turn the loop: the buffer is the handler's from here on.
    if (count > 0) {
      CountRead(count);
      if (Capturing()) CaptureProgram(true, buffer.first(count));
      handler_->OnData(*this, buffer.first(count));
      if (closed()) return;
    }
    FlushControl();
    Report();
    if (closed()) return;
    if (failure != SSL_ERROR_NONE || count == 0) break;
  }
  if (closed()) return;
  FinishInput();
}

size_t TlsStream::Decrypt(std::span<uint8_t> buffer, int* failure) {
  if (established_) return OpenRecords(buffer, failure);
  TrafficSecrets::Listening listening(handover_ ? &handover_->secrets : nullptr);
  size_t filled = 0;
  ERR_clear_error();
  while (filled < buffer.size() && HasRecord()) {
    size_t count = 0;
    uint8_t silent = silent_records_;
    KeepBuffers(Available() > Readable());
    if (SSL_read_ex(ssl_, buffer.data() + filled, buffer.size() - filled, &count) == 1) {
      filled += count;
      if (silent_records_ > silent) --silent_records_;
      continue;
    }
    int reason = SSL_get_error(ssl_, 0);
    if (reason != SSL_ERROR_WANT_READ) *failure = reason;
    break;
  }
  KeepBuffers(false);
  return filled;
}

// Whether OpenSSL shall keep the buffer of the record it is given next for the one behind it.
void TlsStream::KeepBuffers(bool keep) {
  if (ssl_ == nullptr) return;
  if (keep)
    SSL_clear_mode(ssl_, SSL_MODE_RELEASE_BUFFERS);
  else
    SSL_set_mode(ssl_, SSL_MODE_RELEASE_BUFFERS);
}

// What comes after the last record, once the handler had it.
void TlsStream::FinishInput() {
  if (!reading_ || ended_) return;
  if (failure_ == nullptr && HasRecord()) {
    if (silent_records_ < kSilentRecords) return;
    lower_->Pause();
    DeliverLater();
    return;
  }
  if (failure_) {
    Fail(Error(*failure_));
  } else if (PeerEnded()) {
    End(true);
  } else if (lower_ended_) {
    End(false);
  } else {
    lower_->Resume();
  }
}

void TlsStream::End(bool clean) {
  truncated_ = !clean;
  if (!clean && options_->fail_on_truncation) {
    Fail(Error::Tls("read", ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNEXPECTED_EOF_WHILE_READING)));
    return;
  }
  ended_ = true;
  Note(CloseReason::Of(clean ? CloseCode::kPeerEnd : CloseCode::kTlsTruncated));
  lower_->Pause();
  handler_->OnEnd(*this);
}

void TlsStream::Resume() {
  if (reading_) return;
  reading_ = true;
  if (closed() || !secure_ || ended_) return;
  if (!HasBuffered()) {
    lower_->Resume();
    return;
  }
  DeliverLater();
}

// In the next turn at the latest; others have had theirs by then.
void TlsStream::DeliverLater() {
  if (delivery_posted_) return;
  delivery_posted_ = true;
  loop_.Post([self = Ref<TlsStream>(this)] {
    self->delivery_posted_ = false;
    self->silent_records_ = 0;
    if (!self->closed() && self->reading_) self->Deliver();
  });
}

void TlsStream::Pause() {
  reading_ = false;
  if (!closed() && secure_) lower_->Pause();
}

}  // namespace sluice
