// Internal. LoopLedger: the connections of one loop.
#pragma once

#include <memory>
#include <mutex>
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
  // mailbox returns that of the loop. Any thread.
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  // NewAccount returns an account of this loop, whose task becomes that of the key. It must be kept
  // while more connections come to it.
  std::shared_ptr<Account> NewAccount(AccountKey key);
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
  ConnectionRecord* Find(uint64_t id) const;
  Loop& loop() const { return loop_; }
  // open returns how many records there are.
  size_t open() const { return records_.size() - free_.size(); }

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
  std::vector<ConnectionRecord*> records_;  // by slot; null: free
  std::vector<uint32_t> free_;
  std::shared_ptr<Account> defaults_[2][3];  // by side and transport
  mutable std::mutex mutex_;                 // guards what follows; only this thread changes it
  std::vector<std::shared_ptr<Account>> accounts_;
};

// NoteUnborn counts a descriptor that is about to be closed before anybody made a connection of it,
// or that the system did not give (-1). Any thread.
void NoteUnborn(int fd, AccountKey key, const Address& peer, CloseReason reason,
                const ConnectionOrigin& origin);
// CountRestart counts that a member of a group was started again. Any thread.
void CountRestart(std::string_view group, int member, std::string_view reason);
// KeepClosed adds a connection to those of Ledger::Recent(). Any thread.
void KeepClosed(ConnectionInfo info);

}  // namespace sluice
