// Internal. Registry: the ledgers of all loops, what is left of those that ended, and the
// connections that closed last.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/json.h"
#include "ledger/loop_ledger.h"

namespace sluice {

// There is one of it. Any thread.
class Registry {
 public:
  static Registry& Instance();
  // began_ms returns when there was something to count first, in ms of Loop::now().
  uint64_t began_ms() const { return began_ms_; }
  // LongestQueues returns the loop on which most bytes wait to be written; PostRelief has it end
  // connections, or all that must (LoopLedger::Relieve). Any thread.
  LoopLedger* LongestQueues() const;
  void PostRelief(LoopLedger* ledger);

  void Add(LoopLedger& ledger);
  // Remove keeps what the ledger's accounts counted.
  void Remove(LoopLedger& ledger);
  // Sweep has ledger let go of accounts that nobody counts in any more, and keeps their numbers.
  void Sweep(LoopLedger& ledger);
  std::vector<AccountLine> Accounts() const;
  std::vector<Ledger::LoopEntry> Loops() const;
  std::map<std::string, uint64_t> GroupWriteLimits() const;
  // Draining returns the groups of which servers drain, "" for servers of none.
  std::set<std::string> Draining() const;
  // Sample has loops look at TCP_INFO of some connections, if that was long ago. It waits for none.
  void Sample();
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
  // AcceptFailed counts a failure of accept(2) at a descriptor that listens.
  void AcceptFailed(int fd, int error);
  std::vector<Ledger::AcceptErrors> AcceptErrors() const;
  // Certificate notes one that an owner of them has under a name; NoCertificates that it is gone.
  void Certificate(const void* owner, std::string_view name, int64_t expires);
  void NoCertificate(const void* owner, std::string_view name);
  void NoCertificates(const void* owner);
  // ShowCertificates says whether Certificates() has those of an owner, as at first.
  void ShowCertificates(const void* owner, bool on);
  // CertificatesOf tells which group's those of an owner are.
  void CertificatesOf(const void* owner, std::string_view group);
  std::vector<Ledger::CertificateExpiry> Certificates() const;
  void KeepClosed(ConnectionInfo info);
  // Recent looks at some at a time, so that no loop waits long to tell of one more.
  std::vector<ConnectionInfo> Recent(const Ledger::Filter& filter) const;

 private:
  void Keep(AccountKey key, const AccountNumbers& numbers);

  const uint64_t began_ms_ = WallClock::Now();
  std::atomic<uint64_t> sampled_ms_{0};  // when Sample had loops look
  mutable std::mutex ledgers_mutex_;     // guards what follows; taken before a ledger's own
  std::vector<LoopLedger*> ledgers_;
  std::map<AccountKey, AccountNumbers> ended_;  // of no task any more
  std::deque<std::shared_ptr<const EventRing>> ended_rings_;
  std::map<std::tuple<std::string, int, std::string>, uint64_t> restarts_;
  mutable std::mutex listeners_mutex_;    // guards what follows, and that its descriptors are open
  std::map<int, std::string> listeners_;  // descriptor → group
  std::map<std::pair<std::string, int>, uint64_t> accept_errors_;
  struct Owner {
    std::string group;
    bool shown = true;
    std::map<std::string, int64_t, std::less<>> expiries;  // by name
  };
  mutable std::mutex certificates_mutex_;  // guards what follows
  std::map<const void*, Owner> certificates_;
  mutable std::mutex recent_mutex_;     // guards what follows
  std::vector<ConnectionInfo> recent_;  // the nth that closed is at n modulo kRecent
  uint64_t closed_ = 0;                 // how many have closed
};

}  // namespace sluice
