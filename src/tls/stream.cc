// What a TlsStream owes its lower stream, its handlers and its end.
#include <cerrno>

#include "base/check.h"
#include "ledger/loop_ledger.h"
#include "sluice/tls.h"
#include "stream/write_queue.h"
#include "tls/callbacks.h"
#include "tls/established.h"
#include "tls/tls_loop.h"

namespace sluice {

void TlsHandler::OnKeylog(TlsStream&, std::string_view) {}
void TlsHandler::OnSession(TlsStream&, std::span<const uint8_t>) {}
bool TlsHandler::OnPsk(TlsStream&, const char*, PreSharedKey*) {
  return false;
}
void TlsHandler::OnServerSession(TlsStream&, std::span<const uint8_t>, std::span<const uint8_t>) {}
void TlsHandler::OnLookup(TlsStream& stream, std::span<const uint8_t>) {
  stream.GiveSession({});
}
void TlsHandler::OnProtocols(TlsStream& stream, const std::string&, std::span<const uint8_t>) {
  stream.ChooseProtocol({});
}
void TlsHandler::OnHello(TlsStream& stream, const std::string&) {
  stream.Choose(nullptr);
}

TlsStream::TlsStream(Ref<Stream> lower, std::shared_ptr<const TlsOptions> options,
                     StreamHandler* handler, TlsHandler* events)
    : Stream(lower->loop(), handler),
      tls_loop_(TlsLoop::Of(lower->loop())),
      lower_(std::move(lower)),
      options_(std::move(options)),
      events_(events) {}

TlsStream::~TlsStream() {
  SLUICE_CHECK(closed());
}

// ---- The lower stream

void TlsStream::OnConnect(Stream&, const Error& error) {
  if (error && !closed()) Fail(error);
}

void TlsStream::OnEnd(Stream&) {
  if (closed()) return;
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
  if (closed() || (ended_ && shutdown_told_)) return;
  Ref<TlsStream> keep(this);
  bool written = error.operation[0] == 'w';
  // What could not be sent is of TLS alone (tickets, close_notify): the handler, which wrote
  // nothing, learns of the peer's end or reset as of any other.
  if (written && secure_ && !queue_ && unsent_ == 0) {
    if (error.number == EPIPE) {
      lower_ended_ = true;
      if (reading_) Deliver();
      if (!closed() && shutdown_sent_ && !shutdown_told_) OnShutdown(*lower_);
      return;
    }
    if (error.number == ECONNRESET) {
      OnError(*lower_, Error::System("read", ECONNRESET));
      return;
    }
  }
  // A failed write is told at once: a handler may be paused until its bytes are written. So is an
  // end that somebody wants, which sets free what waits.
  bool wanted = record_ != nullptr && record_->given_up();
  if (secure_ && !wanted && (reading_ || !written) && HasBuffered()) {
    failure_ = std::make_unique<Error>(error);
    if (reading_) Deliver();
    return;
  }
  Fail(error);
}

void TlsStream::OnShutdown(Stream&) {
  if (closed()) return;
  shutdown_told_ = true;
  handler_->OnShutdown(*this);
}

void TlsStream::OnIdle(Stream&) {
  if (!closed()) handler_->OnIdle(*this);
}

// ---- The end

// Tells what OpenSSL's callbacks noted.
void TlsStream::Report() {
  if (!reports_) return;
  auto reports = std::move(reports_);
  for (const Record& record : *reports) {
    if (closed() || events_ == nullptr) return;
    std::string_view text(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
    if (record.kind == Record::kKeylog) events_->OnKeylog(*this, text);
    if (record.kind == Record::kSession) events_->OnSession(*this, record.bytes);
    if (record.kind == Record::kServerSession) {
      std::span<const uint8_t> bytes(record.bytes);  // the identifier's size, it, the session
      size_t size = bytes[0];
      events_->OnServerSession(*this, bytes.subspan(1, size), bytes.subspan(1 + size));
    }
    if (record.kind == Record::kLookup) events_->OnLookup(*this, record.bytes);
    if (record.kind == Record::kHello) events_->OnHello(*this, std::string(text));
    if (record.kind == Record::kProtocols) {
      size_t end = text.find('\0');  // of the name
      std::span<const uint8_t> offer = std::span(record.bytes).subspan(end + 1);
      events_->OnProtocols(*this, std::string(text.substr(0, end)), offer);
    }
  }
}

void TlsStream::Fail(const Error& error) {
  Ref<TlsStream> keep(this);
  StreamHandler* handler = handler_;
  bool connected = secure_;
  Error told = error;
  if (!secure_) LeavePlace(true);
  NoteFailure(told);
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
    if (!self->closed()) self->Fail(error);
  });
}

void TlsStream::Reset() {
  Note(CloseReason::Of(CloseCode::kLocalReset));
  Teardown(true);
}

void TlsStream::FreeSsl() {
  // Otherwise OpenSSL forgets the session of a connection that one side just cut.
  if (secure_ && ssl_ != nullptr) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(std::exchange(ssl_, nullptr));
}

void TlsStream::Teardown(bool reset) {
  if (closed()) return;
  // While there is still something to tell of; what is ended here has not failed.
  LeavePlace(false);
  counted_ = true;
  if (record_ != nullptr) {
    record_->Finish();
    record_->set_above(nullptr);
  }
  tls_loop_.Leave(*this);
  FreeSsl();
  SSL_SESSION_free(std::exchange(given_session_, nullptr));
  if (!asking_) handover_.reset();
  established_.reset();
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
