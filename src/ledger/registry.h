// Internal. Registry: the ledgers of all loops, what is left of those that ended, and the connections
// that closed last.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "ledger/loop_ledger.h"

namespace sluice {

// There is one of it. Any thread.
class Registry {
 public:
  static Registry& Instance();

  void Add(LoopLedger& ledger);
  // Remove keeps what the ledger's accounts counted.
  void Remove(LoopLedger& ledger);
  // Sweep has ledger let go of accounts that nobody counts in any more, and keeps their numbers.
  void Sweep(LoopLedger& ledger);
  std::vector<AccountLine> Accounts() const;
  std::vector<Ledger::LoopEntry> Loops() const;

  // Unborn counts a connection that was opened and closed at once.
  void Unborn(AccountKey key, CloseCode code);
  void KeepClosed(ConnectionInfo info);
  std::vector<ConnectionInfo> Recent(const Ledger::Filter& filter) const;

 private:
  void Keep(AccountKey key, const AccountNumbers& numbers);

  mutable std::mutex ledgers_mutex_;  // guards what follows; taken before a ledger's own
  std::vector<LoopLedger*> ledgers_;
  std::map<AccountKey, AccountNumbers> ended_;  // of no task any more
  mutable std::mutex recent_mutex_;  // guards what follows
  std::vector<ConnectionInfo> recent_;
  size_t oldest_ = 0;  // in recent_, once it is full
};

}  // namespace sluice
