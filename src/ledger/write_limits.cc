// Limits of the bytes that wait to be written: of a loop, a group and the process.
#include <algorithm>
#include <utility>

#include "ledger/loop_ledger.h"
#include "ledger/rare.h"
#include "ledger/registry.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr uint64_t kShareOfMemory = 4;  // one part in so many

QueueCap& Process() {
  static QueueCap cap(sys::MemoryLimit() / kShareOfMemory);
  return cap;
}

}  // namespace

void SetProcessWriteLimit(uint64_t bytes) {
  Process().set_limit(bytes);
}
uint64_t ProcessWriteLimit() {
  return Process().limit();
}
void SetTaskWriteLimit(Loop& loop, uint64_t bytes) {
  LoopLedger::Of(loop).queues().set_limit(bytes);
}
uint64_t TaskWriteLimit(Loop& loop) {
  return LoopLedger::Of(loop).queues().limit();
}

// ---- Of a record

void ConnectionRecord::AddWaiting(uint64_t bytes) {
  account_->write_queue.Add(bytes);
  if (!entered()) return;
  waiting_ += bytes;
  account_->ledger()->Waiting(*this, bytes);
  if (limiter() != nullptr) CheckLimits();
}

void ConnectionRecord::TakeWaiting(uint64_t bytes) {
  account_->write_queue.Take(bytes);
  if (!entered()) return;
  waiting_ -= bytes;
  account_->ledger()->NoLongerWaiting(*this, bytes);
}

bool ConnectionRecord::Hold(uint64_t bytes) {
  if (!entered()) return false;
  if (!rare_ && bytes == 0) return false;
  uint64_t before = std::exchange(rare().held, bytes);
  if (bytes < before) {
    TakeWaiting(before - bytes);
    return false;
  }
  account_->write_queue.Add(bytes - before);
  waiting_ += bytes - before;
  bool over = account_->ledger()->Waiting(*this, bytes - before);
  if (limiter() != nullptr) CheckLimits();
  return over;
}

// ---- Of a loop

bool LoopLedger::Waiting(ConnectionRecord& record, uint64_t bytes) {
  bool over = queues_.Add(bytes);
  if (Process().Add(bytes)) over = true;
  if (QueueCap* group = record.account().queues(); group != nullptr && group->Add(bytes))
    over = true;
  // Not from within the call that queues.
  if (over && !relief_posted_.exchange(true)) loop_.Post([this] { Relieve(); });
  return over;
}

void LoopLedger::NoLongerWaiting(ConnectionRecord& record, uint64_t bytes) {
  queues_.Take(bytes);
  Process().Take(bytes);
  if (QueueCap* group = record.account().queues()) group->Take(bytes);
}

std::vector<LoopLedger::Place> LoopLedger::Longest() {
  std::vector<ConnectionRecord*> queued;
  for (ConnectionRecord* record : records_)
    if (record != nullptr && record->waiting() > 0) queued.push_back(record);
  std::stable_sort(queued.begin(), queued.end(),
                   [](auto* a, auto* b) { return a->waiting() > b->waiting(); });
  std::vector<Place> places;
  uint64_t freed = 0;  // of this loop and the process
  std::vector<std::pair<QueueCap*, uint64_t>> groups;
  for (ConnectionRecord* record : queued) {
    QueueCap* cap = record->account().queues();
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](auto& g) { return g.first == cap; });
    if (group == groups.end()) group = groups.insert(groups.end(), {cap, 0});
    bool task = queues_.excess() > freed;
    bool of_group = cap != nullptr && cap->excess() > group->second;
    bool process = Process().excess() > freed;
    if (!task && !of_group && !process) continue;
    record->account().Exceed(task       ? WriteLimit::kTask
                             : of_group ? WriteLimit::kGroup
                                        : WriteLimit::kProcess);
    places.push_back(PlaceOf(*record));
    freed += record->waiting();
    group->second += record->waiting();
  }
  return places;
}

void LoopLedger::Relieve() {
  relief_posted_ = false;
  // The longest queues may be another loop's.
  LoopLedger* longest = Process().over() ? Registry::Instance().LongestQueues() : this;
  if (longest != this && !queues_.over()) {
    Registry::Instance().PostRelief(longest);
    return;
  }
  for (const Place& place : Longest())
    if (ConnectionRecord* record = At(place)) record->End(CloseReason::Of(CloseCode::kWriteLimit));
  Registry::Instance().PostRelief(nullptr);
}

// With null: to all whose group or process is over its limit still.
void Registry::PostRelief(LoopLedger* ledger) {
  std::lock_guard lock(ledgers_mutex_);
  for (LoopLedger* one : ledgers_)
    if (ledger != nullptr ? one == ledger : one->queues().bytes() > 0 && one->over())
      one->PostRelief();
}

LoopLedger* Registry::LongestQueues() const {
  std::lock_guard lock(ledgers_mutex_);
  auto longest = std::max_element(ledgers_.begin(), ledgers_.end(), [](auto* a, auto* b) {
    return a->queues().bytes() < b->queues().bytes();
  });
  return longest != ledgers_.end() ? *longest : nullptr;
}

void LoopLedger::PostRelief() {
  if (relief_posted_.exchange(true)) return;
  mailbox_->Post([] { LoopLedger::Of(*Loop::Current()).Relieve(); });
}

void LoopLedger::AddQueueLimits(std::map<std::string, uint64_t>* limits) const {
  std::lock_guard lock(mutex_);
  for (const auto& account : accounts_)
    if (const QueueCap* cap = account->queues(); cap != nullptr && cap->limit() > 0)
      (*limits)[account->key().group] = cap->limit();
}

bool LoopLedger::over() const {
  if (Process().over()) return true;
  std::lock_guard lock(mutex_);
  return std::any_of(accounts_.begin(), accounts_.end(), [](const auto& one) {
    return one->queues() != nullptr && one->queues()->over() && one->write_queue.value() > 0;
  });
}

}  // namespace sluice
