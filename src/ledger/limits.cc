// Limits of one connection: times, and what waits to be written.
#include <algorithm>

#include "base/check.h"
#include "ledger/loop_ledger.h"
#include "ledger/rare.h"

namespace sluice {
namespace {

constexpr uint64_t kNever = ~uint64_t{0};
constexpr uint64_t kLooks = 4;  // in the time of a limit that nothing else tells of
constexpr uint64_t kLeastLookMs = 5;

}  // namespace

void ConnectionRecord::SetLimits(std::shared_ptr<const ConnectionLimits> limits) {
  if (!entered()) return;
  if (!limits) {
    if (rare_) rare_->limiter.reset();
    return;
  }
  std::unique_ptr<Limiter>& limiter = rare().limiter;
  if (!limiter) limiter = std::make_unique<Limiter>(*this, account_->ledger()->loop());
  limiter->limits = std::move(limits);
  limiter->timer.Cancel();
  limiter->timer.SetAfter(0);
}

const ConnectionLimits* ConnectionRecord::limits() const {
  return limiter() != nullptr ? limiter()->limits.get() : nullptr;
}

bool ConnectionRecord::Refuses(std::span<const std::span<const uint8_t>> parts) {
  const ConnectionLimits* most = limits();
  if (most == nullptr || most->hard_bytes == 0) return false;
  uint64_t size = 0;
  for (auto part : parts) size += part.size();
  if (waiting_ + size <= most->hard_bytes) return false;
  account_->Exceed(WriteLimit::kSocket);
  account_->ledger()->EndLater(*this, CloseReason::Of(CloseCode::kWriteLimit));
  return true;
}

// From its timer, and when bytes begin to wait: then it is only set.
void ConnectionRecord::CheckLimits() {
  Limiter& state = *limiter();
  const ConnectionLimits& limits = *state.limits;
  uint64_t now = account_->ledger()->loop().now();
  if (waiting_ > 0 && state.progress == 0) {
    uint64_t sent = 0;
    uint64_t unacknowledged = Unacknowledged(&sent);
    state.acknowledged = sent - std::min(sent, unacknowledged);
    state.progress = now;
    if (limits.write_stall > 0 || limits.soft_bytes > 0) state.timer.Cancel();
  }
  if (state.timer.active()) return;
  uint64_t next = kNever;
  CloseCode exceeded = CloseCode::kNone;
  auto due = [&](uint64_t from, uint64_t ms, CloseCode code) {
    if (ms == 0 || ms >= kNever - from) return;
    if (now >= from + ms) {
      if (exceeded == CloseCode::kNone) exceeded = code;
    } else {
      next = std::min(next, from + ms);
    }
  };
  due(opened_, limits.lifetime, CloseCode::kLifetime);
  uint64_t ready = above_ != nullptr ? above_->ReadyAt() : opened_;
  bool read = above_ != nullptr ? above_->HasRead() : first_in_ != 0;
  if (!read && limits.first_byte > 0) {
    if (ready != 0)
      due(ready, limits.first_byte, CloseCode::kFirstByteTimeout);
    else
      next = std::min(next, now + std::max(limits.first_byte / kLooks, kLeastLookMs));
  }
  due(std::max({opened_, last_in_, last_out_}), limits.idle, CloseCode::kIdleTimeout);
  if (waiting_ == 0) {
    state.progress = 0;
  } else if (limits.write_stall > 0) {
    uint64_t sent = 0;
    uint64_t unacknowledged = Unacknowledged(&sent);
    uint64_t acknowledged = sent - std::min(sent, unacknowledged);
    if (acknowledged != state.acknowledged) state.progress = now;
    state.acknowledged = acknowledged;
    due(state.progress, limits.write_stall, CloseCode::kWriteStall);
    next = std::min(next, now + std::max(limits.write_stall / kLooks, kLeastLookMs));
  }
  if (limits.soft_bytes > 0 && waiting_ > limits.soft_bytes) {
    if (state.over_soft == 0) state.over_soft = now;
    due(state.over_soft, limits.soft_ms, CloseCode::kWriteStall);
    if (limits.soft_ms == 0) exceeded = CloseCode::kWriteStall;
    next = std::min(next, now + std::max(limits.soft_ms / kLooks, kLeastLookMs));
  } else {
    state.over_soft = 0;
    // Only a look tells that a queue that is there passes it.
    if (limits.soft_bytes > 0 && waiting_ > 0)
      next = std::min(next, now + std::max(limits.soft_ms / kLooks, kLeastLookMs));
  }
  if (exceeded == CloseCode::kNone) {
    if (next != kNever) state.timer.SetAt(next);
    return;
  }
  if (exceeded == CloseCode::kWriteStall) account_->Exceed(WriteLimit::kStall);
  // Bytes may have begun to wait just now, within a call of the stream's owner.
  account_->ledger()->EndLater(*this, CloseReason::Of(exceeded));
}

void LoopLedger::EndLater(const ConnectionRecord& record, CloseReason reason) {
  loop_.Post([this, place = PlaceOf(record), reason] {
    if (ConnectionRecord* still = At(place)) still->End(reason);
  });
}

}  // namespace sluice
