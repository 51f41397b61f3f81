#include "ledger/registry.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ledger/peer_filter.h"
#include "sys/sys.h"
#include "sys/tcp_info.h"

namespace sluice {
namespace {

constexpr size_t kEndedRings = 8;  // that are kept, of the loops that ended last

}  // namespace

Registry& Registry::Instance() {
  static Registry* registry = new Registry;
  return *registry;
}

void Registry::Add(LoopLedger& ledger) {
  std::lock_guard lock(ledgers_mutex_);
  ledgers_.push_back(&ledger);
}

void Registry::Remove(LoopLedger& ledger) {
  std::vector<AccountLine> lines;
  std::lock_guard lock(ledgers_mutex_);
  ledger.Append(&lines);
  for (const AccountLine& line : lines) Keep(line.key, line.numbers);
  std::erase(ledgers_, &ledger);
  ended_rings_.push_back(ledger.ring());
  if (ended_rings_.size() > kEndedRings) ended_rings_.pop_front();
}

void Registry::Sweep(LoopLedger& ledger) {
  std::lock_guard lock(ledgers_mutex_);
  for (const auto& account : ledger.TakeUnused()) Keep(account->key(), account->Numbers());
}

void Registry::Keep(AccountKey key, const AccountNumbers& numbers) {
  key.task = 0;
  ended_[std::move(key)] += numbers;
}

std::vector<AccountLine> Registry::Accounts() const {
  std::lock_guard lock(ledgers_mutex_);
  std::map<AccountKey, AccountNumbers> sums = ended_;
  std::vector<AccountLine> lines;
  for (const LoopLedger* ledger : ledgers_) ledger->Append(&lines);
  for (const AccountLine& line : lines) sums[line.key] += line.numbers;
  lines.clear();
  for (auto& [key, numbers] : sums) lines.push_back({key, numbers});
  return lines;
}

std::vector<Ledger::LoopEntry> Registry::Loops() const {
  std::vector<Ledger::LoopEntry> loops;
  std::lock_guard lock(ledgers_mutex_);
  for (const LoopLedger* ledger : ledgers_) loops.push_back({ledger->task(), ledger->mailbox()});
  return loops;
}

std::map<std::string, uint64_t> Registry::GroupWriteLimits() const {
  std::map<std::string, uint64_t> limits;
  std::lock_guard lock(ledgers_mutex_);
  for (const LoopLedger* ledger : ledgers_) ledger->AddQueueLimits(&limits);
  return limits;
}

std::set<std::string> Registry::Draining() const {
  std::set<std::string> groups;
  std::lock_guard lock(ledgers_mutex_);
  for (const LoopLedger* ledger : ledgers_) ledger->AddDraining(&groups);
  return groups;
}

void Registry::Sample() {
  constexpr uint64_t kEveryMs = 10'000;
  constexpr size_t kMost = 256;  // of a loop
  uint64_t now = sys::MonotonicMs(), last = sampled_ms_;
  if (last != 0 && now - last < kEveryMs) return;
  if (!sampled_ms_.compare_exchange_strong(last, now)) return;
  for (const Ledger::LoopEntry& loop : Loops())
    loop.mailbox->Post([] { LoopLedger::Of(*Loop::Current()).Sample(kMost); });
}

std::vector<std::shared_ptr<const EventRing>> Registry::Rings() const {
  std::lock_guard lock(ledgers_mutex_);
  std::vector<std::shared_ptr<const EventRing>> rings(ended_rings_.begin(), ended_rings_.end());
  for (const LoopLedger* ledger : ledgers_) rings.push_back(ledger->ring());
  return rings;
}

void Registry::CountRestart(std::string_view group, int member, std::string_view reason) {
  std::lock_guard lock(ledgers_mutex_);
  ++restarts_[{std::string(group), member, std::string(reason)}];
}

std::vector<Ledger::Restarts> Registry::Restarts() const {
  std::vector<Ledger::Restarts> all;
  std::lock_guard lock(ledgers_mutex_);
  for (const auto& [key, count] : restarts_)
    all.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  return all;
}

void Registry::Listening(int fd, std::string_view group) {
  std::lock_guard lock(listeners_mutex_);
  listeners_[fd] = group;
}

void Registry::NotListening(int fd) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.erase(fd);
}

std::vector<Ledger::AcceptQueue> Registry::AcceptQueues() const {
  std::vector<Ledger::AcceptQueue> queues;
  std::lock_guard lock(listeners_mutex_);
  for (const auto& [fd, group] : listeners_) {
    Ledger::AcceptQueue queue{group, {}, 0, 0};
    TcpInfo info;
    if (sys::GetTcpInfo(fd, &info) != 0) continue;
    // Of a listener the kernel tells here what waits, and for how many there is room
    // (tcp_get_info() in net/ipv4/tcp.c).
    queue.length = info.unacked;
    queue.limit = info.sacked;
    (void)sys::LocalAddress(fd, &queue.local);
    queues.push_back(std::move(queue));
  }
  return queues;
}

void Registry::AcceptFailed(int fd, int error) {
  std::lock_guard lock(listeners_mutex_);
  auto found = listeners_.find(fd);
  ++accept_errors_[{found != listeners_.end() ? found->second : "", error}];
}

std::vector<Ledger::AcceptErrors> Registry::AcceptErrors() const {
  std::vector<Ledger::AcceptErrors> all;
  std::lock_guard lock(listeners_mutex_);
  for (const auto& [key, count] : accept_errors_) all.push_back({key.first, key.second, count});
  return all;
}

void Registry::Certificate(const void* owner, std::string_view name, int64_t expires) {
  std::lock_guard lock(certificates_mutex_);
  certificates_[owner].expiries[std::string(name)] = expires;
}

void Registry::NoCertificate(const void* owner, std::string_view name) {
  std::lock_guard lock(certificates_mutex_);
  auto& expiries = certificates_[owner].expiries;
  if (auto found = expiries.find(name); found != expiries.end()) expiries.erase(found);
}

void Registry::NoCertificates(const void* owner) {
  std::lock_guard lock(certificates_mutex_);
  certificates_.erase(owner);
}

void Registry::ShowCertificates(const void* owner, bool on) {
  std::lock_guard lock(certificates_mutex_);
  if (auto found = certificates_.find(owner); found != certificates_.end())
    found->second.shown = on;
}

void Registry::CertificatesOf(const void* owner, std::string_view group) {
  std::lock_guard lock(certificates_mutex_);
  certificates_[owner].group = group;
}

std::vector<Ledger::CertificateExpiry> Registry::Certificates() const {
  std::vector<Ledger::CertificateExpiry> all;
  std::lock_guard lock(certificates_mutex_);
  for (const auto& [address, owner] : certificates_) {
    if (!owner.shown) continue;
    for (const auto& [name, expires] : owner.expiries) all.push_back({owner.group, name, expires});
  }
  return all;
}

void Registry::Unborn(AccountKey key, CloseCode code) {
  AccountNumbers numbers;
  numbers.opened = numbers.closed[static_cast<size_t>(code)] = 1;
  std::lock_guard lock(ledgers_mutex_);
  Keep(std::move(key), numbers);
}

void Registry::KeepClosed(ConnectionInfo info) {
  std::lock_guard lock(recent_mutex_);
  size_t place = closed_++ % Ledger::kRecent;
  if (place == recent_.size())
    recent_.push_back(std::move(info));
  else
    recent_[place] = std::move(info);
}

std::vector<ConnectionInfo> Registry::Recent(const Ledger::Filter& filter) const {
  constexpr uint64_t kAtOnce = 128;
  auto peers = PeerFilter::Parse(filter.peer);
  auto fits = [&](const ConnectionInfo& info) {
    return (filter.id == 0 || info.id == filter.id) &&
           (filter.code == CloseCode::kNone || info.reason.code == filter.code) &&
           (filter.peer.empty() || (peers && peers->Fits(info))) &&
           (filter.group.empty() || info.group == filter.group) &&
           (filter.account == 0 || info.account == filter.account) &&
           info.closed_ms >= filter.since_ms;
  };
  std::vector<ConnectionInfo> found;
  std::unique_lock lock(recent_mutex_);
  for (uint64_t next = closed_, seen = 0; next > 0 && found.size() < filter.limit; ++seen) {
    if (seen > 0 && seen % kAtOnce == 0) {
      lock.unlock();
      lock.lock();
    }
    if (closed_ - --next > recent_.size()) break;  // it is not kept any more
    const ConnectionInfo& info = recent_[next % Ledger::kRecent];
    if (fits(info)) found.push_back(info);
  }
  return found;
}

void NoteUnborn(int fd, AccountKey key, const Address& peer, CloseReason reason,
                const ConnectionOrigin& origin) {
  if (origin.account != nullptr) key = origin.account->key();
  ConnectionInfo info;
  info.id = origin.id != 0 ? origin.id : NextConnectionId();
  if (origin.account != nullptr) info.account = origin.account->number();
  info.task = key.task;
  info.group = key.group;
  info.member = key.member;
  info.side = key.side;
  info.transport = key.transport;
  info.peer = peer;
  if (fd >= 0) (void)sys::LocalAddress(fd, &info.local);
  info.closed_ms = sys::MonotonicMs();
  info.opened_ms = origin.opened_ms != 0 ? origin.opened_ms : info.closed_ms;
  if (key.side == Side::kAccepted) info.connected_ms = info.opened_ms;
  info.reason = reason;
  Registry::Instance().Unborn(std::move(key), reason.code);
  LeavePlace(origin.place);
  KeepClosed(std::move(info));
}

void KeepClosed(ConnectionInfo info) {
  Registry::Instance().KeepClosed(std::move(info));
}

// ---- The public side

std::vector<AccountLine> Ledger::Accounts() {
  return Registry::Instance().Accounts();
}

void CountRestart(std::string_view group, int member, std::string_view reason) {
  Registry::Instance().CountRestart(group, member, reason);
}

std::vector<Ledger::Restarts> Ledger::RestartCounts() {
  return Registry::Instance().Restarts();
}

std::vector<Ledger::AcceptQueue> Ledger::AcceptQueues() {
  return Registry::Instance().AcceptQueues();
}

std::vector<Ledger::AcceptErrors> Ledger::AcceptErrorCounts() {
  return Registry::Instance().AcceptErrors();
}

std::vector<Ledger::CertificateExpiry> Ledger::CertificateExpiries() {
  return Registry::Instance().Certificates();
}

std::map<std::string, uint64_t> Ledger::GroupWriteLimits() {
  return Registry::Instance().GroupWriteLimits();
}

std::set<std::string> Ledger::Draining() {
  return Registry::Instance().Draining();
}

std::vector<Ledger::LoopEntry> Ledger::Loops() {
  return Registry::Instance().Loops();
}

std::vector<ConnectionInfo> Ledger::Recent(const Filter& filter) {
  return Registry::Instance().Recent(filter);
}

size_t Ledger::List(Loop& loop, size_t place, size_t most, bool tcp,
                    std::vector<ConnectionInfo>* out) {
  return LoopLedger::Of(loop).List(place, most, tcp, 0, out);
}

ConnectionRecord* Ledger::Find(Loop& loop, uint64_t id) {
  size_t slot = 0;
  return LoopLedger::Of(loop).Find(id, std::numeric_limits<size_t>::max(), &slot);
}

}  // namespace sluice
