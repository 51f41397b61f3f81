// A TlsStream's way out: plain bytes to records to the lower stream.
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/mutant.h"
#include "ledger/capture.h"
#include "sluice/tls.h"
#include "stream/write_queue.h"
#include "tls/callbacks.h"
#include "tls/established.h"
#include "tls/tls_loop.h"

namespace sluice {
namespace {

constexpr int kPartsPerRound = 64;
// Bytes of TLS's own messages that may wait for the peer to read: some thousand.
constexpr size_t kMostReplies = 64 * 1024;

}  // namespace

TlsStream::Output::Output(TlsStream& stream) : slab(stream.tls_loop_.Output()) {
  if (stream.spill_.size() > TlsLoop::kOutputSize) return;
  std::vector<uint8_t> waiting;
  waiting.swap(stream.spill_);
  size = waiting.size();
  if (size > 0) std::memcpy(slab.data(), waiting.data(), size);
}

// Called by OpenSSL: it never waits, so that no record is ever half written.
void TlsStream::Emit(const uint8_t* data, size_t size) {
  if (handover_) handover_->NoteSent({data, size});
  if (output_ != nullptr && spill_.empty() && size <= output_->space()) {
    std::memcpy(output_->slab.data() + output_->size, data, size);
    output_->size += size;
    return;
  }
  spill_.insert(spill_.end(), data, data + size);
}

// Returns whether the lower stream took everything there is.
bool TlsStream::Flush(Output& output) {
  std::vector<uint8_t> spill;
  spill.swap(spill_);
  std::span<const uint8_t> parts[] = {{output.slab.data(), output.size}, spill};
  output.size = 0;
  return lower_->Write(parts, true);
}

void TlsStream::FlushControl() {
  if (spill_.empty() || closed()) return;
  std::vector<uint8_t> spill;
  spill.swap(spill_);
  if (lower_->Write(spill) || !secure_ || closed()) return;
  ReadBeforeFailure();
  replies_ += spill.size();
  if (replies_ > kMostReplies)
    FailLater(Error::Tls("read", kTlsUnreadReplies,
                         "the peer does not read the answers to its TLS messages"));
}

// The peer may be gone, which the lower stream tells in a task of its own. What the peer sent
// before is read then also if the handler has paused: that it wrote nothing which could fail.
void TlsStream::ReadBeforeFailure() {
  if (reading_) return;
  lower_->Resume();
  loop_.Post([self = Ref<TlsStream>(this)] {
    if (!self->closed() && !self->reading_) self->lower_->Pause();
  });
}

bool TlsStream::WriteToSsl(std::span<const uint8_t> record) {
  TrafficSecrets::Listening listening(handover_ ? &handover_->secrets : nullptr);
  size_t written = 0;
  return SSL_write_ex(ssl_, record.data(), record.size(), &written) == 1;
}

// Encrypts parts until the lower stream no longer takes all of it; returns how many bytes are in
// records now. Those that are queued below are in unsent_.
size_t TlsStream::Encrypt(std::span<const std::span<const uint8_t>> parts) {
  Output output(*this);
  ERR_clear_error();
  size_t done = 0, sent = 0;
  bool open = true;
  while (!parts.empty() && open) {
    std::span<const uint8_t> part = parts.front();
    // done counts from the first part on; offset is what of this one is done.
    size_t offset = 0;
    while (offset < part.size() && open) {
      std::span<const uint8_t> record = part.subspan(offset);
      size_t used = 0;  // of the parts that follow
      if (record.size() < TlsLoop::kRecordSize && parts.size() > 1) {
        uint8_t* gather = tls_loop_.gather();
        size_t size = record.size();
        std::memcpy(gather, record.data(), size);
        while (parts.size() > 1 && size + parts[1].size() <= TlsLoop::kRecordSize) {
          parts = parts.subspan(1);
          if (!parts.front().empty())
            std::memcpy(gather + size, parts.front().data(), parts.front().size());
          size += parts.front().size();
        }
        used = size - record.size();
        record = {gather, size};
      } else {
        record = record.first(std::min(record.size(), TlsLoop::kRecordSize));
      }
      output_ = &output;
      KeepBuffers(parts.size() > 1 || offset + record.size() - used < part.size());
      bool encrypted = (Mutant(15) && record.size() % 8 == 3) ||
                       (established_ ? SealData(record) : WriteToSsl(record));
      KeepBuffers(false);
      output_ = nullptr;
      if (!encrypted) {
        FailLater(TakeError("write", true));
        open = false;
        break;
      }
      if (Capturing()) CaptureProgram(false, record);
      offset += record.size() - used;
      done += record.size();
      if (output.space() < TlsLoop::kRecordSpace) {
        open = Flush(output) && !closed();
        if (open) sent = done;
      }
    }
    parts = parts.subspan(1);
  }
  if (closed()) return done;
  if (output.size > 0 || !spill_.empty()) open = Flush(output);
  if (open) sent = done;
  CountWritten(sent);
  unsent_ += done - sent;
  return done;
}

bool TlsStream::OutputWaits() const {
  return (queue_ && !queue_->empty()) || unsent_ > 0 || lower_->queued() > 0;
}

size_t TlsStream::queued() const {
  return (queue_ ? queue_->bytes() : 0) + unsent_;
}

size_t TlsStream::TryWrite(std::span<const uint8_t> data) {
  if (closed() || !secure_ || failing_ || shutdown_wanted_ || data.empty()) return 0;
  if (prepared_ > 0 || OutputWaits() || lower_->closed()) return 0;
  Ref<TlsStream> keep(this);
  size_t done = Encrypt({&data, 1});
  prepared_ = unsent_;
  return done - unsent_;
}

bool TlsStream::Write(std::span<const std::span<const uint8_t>> parts, bool copy) {
  if (closed() || failing_) return false;
  if (record_ != nullptr && record_->above() == this && record_->Refuses(parts)) {
    failing_ = true;
    return false;
  }
  Ref<TlsStream> keep(this);
  if (shutdown_wanted_ || lower_->closed()) {
    FailLater(Error::System("write", EPIPE));
    return false;
  }
  if (failure_) FailLater(*failure_);  // waits for Resume, which a writer may not come to
  size_t skip = std::exchange(prepared_, 0);
  if (secure_ && !OutputWaits() && skip == 0) {
    skip = Encrypt(parts);
    if (closed()) return false;
  }
  Enqueue(parts, skip, copy);
  if (!OutputWaits()) return true;
  drain_wanted_ = true;
  // What TryWrite left below may be gone by now, and then no OnDrain of it will come.
  if (secure_ && queue_ && unsent_ == 0 && lower_->queued() == 0)
    loop_.Post([self = Ref<TlsStream>(this)] {
      if (!self->closed()) self->Pump();
    });
  return false;
}

void TlsStream::OnDrain(Stream&) {
  if (closed()) return;
  CountWritten(std::exchange(unsent_, 0));
  replies_ = 0;
  Pump();
}

void TlsStream::Pump() {
  Ref<TlsStream> keep(this);
  if (!secure_ || failing_) return;
  while (queue_ && !queue_->empty() && unsent_ == 0 && lower_->queued() == 0) {
    iovec vector[kPartsPerRound];
    int count = queue_->Peek(vector, kPartsPerRound);
    std::span<const uint8_t> parts[kPartsPerRound];
    for (int i = 0; i < count; ++i)
      parts[i] = {static_cast<const uint8_t*>(vector[i].iov_base), vector[i].iov_len};
    size_t done = Encrypt({parts, static_cast<size_t>(count)});
    if (closed() || failing_) return;
    Dequeue(done);
  }
  if (OutputWaits()) return;
  queue_.reset();
  if (drain_wanted_) {
    drain_wanted_ = false;
    handler_->OnDrain(*this);
  }
  if (!closed() && shutdown_wanted_ && !shutdown_sent_ && !queue_) SendEnd();
}

void TlsStream::Shutdown() {
  if (closed() || shutdown_wanted_) return;
  shutdown_wanted_ = true;
  Note(CloseReason::Of(CloseCode::kLocalEnd));
  if (secure_ && !queue_) SendEnd();
}

void TlsStream::SendEnd() {
  Ref<TlsStream> keep(this);
  shutdown_sent_ = true;
  ERR_clear_error();
  if (established_)
    SealAlert(TlsRecords::kCloseNotify);
  else
    SSL_shutdown(ssl_);
  ERR_clear_error();
  FlushControl();
  if (closed()) return;
  if (!lower_->closed()) {
    lower_->Shutdown();
    return;
  }
  loop_.Post([self = Ref<TlsStream>(this)] { self->OnShutdown(*self->lower_); });
}

}  // namespace sluice
