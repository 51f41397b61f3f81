// A connection's record: it enters the loop's ledger, and leaves it with the cause of the end.
#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ledger/capture.h"
#include "ledger/loop_ledger.h"
#include "ledger/rare.h"

namespace sluice {

uint64_t NextConnectionId(uint64_t count) {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(count, std::memory_order_relaxed);
}

// What counts what is no connection: pipes, terminals, and what is closed.
Account* ConnectionRecord::NoAccount() {
  thread_local Account account(nullptr, {});
  return &account;
}

// An idle connection has this, and its slot in the loop's table.
static_assert(sizeof(ConnectionRecord) <= 96);

ConnectionRecord::ConnectionRecord() = default;
ConnectionRecord::~ConnectionRecord() {
  SLUICE_CHECK(!entered());
}

const AdmissionPlace& ConnectionRecord::place() const {
  static constexpr AdmissionPlace kNone;
  return rare_ ? rare_->place : kNone;
}

uint32_t ConnectionRecord::Offset(uint64_t now) const {
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max() - 1;
  // The clock of a turn may be behind that of the thread which accepted it.
  return static_cast<uint32_t>(now > opened_ ? std::min(now - opened_, kMost) : 0) + 1;
}

void ConnectionRecord::Enter(Loop& loop, Side side, Transport transport,
                             const ConnectionOrigin& origin) {
  LoopLedger& ledger = LoopLedger::Of(loop);
  account_ = origin.account != nullptr ? origin.account : &ledger.Default(side, transport);
  id_ = origin.id != 0 ? origin.id : NextConnectionId();
  opened_ = origin.opened_ms != 0 ? origin.opened_ms : loop.now();
  if (side == Side::kAccepted) connected_ = 1;
  if (origin.place.admission != nullptr) rare().place = origin.place;
  ledger.Add(*this);
  account_->Open();
  if (origin.under_way != nullptr) origin.under_way->fetch_sub(1, std::memory_order_release);
  ledger.Tell(EventKind::kOpened, id_,
              static_cast<uint8_t>(static_cast<unsigned>(account_->key().side) << 4 |
                                   static_cast<unsigned>(account_->key().transport)));
  if (origin.limits) SetLimits(origin.limits);
}

void ConnectionRecord::Connected() {
  if (!entered()) return;
  connected_ = Offset(account_->ledger()->loop().now());
  account_->ledger()->Tell(EventKind::kConnected, id_);
}

void ConnectionRecord::TellQueued(uint64_t bytes) const {
  if (entered()) account_->ledger()->Tell(EventKind::kQueued, id_, 0, bytes);
}

void ConnectionRecord::TellDrained() const {
  if (entered()) account_->ledger()->Tell(EventKind::kDrained, id_);
}

ConnectionInfo ConnectionRecord::Snapshot(bool tcp) const {
  const AccountKey& key = account_->key();
  ConnectionInfo info;
  info.id = id_;
  info.account = account_->number();
  info.task = key.task;
  info.group = key.group;
  info.member = key.member;
  info.side = key.side;
  info.transport = key.transport;
  auto time = [&](uint32_t offset) { return offset != 0 ? opened_ + offset - 1 : 0; };
  info.opened_ms = opened_;
  info.connected_ms = time(connected_);
  info.first_in_ms = time(first_in_);
  info.first_out_ms = time(first_out_);
  info.last_in_ms = first_in_ != 0 ? last_in_ : 0;
  info.last_out_ms = first_out_ != 0 ? last_out_ : 0;
  info.reason = reason_;
  Fill(info, tcp);
  if (above_ != nullptr) above_->Describe(info);
  info.queued = waiting_;
  return info;
}

void ConnectionRecord::NoteTcp(const TcpInfo& tcp) {
  uint32_t counted = rare_ ? rare_->retransmits : 0;
  account_->RoundTrip(tcp, tcp.retransmits - counted);
  if (tcp.retransmits != counted) rare().retransmits = tcp.retransmits;
}

void ConnectionRecord::Finish() {
  if (!entered()) return;
  Note(CloseReason::Of(CloseCode::kLocalDestroy));
  if (above_ != nullptr) above_->Ending();
  LoopLedger& ledger = *account_->ledger();
  ConnectionInfo info = Snapshot(true);
  info.closed_ms = ledger.loop().now();
  if (Capturing()) CaptureClosed(*this, info);
  ledger.Tell(EventKind::kClosed, id_, static_cast<uint8_t>(reason_.code), info.bytes_in,
              info.bytes_out);
  TakeWaiting(waiting_);
  if (info.tcp) NoteTcp(*info.tcp);
  LeavePlace(place());
  rare_.reset();
  constexpr double kSecond = 1000;
  account_->Close(reason_.code, static_cast<double>(Offset(info.closed_ms) - 1) / kSecond);
  ledger.Remove(*this);
  account_ = NoAccount();
  KeepClosed(std::move(info));
}

}  // namespace sluice
