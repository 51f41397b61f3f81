#include "ledger/account.h"

#include <numeric>

#include "base/check.h"
#include "ledger/loop_ledger.h"

namespace sluice {

// A reader who meets a change reads again (a sequence lock).
void Account::Open() {
  changes_.fetch_add(1, std::memory_order_acq_rel);
  opened_.Add(1);
  open_.Add(1);
  changes_.fetch_add(1, std::memory_order_release);
}

void Account::Close(CloseCode code, double seconds) {
  durations_.Add(seconds);
  changes_.fetch_add(1, std::memory_order_acq_rel);
  closed_[static_cast<size_t>(code)].Add(1);
  open_.Take(1);
  changes_.fetch_add(1, std::memory_order_release);
  CheckConserved();
}

void Account::Refuse(Refusal refusal) {
  refused_[static_cast<size_t>(refusal)].Add(1);
  if (ledger_ != nullptr) ledger_->Tell(EventKind::kRefused, 0, static_cast<uint8_t>(refusal));
}

void Account::Handshake(bool resumed, bool tls13, double seconds) {
  handshakes_[(tls13 ? 2u : 0u) + (resumed ? 1u : 0u)].Add(1);
  handshake_durations_.Add(seconds);
}

void Account::HandshakeFailed(HandshakeFailure failure) {
  failures_[static_cast<size_t>(failure)].Add(1);
}

void Account::RoundTrip(const TcpInfo& info, uint32_t retransmits) {
  constexpr double kMicroseconds = 1e-6;
  retransmits_.Add(retransmits);
  if (info.rtt > 0) round_trips_.Add(info.rtt * kMicroseconds);
}

void Account::CheckConserved() const {
#ifndef NDEBUG
  AccountNumbers numbers = Numbers();
  SLUICE_CHECK(numbers.opened == numbers.open + numbers.all_closed());
#endif
}

AccountNumbers Account::Numbers() const {
  AccountNumbers numbers;
  uint32_t before;
  do {
    before = changes_.load(std::memory_order_acquire);
    numbers.opened = opened_.value();
    numbers.open = open_.value();
    for (size_t i = 0; i < kCloseCodes; ++i) numbers.closed[i] = closed_[i].value();
  } while ((before & 1) != 0 || changes_.load(std::memory_order_relaxed) != before);
  for (size_t i = 0; i < kRefusals; ++i) numbers.refused[i] = refused_[i].value();
  for (size_t i = 0; i < kWriteLimits; ++i) numbers.exceeded[i] = exceeded_[i].value();
  for (size_t i = 0; i < kHandshakeKinds; ++i) numbers.handshakes[i] = handshakes_[i].value();
  for (size_t i = 0; i < kHandshakeFailures; ++i)
    numbers.handshake_failures[i] = failures_[i].value();
  numbers.durations = durations_.Numbers();
  numbers.handshake_durations = handshake_durations_.Numbers();
  numbers.round_trips = round_trips_.Numbers();
  numbers.retransmits = retransmits_.value();
  numbers.bytes_in = bytes_in.value();
  numbers.bytes_out = bytes_out.value();
  numbers.write_queue = write_queue.value();
  return numbers;
}

uint64_t AccountNumbers::all_closed() const {
  return std::accumulate(closed.begin(), closed.end(), uint64_t{0});
}

HistogramNumbers& HistogramNumbers::operator+=(const HistogramNumbers& other) {
  if (other.counts.empty()) return *this;
  bounds = other.bounds;
  counts.resize(other.counts.size());
  for (size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  sum += other.sum;
  return *this;
}

AccountNumbers& AccountNumbers::operator+=(const AccountNumbers& other) {
  auto add = [](auto& mine, const auto& theirs) {
    for (size_t i = 0; i < mine.size(); ++i) mine[i] += theirs[i];
  };
  opened += other.opened;
  open += other.open;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  write_queue += other.write_queue;
  add(closed, other.closed);
  add(refused, other.refused);
  add(exceeded, other.exceeded);
  add(handshakes, other.handshakes);
  add(handshake_failures, other.handshake_failures);
  durations += other.durations;
  handshake_durations += other.handshake_durations;
  round_trips += other.round_trips;
  retransmits += other.retransmits;
  return *this;
}

}  // namespace sluice
