// Internal. Server groups: one task accepts, and every member of the group gets its share.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/account.h"
#include "sluice/group.h"

namespace sluice {

class Group;

// What ended a sub's task.
enum class EndCause : uint8_t { kExit, kError, kHeap, kWatchdog };

// How a sub's task ended.
struct MemberEnd {
  int code = 0;
  std::string error;  // "Error: message", "" if none
  std::string stack;
  EndCause cause = EndCause::kExit;
};

// What a member does and did.
struct MemberNumbers {
  uint64_t connections = 0;        // now, with those under way to it
  uint64_t connections_total = 0;  // handed to it so far
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;
};

// Member is one handler of a group: the master, or a sub. What is not said to be any thread's is
// guarded by the group.
class Member {
 public:
  enum class State : uint8_t {
    kStarting,  // its task was started, or will be
    kReady,     // gets connections
    kClosing,   // left the rotation; its connections go on
    kClosed,    // and they have ended
    kDead,      // its task has ended
  };

  Member(std::string name, int index) : name_(std::move(name)), index_(index) {}
  const std::string& name() const { return name_; }
  int index() const { return index_; }  // 0 is the master

  // Connections that are handed to it and did not arrive yet. Any thread.
  std::atomic<uint64_t> under_way{0};
  // How many of its connections ended while it was drained: by themselves, by the drain, by its
  // deadline. Any thread.
  std::array<std::atomic<uint64_t>, 3> drained{};

 private:
  friend class Group;
  const std::string name_;
  const int index_;
  State state_ = State::kStarting;
  bool told_ = false;  // that the group is closed
  std::shared_ptr<Mailbox> mailbox_;
  // Of the member's own thread alone, but for being empty or not.
  std::shared_ptr<class MemberPort> port_;
  MemberEnd end_;
  std::shared_ptr<Account> account_;  // of the present task; null before the first
  AccountNumbers past_;               // of those before
};

// MemberPort is what a member does with what it gets. All calls come on the member's thread.
class MemberPort {
 public:
  virtual ~MemberPort() = default;
  // OnHandover takes a connection, of which no byte was read. False: it cannot, and the group
  // keeps the descriptor.
  virtual bool OnHandover(int fd, const Address& peer, uint64_t id) = 0;
  // The master closed the group, or its task ended.
  virtual void OnGroupClosed() {}
  // How the master drains the group (Group::Drain).
  virtual void OnGroupDrain(const std::string& how) { (void)how; }
  // A sub's state changed (master only).
  virtual void OnMemberChanged(int index, Member::State state) {
    (void)index;
    (void)state;
  }
};

// Group is shared by its members' tasks. What is guarded by its lock may be called by any thread;
// what only the master's thread may call says so. Groups with subs are found by name while their
// master runs.
class Group : public std::enable_shared_from_this<Group> {
 public:
  // Create makes a group with subs members beside the master. Returns null if it has subs and the
  // name is taken by a group that is open. Any thread; the caller becomes the master.
  static std::shared_ptr<Group> Create(std::string_view name, int subs);
  // Find returns the open group with subs of that name, or null. Any thread.
  static std::shared_ptr<Group> Find(std::string_view name);

  explicit Group(std::string_view name, int subs);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const std::string& name() const { return name_; }
  int subs() const { return static_cast<int>(members_.size()) - 1; }
  // member returns a member by its index; null if there is none. Any thread.
  const std::shared_ptr<Member>& member(int index) const;
  Member::State state(int index) const;
  MemberNumbers numbers(int index) const;
  // account returns where a member's connections are counted, null before it was ready.
  std::shared_ptr<Account> account(int index) const;
  MemberEnd end(int index) const;

  // OpenMaster makes the master ready: it now gets its share and hears of its subs. Master.
  void OpenMaster(Loop& loop, std::shared_ptr<MemberPort> port);
  // Close ends the group: its name is free, no connection is handed over any more, and ready subs
  // are told. Returns the indices of those. Master.
  std::vector<int> Close();
  // Drain tells ready subs how to end their connections, in words of the caller's. Master.
  void Drain(const std::string& how);
  // Starting notes that a sub's task is about to start, again. Master.
  void Starting(int index);

  // Join makes a sub ready; false if the group is closed. The sub's thread.
  bool Join(int index, Loop& loop, std::shared_ptr<MemberPort> port);
  // Leave takes a member out of the rotation; tell: the master hears of it, for the task goes on.
  // Closed tells that its connections have ended; it returns whether Close found the member ready,
  // also where that was no longer told because the member left meanwhile. The member's thread.
  void Leave(int index, bool tell);
  bool Closed(int index);
  // Died tells that a sub's task has ended, or that it could not start. Any thread.
  void Died(int index, MemberEnd end);

  // Handover gives a connection to the next member by the rule. Master.
  void Handover(int fd, const Address& peer, const ConnectionOrigin& origin);
  // HandoverTo prefers the member of that index; if it is not ready, the rule decides. Master.
  void HandoverTo(int index, int fd, const Address& peer, const ConnectionOrigin& origin);
  // Ready returns the indices of the members that get connections. Any thread.
  std::vector<int> Ready() const;

  void set_balance(Balance balance) { balance_ = balance; }  // master
  Balance balance() const { return balance_; }               // master

  // set_transport tells what carries its connections, before the first member is ready.
  void set_transport(Transport transport) { transport_ = transport; }

  // What all members share beside connections: a TLS engine keeps its contexts here. The master
  // sets it before the first sub starts; it does its own locking.
  void set_shared(std::shared_ptr<void> shared);
  std::shared_ptr<void> shared() const;

 private:
  class Connection;

  std::shared_ptr<Member> Choose();
  bool Give(const std::shared_ptr<Member>& member, const std::shared_ptr<Connection>& connection);
  void Dispatch(const std::shared_ptr<Connection>& connection, int preferred);
  void GiveBack(int fd, const Address& peer, const ConnectionOrigin& origin);
  void Lose(int fd, const Address& peer, const ConnectionOrigin& origin) const;
  void OpenAccount(Member& member, Loop& loop);
  uint64_t Connections(const Member& member) const;
  void TellMaster(int index, Member::State state);
  bool SetState(int index, Member::State state);

  const std::string name_;
  Transport transport_ = Transport::kTcp;         // constant once there is a member
  std::vector<std::shared_ptr<Member>> members_;  // constant
  Balance balance_ = Balance::kRoundRobin;        // master's thread
  size_t next_ = 0;                               // master's thread: where the rotation stands
  mutable std::mutex mutex_;                      // guards what follows and the members' fields
  bool closed_ = false;
  std::shared_ptr<void> shared_;
};

}  // namespace sluice
