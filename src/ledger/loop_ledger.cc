#include "ledger/loop_ledger.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ledger/registry.h"
#include "sys/sys.h"
#include "sys/tcp_info.h"

namespace sluice {

LoopLedger::LoopLedger(Loop& loop) : loop_(loop), mailbox_(loop.mailbox()) {
  Registry::Instance().Add(*this);
}

LoopLedger::~LoopLedger() {
  EndAll(CloseReason::Of(CloseCode::kTaskEnd));
  Tell(EventKind::kEnded);
  Registry::Instance().Remove(*this);
}

void LoopLedger::EndAll(CloseReason reason) {
  for (size_t i = 0; i < records_.size(); ++i) {
    if (records_[i] == nullptr) continue;
    records_[i]->Note(reason);
    records_[i]->Finish();
  }
}

void LoopLedger::EndAll(const Account& account, CloseReason reason, bool reset) {
  for (const Place& place : PlacesOf(account))
    if (ConnectionRecord* record = At(place)) record->End(reason, reset);
}

void LoopLedger::set_task(int task) {
  task_ = task;
  ring_->set_task(task);
}

std::shared_ptr<Account> LoopLedger::NewAccount(AccountKey key, std::shared_ptr<QueueCap> queues) {
  static std::atomic<uint64_t> last{0};
  key.task = task_;
  auto account = std::make_shared<Account>(this, std::move(key), ++last, std::move(queues));
  Registry::Instance().Sweep(*this);
  std::lock_guard lock(mutex_);
  accounts_.push_back(account);
  return account;
}

std::vector<std::shared_ptr<Account>> LoopLedger::TakeUnused() {
  std::lock_guard lock(mutex_);
  auto used = [](const auto& one) { return one.use_count() > 1 || one->open() > 0; };
  auto unused = std::stable_partition(accounts_.begin(), accounts_.end(), used);
  std::vector<std::shared_ptr<Account>> taken(unused, accounts_.end());
  accounts_.erase(unused, accounts_.end());
  return taken;
}

Account& LoopLedger::Default(Side side, Transport transport) {
  auto& account = defaults_[static_cast<size_t>(side)][static_cast<size_t>(transport)];
  if (!account) account = NewAccount({{}, 0, 0, side, transport});
  return *account;
}

void LoopLedger::Append(std::vector<AccountLine>* lines) const {
  std::lock_guard lock(mutex_);
  for (const auto& account : accounts_) lines->push_back({account->key(), account->Numbers()});
}

// ---- On the way to an owner

void LoopLedger::Expect(int fd, const ConnectionOrigin& origin) {
  expected_fd_ = fd;
  expected_ = origin;
}

ConnectionOrigin LoopLedger::Arrived(int fd) {
  if (expected_fd_ != fd) return {};
  expected_fd_ = -1;
  return std::exchange(expected_, {});
}

// ---- Records

void LoopLedger::Add(ConnectionRecord& record) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(records_.size()));
    records_.push_back(nullptr);
  }
  record.slot_ = free_.back();
  free_.pop_back();
  records_[record.slot_] = &record;
}

void LoopLedger::Remove(ConnectionRecord& record) {
  SLUICE_CHECK(record.slot_ < records_.size() && records_[record.slot_] == &record);
  records_[record.slot_] = nullptr;
  free_.push_back(std::exchange(record.slot_, ConnectionRecord::kNoSlot));
}

size_t LoopLedger::List(size_t place, size_t most, bool tcp, uint64_t account,
                        std::vector<ConnectionInfo>* out) const {
  for (; place < records_.size() && most > 0; ++place) {
    if (records_[place] == nullptr) continue;
    if (account != 0 && records_[place]->account().number() != account) continue;
    out->push_back(records_[place]->Snapshot(tcp));
    --most;
  }
  return place < records_.size() ? place : 0;
}

ConnectionRecord* LoopLedger::Find(uint64_t id, size_t most, size_t* slot) const {
  size_t end = std::min(records_.size(), *slot + most);
  for (; *slot < end; ++*slot) {
    ConnectionRecord* record = records_[*slot];
    if (record != nullptr && record->id() == id) return record;
  }
  if (*slot >= records_.size()) *slot = 0;
  return nullptr;
}

LoopLedger::Place LoopLedger::PlaceOf(const ConnectionRecord& record) {
  return {record.slot_, record.id_};
}

ConnectionRecord* LoopLedger::At(const Place& place) const {
  ConnectionRecord* record = place.slot < records_.size() ? records_[place.slot] : nullptr;
  return record != nullptr && record->id() == place.id ? record : nullptr;
}

std::vector<LoopLedger::Place> LoopLedger::PlacesOf(const Account& account) const {
  std::vector<Place> places;
  for (const ConnectionRecord* record : records_)
    if (record != nullptr && &record->account() == &account) places.push_back(PlaceOf(*record));
  return places;
}

// ---- What is looked at now and then

void LoopLedger::Sample(size_t most) {
  constexpr size_t kAtOnce = 64;
  size_t slots = records_.size();  // none is looked at twice
  size_t count = std::min({most, kAtOnce, slots});
  for (size_t looked = 0; looked < count && slots > 0; --slots, ++sampled_) {
    if (sampled_ >= records_.size()) sampled_ = 0;
    ConnectionRecord* record = records_[sampled_];
    if (record == nullptr) continue;
    ++looked;
    ConnectionInfo info;
    record->Fill(info, true);
    if (info.tcp) record->NoteTcp(*info.tcp);
  }
  if (slots == 0 || count == most) return;
  mailbox_->Post(
      [left = std::min(most - count, slots)] { LoopLedger::Of(*Loop::Current()).Sample(left); });
}

void LoopLedger::SetDraining(std::string_view group, bool on) {
  std::lock_guard lock(mutex_);
  auto found = draining_.find(group);
  if (found == draining_.end()) found = draining_.emplace(group, 0).first;
  if (on)
    ++found->second;
  else if (--found->second == 0)
    draining_.erase(found);
}

void LoopLedger::AddDraining(std::set<std::string>* groups) const {
  std::lock_guard lock(mutex_);
  for (const auto& [group, count] : draining_) groups->insert(group);
}

}  // namespace sluice
