#include "bind/tls/duplex_stream.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "engine/value.h"

namespace sluice::js {

DuplexStream::DuplexStream(NetState& state) : Stream(state.engine().loop(), &state), state_(state) {
  ref();  // while open; Close lets go
}

DuplexStream::~DuplexStream() {
  SLUICE_CHECK(closed_);
}

Ref<DuplexStream> DuplexStream::Make(NetState& state) {
  return Ref<DuplexStream>(new DuplexStream(state));
}

void DuplexStream::Later() {
  if (posted_ || closed_) return;
  posted_ = true;
  loop_.Post([self = Ref<DuplexStream>(this)] { self->Turn(); });
}

// Tells JavaScript and the handler what changed; each call may close the stream.
void DuplexStream::Turn() {
  posted_ = false;
  Ref<DuplexStream> keep(this);
  if (!closed_ && told_reading_ != reading_ && !input_ended_) {
    told_reading_ = reading_;
    state_.Tell(tag, NetEvent::kReading, JSValueMakeBoolean(state_.engine().context(), reading_));
  }
  if (!closed_ && in_flight_ == 0 && !output_.empty()) {
    std::vector<uint8_t> bytes = std::exchange(output_, {});
    in_flight_ = bytes.size();
    state_.Tell(tag, NetEvent::kOutput, MakeBytes(state_.engine().context(), bytes));
  }
  if (!closed_ && shutdown_wanted_ && !shutdown_done_ && queued() == 0) {
    shutdown_done_ = true;
    state_.Tell(tag, NetEvent::kOutputEnd, JSValueMakeUndefined(state_.engine().context()));
    if (!closed_) handler_->OnShutdown(*this);
  }
  Deliver();
}

void DuplexStream::Deliver() {
  Ref<DuplexStream> keep(this);
  while (!closed_ && reading_ && !input_.empty()) {
    std::vector<uint8_t> bytes = std::exchange(input_, {});
    bytes_read_ += bytes.size();
    Touch();
    handler_->OnData(*this, bytes);
  }
  if (!closed_ && reading_ && input_ended_ && !end_told_) {
    end_told_ = true;
    handler_->OnEnd(*this);
  }
}

void DuplexStream::Feed(std::span<const uint8_t> bytes) {
  if (closed_ || input_ended_) return;
  input_.insert(input_.end(), bytes.begin(), bytes.end());
  Later();
}

void DuplexStream::FeedEnd() {
  input_ended_ = true;
  Later();
}

void DuplexStream::Failed() {
  if (closed_) return;
  Ref<DuplexStream> keep(this);
  StreamHandler* handler = handler_;
  Close();
  handler->OnError(*this, Error::System("read", ECONNRESET));
}

void DuplexStream::Written() {
  if (closed_ || in_flight_ == 0) return;
  Ref<DuplexStream> keep(this);
  bytes_written_ += std::exchange(in_flight_, 0);
  Touch();
  if (!output_.empty() || (shutdown_wanted_ && !shutdown_done_)) Later();
  if (queued() == 0) handler_->OnDrain(*this);
}

void DuplexStream::Resume() {
  reading_ = true;
  Later();
}

void DuplexStream::Pause() {
  reading_ = false;
  Later();
}

bool DuplexStream::Write(std::span<const std::span<const uint8_t>> parts, bool) {
  if (closed_ || shutdown_wanted_) return false;
  for (auto part : parts) output_.insert(output_.end(), part.begin(), part.end());
  if (queued() == 0) return true;
  Later();
  return false;
}

void DuplexStream::Shutdown() {
  if (shutdown_wanted_) return;
  shutdown_wanted_ = true;
  Later();
}

void DuplexStream::Close() {
  if (std::exchange(closed_, true)) return;
  idle_timer_.reset();
  input_.clear();
  output_.clear();
  in_flight_ = 0;
  unref();
}

void DuplexStream::Touch() {
  last_activity_ = loop_.Refresh();
}

void DuplexStream::SetIdleTimeout(uint64_t ms) {
  idle_ms_ = ms;
  Touch();
  idle_timer_.reset();
  if (closed_ || ms == 0) return;
  idle_timer_ = std::make_unique<Timer>(loop_, [this] { CheckIdle(); });
  idle_timer_->SetAt(last_activity_ + ms);
}

void DuplexStream::CheckIdle() {
  Ref<DuplexStream> keep(this);
  bool idle = loop_.now() >= last_activity_ + idle_ms_;
  idle_timer_->SetAt((idle ? loop_.now() : last_activity_) + idle_ms_);
  if (idle) handler_->OnIdle(*this);
}

}  // namespace sluice::js
