// Internal. Registry: the ledgers of all loops, what is left of those that ended, and the
// connections that closed last.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
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
  // Rings returns those of all loops, and of the last that ended.
  std::vector<std::shared_ptr<const EventRing>> Rings() const;

  // Unborn counts a connection that was opened and closed at once.
  void Unborn(AccountKey key, CloseCode code);
  void CountRestart(std::string_view group, int member, std::string_view reason);
  std::vector<Ledger::Restarts> Restarts() const;
  // Listening and NotListening tell of a descriptor that listens, before it is closed.
  void Listening(int fd, std::string_view group);
  void NotListening(int fd);
  std::vector<Ledger::AcceptQueue> AcceptQueues() const;
  void KeepClosed(ConnectionInfo info);
  std::vector<ConnectionInfo> Recent(const Ledger::Filter& filter) const;

 private:
  void Keep(AccountKey key, const AccountNumbers& numbers);

  mutable std::mutex ledgers_mutex_;  // guards what follows; taken before a ledger's own
  std::vector<LoopLedger*> ledgers_;
  std::map<AccountKey, AccountNumbers> ended_;  // of no task any more
  std::deque<std::shared_ptr<const EventRing>> ended_rings_;
  std::map<std::tuple<std::string, int, std::string>, uint64_t> restarts_;
  mutable std::mutex listeners_mutex_;    // guards what follows, and that its descriptors are open
  std::map<int, std::string> listeners_;  // descriptor → group
  mutable std::mutex recent_mutex_;       // guards what follows
  std::vector<ConnectionInfo> recent_;
  size_t oldest_ = 0;  // in recent_, once it is full
};

}  // namespace sluice
