#include "sluice/tls.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "stream/write_queue.h"
#include "tls/callbacks.h"
#include "tls/tls_loop.h"

namespace sluice {
namespace {

constexpr size_t kHeaderSize = 5;
// RFC 5246, section 6.2.3: what a record may hold at most.
constexpr size_t kLargestRecord = 16384 + 2048;
constexpr int kPartsPerRound = 64;

}  // namespace

void TlsHandler::OnKeylog(TlsStream&, std::string_view) {}
void TlsHandler::OnSession(TlsStream&, std::span<const uint8_t>) {}
void TlsHandler::OnHello(TlsStream& stream, const std::string&) { stream.Choose(nullptr); }

// Ciphertext of one call on its way to the lower stream.
struct TlsStream::Output {
  explicit Output(TlsStream& stream) : slab(stream.tls_loop_.Output()) {}
  size_t space() const { return TlsLoop::kOutputSize - size; }
  TlsLoop::Slab slab;
  size_t size = 0;
};

TlsStream::TlsStream(Ref<Stream> lower, std::shared_ptr<const TlsOptions> options,
                     StreamHandler* handler, TlsHandler* events)
    : Stream(lower->loop(), handler),
      tls_loop_(TlsLoop::Of(lower->loop())),
      lower_(std::move(lower)),
      options_(std::move(options)),
      events_(events) {}

TlsStream::~TlsStream() { SLUICE_CHECK(ssl_ == nullptr); }

// ---- Input: what OpenSSL reads. It sees whole records only, so that it keeps no buffer for a
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
size_t TlsStream::Readable() {
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
  if (record_left_ == 0) record_left_ = readable;
  size_t taken = Take(out, std::min(readable, static_cast<size_t>(size)));
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
  if (ssl_ == nullptr || ended_) return;
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
  if (ssl_ != nullptr) KeepInput();
}

bool TlsStream::HasRecord() { return SSL_pending(ssl_) > 0 || Readable() > 0; }

bool TlsStream::HasBuffered() {
  if (ended_) return false;
  return HasRecord() || failure_ || lower_ended_ ||
         (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

// Gives what there is to the handler, as many records at once as its buffer holds.
void TlsStream::Deliver() {
  Ref<TlsStream> keep(this);
  while (ssl_ != nullptr && reading_ && !ended_ && HasRecord()) {
    std::span<uint8_t> buffer = handler_->OnBuffer(*this, Available() + SSL_pending(ssl_));
    int failure = SSL_ERROR_NONE;
    size_t count = Decrypt(buffer, &failure);
    if (failure == SSL_ERROR_SSL || failure == SSL_ERROR_SYSCALL)
      failure_ = std::make_unique<Error>(TakeError("read", true));
    FlushControl();
    Report();
    if (ssl_ == nullptr) return;
    if (count > 0) {
      bytes_read_ += count;
      handler_->OnData(*this, buffer.first(count));
    }
    if (failure != SSL_ERROR_NONE || count == 0) break;
  }
  if (ssl_ != nullptr) FinishInput();
}

size_t TlsStream::Decrypt(std::span<uint8_t> buffer, int* failure) {
  size_t filled = 0;
  while (filled < buffer.size() && HasRecord()) {
    size_t count = 0;
    ERR_clear_error();
    if (SSL_read_ex(ssl_, buffer.data() + filled, buffer.size() - filled, &count) == 1) {
      filled += count;
      continue;
    }
    int reason = SSL_get_error(ssl_, 0);
    if (reason != SSL_ERROR_WANT_READ) *failure = reason;
    break;
  }
  return filled;
}

// What comes after the last record, once the handler had it.
void TlsStream::FinishInput() {
  if (!reading_ || ended_ || (failure_ == nullptr && HasRecord())) return;
  if (failure_) {
    Fail(Error(*failure_));
  } else if ((SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0) {
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
  lower_->Pause();
  handler_->OnEnd(*this);
}

void TlsStream::Resume() {
  if (reading_) return;
  reading_ = true;
  if (ssl_ == nullptr || !secure_ || ended_) return;
  if (!HasBuffered()) {
    lower_->Resume();
    return;
  }
  if (delivery_posted_) return;
  delivery_posted_ = true;
  loop_.Post([self = Ref<TlsStream>(this)] {
    self->delivery_posted_ = false;
    if (self->ssl_ != nullptr && self->reading_) self->Deliver();
  });
}

void TlsStream::Pause() {
  reading_ = false;
  if (ssl_ != nullptr && secure_) lower_->Pause();
}

// ---- The lower stream

void TlsStream::OnConnect(Stream&, const Error& error) {
  if (error && ssl_ != nullptr) Fail(error);
}

void TlsStream::OnEnd(Stream&) {
  if (ssl_ == nullptr) return;
  Ref<TlsStream> keep(this);
  lower_ended_ = true;
  if (secure_) {
    if (reading_) Deliver();
    return;
  }
  Fail(Error::Tls("handshake", kTlsDisconnected,
                  options_->server
                      ? "socket hang up"
                      : "Client network socket disconnected before secure TLS connection was "
                        "established"));
}

void TlsStream::OnError(Stream&, const Error& error) {
  // Both sides ended before: nothing is lost, and the handler is about to close.
  if (ssl_ == nullptr || (ended_ && shutdown_told_)) return;
  Ref<TlsStream> keep(this);
  // A failed write is told at once: a handler may be paused until its bytes are written.
  bool written = error.operation[0] == 'w';
  if (secure_ && (reading_ || !written) && HasBuffered()) {
    failure_ = std::make_unique<Error>(error);
    if (reading_) Deliver();
    return;
  }
  Fail(error);
}

void TlsStream::OnShutdown(Stream&) {
  if (ssl_ == nullptr) return;
  shutdown_told_ = true;
  handler_->OnShutdown(*this);
}

void TlsStream::OnIdle(Stream&) {
  if (ssl_ != nullptr) handler_->OnIdle(*this);
}

// ---- Output

// Called by OpenSSL: it never waits, so that no record is ever half written.
void TlsStream::Emit(const uint8_t* data, size_t size) {
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
  if (spill_.empty() || ssl_ == nullptr) return;
  std::vector<uint8_t> spill;
  spill.swap(spill_);
  lower_->Write(spill);
}

// Encrypts parts until the lower stream no longer takes all of it; returns how many bytes are in
// records now. Those that are queued below are in unsent_.
size_t TlsStream::Encrypt(std::span<const std::span<const uint8_t>> parts) {
  Output output(*this);
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
      size_t written = 0;
      ERR_clear_error();
      output_ = &output;
      int result = SSL_write_ex(ssl_, record.data(), record.size(), &written);
      output_ = nullptr;
      if (result != 1) {
        FailLater(TakeError("write", true));
        open = false;
        break;
      }
      offset += record.size() - used;
      done += record.size();
      if (output.space() < TlsLoop::kRecordSpace) {
        open = Flush(output) && ssl_ != nullptr;
        if (open) sent = done;
      }
    }
    parts = parts.subspan(1);
  }
  if (ssl_ == nullptr) return done;
  if (output.size > 0 || !spill_.empty()) open = Flush(output);
  if (open) sent = done;
  bytes_written_ += sent;
  unsent_ += done - sent;
  return done;
}

bool TlsStream::OutputWaits() const {
  return (queue_ && !queue_->empty()) || unsent_ > 0 || lower_->queued() > 0;
}

size_t TlsStream::queued() const { return (queue_ ? queue_->bytes() : 0) + unsent_; }

size_t TlsStream::TryWrite(std::span<const uint8_t> data) {
  if (ssl_ == nullptr || !secure_ || failing_ || shutdown_wanted_ || data.empty()) return 0;
  if (prepared_ > 0 || OutputWaits()) return 0;
  Ref<TlsStream> keep(this);
  size_t done = Encrypt({&data, 1});
  prepared_ = unsent_;
  return done - unsent_;
}

bool TlsStream::Write(std::span<const std::span<const uint8_t>> parts, bool copy) {
  if (ssl_ == nullptr || failing_) return false;
  Ref<TlsStream> keep(this);
  if (shutdown_wanted_) {
    FailLater(Error::System("write", EPIPE));
    return false;
  }
  if (failure_) FailLater(*failure_);  // waits for Resume, which a writer may not come to
  size_t skip = std::exchange(prepared_, 0);
  if (secure_ && !OutputWaits() && skip == 0) {
    skip = Encrypt(parts);
    if (ssl_ == nullptr) return false;
  }
  for (auto part : parts) {
    size_t taken = std::min(skip, part.size());
    skip -= taken;
    if (taken == part.size()) continue;
    if (!queue_) queue_ = std::make_unique<WriteQueue>();
    queue_->Append(part.subspan(taken), copy);
  }
  if (!OutputWaits()) return true;
  drain_wanted_ = true;
  // What TryWrite left below may be gone by now, and then no OnDrain of it will come.
  if (secure_ && queue_ && unsent_ == 0 && lower_->queued() == 0)
    loop_.Post([self = Ref<TlsStream>(this)] {
      if (self->ssl_ != nullptr) self->Pump();
    });
  return false;
}

void TlsStream::OnDrain(Stream&) {
  if (ssl_ == nullptr) return;
  bytes_written_ += std::exchange(unsent_, 0);
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
    if (ssl_ == nullptr || failing_) return;
    queue_->Drop(done);
  }
  if (OutputWaits()) return;
  queue_.reset();
  if (drain_wanted_) {
    drain_wanted_ = false;
    handler_->OnDrain(*this);
  }
  if (ssl_ != nullptr && shutdown_wanted_ && !shutdown_sent_ && !queue_) SendEnd();
}

void TlsStream::Shutdown() {
  if (ssl_ == nullptr || shutdown_wanted_) return;
  shutdown_wanted_ = true;
  if (secure_ && !queue_) SendEnd();
}

void TlsStream::SendEnd() {
  Ref<TlsStream> keep(this);
  shutdown_sent_ = true;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
  FlushControl();
  if (ssl_ != nullptr) lower_->Shutdown();
}

// ---- The end

// Tells what OpenSSL's callbacks noted.
void TlsStream::Report() {
  if (!reports_) return;
  auto reports = std::move(reports_);
  for (const Record& record : *reports) {
    if (ssl_ == nullptr || events_ == nullptr) return;
    std::string_view text(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
    if (record.kind == Record::kKeylog) events_->OnKeylog(*this, text);
    if (record.kind == Record::kSession) events_->OnSession(*this, record.bytes);
    if (record.kind == Record::kHello) events_->OnHello(*this, std::string(text));
  }
}

void TlsStream::Fail(const Error& error) {
  Ref<TlsStream> keep(this);
  StreamHandler* handler = handler_;
  bool connected = secure_;
  Error told = error;
  Teardown(false);
  if (connected) {
    handler->OnError(*this, told);
  } else {
    handler->OnConnect(*this, told);
  }
}

void TlsStream::FailLater(const Error& error) {
  if (failing_) return;
  failing_ = true;
  loop_.Post([self = Ref<TlsStream>(this), error] {
    if (self->ssl_ != nullptr) self->Fail(error);
  });
}

void TlsStream::Teardown(bool reset) {
  if (ssl_ == nullptr) return;
  SSL* ssl = std::exchange(ssl_, nullptr);
  tls_loop_.Leave(*this);
  // Otherwise OpenSSL forgets the session of a connection that one side just cut.
  if (secure_) SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl);
  timer_.reset();
  queue_.reset();
  failure_.reset();
  reports_.reset();
  std::vector<uint8_t>().swap(pending_);
  std::vector<uint8_t>().swap(spill_);
  pending_used_ = 0;
  input_ = {};
  reset ? lower_->Reset() : lower_->Close();
  unref();  // held by Wrap
}

}  // namespace sluice
