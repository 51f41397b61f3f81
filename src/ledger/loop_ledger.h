// Internal. LoopLedger: the connections of one loop.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "ledger/account.h"
#include "ledger/event_ring.h"

namespace sluice {

// LoopLedger has the records of a loop's open connections in a table, and its accounts. Loop
// thread, where nothing else is said.
class LoopLedger final : public LoopState {
 public:
  explicit LoopLedger(Loop& loop);
  // The loop ends: so do the records that are left.
  ~LoopLedger() override;
  static LoopLedger& Of(Loop& loop) { return loop.State<LoopLedger>(); }

  // set_task tells whose loop it is, before anything is counted.
  void set_task(int task);
  int task() const { return task_; }
  // Tell adds an event to the loop's ring.
  void Tell(EventKind kind, uint64_t connection = 0, uint8_t code = 0, uint64_t a = 0,
            uint64_t b = 0) {
    ring_->Add({loop_.now(), kind, code, connection, a, b});
  }
  // ring returns what happened last. Any thread.
  const std::shared_ptr<EventRing>& ring() const { return ring_; }
  // EndAll ends the records that are left: their connections end with the loop, or the process.
  void EndAll(CloseReason reason);
  // EndAll ends the connections of an account, whose handlers hear of it; reset: by RST on TCP.
  void EndAll(const Account& account, CloseReason reason, bool reset = false);
  // mailbox returns that of the loop. Any thread.
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  // NewAccount returns an account of this loop, whose task becomes that of the key. It must be kept
  // while more connections come to it. queues: those of its group.
  std::shared_ptr<Account> NewAccount(AccountKey key, std::shared_ptr<QueueCap> queues = {});
  // Default returns the one of connections that no server and no group has.
  Account& Default(Side side, Transport transport);

  // Expect notes what the descriptor fd, which is about to be handed to somebody on this loop,
  // begins with; Arrived takes it back, and returns an empty one where there is none of that
  // number.
  void Expect(int fd, const ConnectionOrigin& origin);
  ConnectionOrigin Arrived(int fd);

  void Add(ConnectionRecord& record);
  void Remove(ConnectionRecord& record);
  // List is Ledger::List; account: of that one alone, if it is not 0.
  size_t List(size_t place, size_t most, bool tcp, uint64_t account,
              std::vector<ConnectionInfo>* out) const;
  // Find looks for a connection among most slots of the table from *slot on, and sets *slot to
  // where to go on, 0 at the end.
  ConnectionRecord* Find(uint64_t id, size_t most, size_t* slot) const;
  // Sample has the accounts count what TCP_INFO says of up to `most` connections, those that were
  // not looked at the last time first. Some at a turn of the loop.
  void Sample(size_t most);
  // SetDraining notes that servers of a group (or of none) drain, one more or one less.
  void SetDraining(std::string_view group, bool on);
  // AddQueueLimits adds the limits of groups' queues. Any thread.
  void AddQueueLimits(std::map<std::string, uint64_t>* limits) const;
  // AddDraining adds the groups of which servers drain. Any thread.
  void AddDraining(std::set<std::string>* groups) const;
  Loop& loop() const { return loop_; }
  // open returns how many records there are.
  size_t open() const { return records_.size() - free_.size(); }

  // Place is where the record of a connection was found, of which another may be there now.
  struct Place {
    uint32_t slot;
    uint64_t id;
  };
  static Place PlaceOf(const ConnectionRecord& record);
  // At returns the record if the connection is open still, or null.
  ConnectionRecord* At(const Place& place) const;
  // PlacesOf returns where those of an account are.
  std::vector<Place> PlacesOf(const Account& account) const;
  // EndLater ends a connection in a task of the loop.
  void EndLater(const ConnectionRecord& record, CloseReason reason);
  // queues returns the limit of what waits to be written here. Any thread.
  QueueCap& queues() { return queues_; }
  // Waiting and NoLongerWaiting count bytes of a record. The first returns whether they are too
  // many of this loop, the group or the process; then longest queues end in a moment.
  bool Waiting(ConnectionRecord& record, uint64_t bytes);
  void NoLongerWaiting(ConnectionRecord& record, uint64_t bytes);
  // Longest returns the connections with the longest queues that must end for limits to hold, and
  // counts that they exceeded them.
  std::vector<Place> Longest();
  // Relieve ends them, and has other loops do so where that is not enough.
  void Relieve();

  // over returns whether the process or a group that has bytes here is over its limit. PostRelief
  // has Relieve called. Any thread.
  bool over() const;
  void PostRelief();

  // TakeUnused takes out the accounts that nobody keeps and that have no open connection.
  std::vector<std::shared_ptr<Account>> TakeUnused();
  // Append appends the accounts and what they counted. Any thread.
  void Append(std::vector<AccountLine>* lines) const;

 private:
  Loop& loop_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<EventRing> ring_ = std::make_shared<EventRing>();
  std::atomic<int> task_{0};
  int expected_fd_ = -1;
  ConnectionOrigin expected_;
  QueueCap queues_;
  std::atomic<bool> relief_posted_{false};
  std::vector<ConnectionRecord*> records_;  // by slot; null: free
  std::vector<uint32_t> free_;
  std::shared_ptr<Account> defaults_[2][3];  // by side and transport
  size_t sampled_ = 0;                       // the slot where Sample goes on
  mutable std::mutex mutex_;                 // guards what follows; only this thread changes it
  std::vector<std::shared_ptr<Account>> accounts_;
  std::map<std::string, size_t, std::less<>> draining_;  // group → how many servers
};

// LeavePlace ends what an Admission gave; nothing if it gave none. Any thread.
void LeavePlace(const AdmissionPlace& place);
// NoteUnborn counts a descriptor that is about to be closed before anybody made a connection of it,
// or that the system did not give (-1). Any thread.
void NoteUnborn(int fd, AccountKey key, const Address& peer, CloseReason reason,
                const ConnectionOrigin& origin);
// CountRestart counts that a member of a group was started again. Any thread.
void CountRestart(std::string_view group, int member, std::string_view reason);
// KeepClosed adds a connection to those of Ledger::Recent(). Any thread.
void KeepClosed(ConnectionInfo info);

}  // namespace sluice
