// The way of an accepted descriptor to a member, and back where the member did not take it.
#include <utility>

#include "group/group.h"
#include "ledger/loop_ledger.h"
#include "sys/sys.h"

namespace sluice {

// Connection is an accepted descriptor on its way to a member. Whoever drops it before a member
// took it, as a mailbox of a task that ends does, sends it back to the master.
class Group::Connection {
 public:
  Connection(std::shared_ptr<Group> group, int fd, const Address& peer,
             const ConnectionOrigin& origin)
      : group_(std::move(group)), fd_(fd), peer_(peer), origin_(origin) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    Uncount();
    if (fd_ >= 0) group_->GiveBack(fd_, peer_, origin_);
  }

  // Count books the connection on a member, for now.
  void Count(const std::shared_ptr<Member>& member) {
    Uncount();
    member_ = member;
    member_->under_way.fetch_add(1, std::memory_order_relaxed);
  }

  // Arrive hands the connection to its member; on that member's thread.
  bool Arrive(MemberPort& port, Account* account) {
    LoopLedger& ledger = LoopLedger::Of(*Loop::Current());
    ledger.Expect(fd_, {origin_.id, origin_.opened_ms, account, origin_.proxied, origin_.place,
                        origin_.limits, &member_->under_way});
    bool taken = port.OnHandover(fd_, peer_, origin_.id);
    ConnectionOrigin left = ledger.Arrived(fd_);
    if (left.under_way == nullptr) member_ = nullptr;  // the ledger has counted it
    if (!taken) return false;
    LeavePlace(left.place);  // nobody made a connection of it
    fd_ = -1;
    Uncount();
    return true;
  }

  void Drop() {
    group_->Lose(fd_, peer_, origin_);
    fd_ = -1;
  }

 private:
  void Uncount() {
    if (!member_) return;
    member_->under_way.fetch_sub(1, std::memory_order_relaxed);
    member_ = nullptr;
  }

  std::shared_ptr<Group> group_;
  std::shared_ptr<Member> member_;
  int fd_;
  Address peer_;
  ConnectionOrigin origin_;  // the account is the member's
};

bool Group::Give(const std::shared_ptr<Member>& member,
                 const std::shared_ptr<Connection>& connection) {
  std::shared_ptr<Mailbox> mailbox;
  std::shared_ptr<MemberPort> port;
  std::shared_ptr<Account> account;
  {
    std::lock_guard lock(mutex_);
    if (member->state_ != Member::State::kReady) return false;
    mailbox = member->mailbox_;
    port = member->port_;
    account = member->account_;
  }
  connection->Count(member);
  if (member->index_ == 0) return connection->Arrive(*port, account.get());
  return mailbox->Post([connection, port = std::move(port), account = std::move(account)] {
    connection->Arrive(*port, account.get());
  });
}

void Group::Dispatch(const std::shared_ptr<Connection>& connection, int preferred) {
  if (preferred >= 0 && member(preferred) && Give(member(preferred), connection)) return;
  // A member that refuses is about to leave: each is asked once.
  for (size_t tries = 0; tries < members_.size(); ++tries) {
    auto chosen = Choose();
    if (!chosen) break;
    if (Give(chosen, connection)) return;
  }
  connection->Drop();
}

void Group::Handover(int fd, const Address& peer, const ConnectionOrigin& origin) {
  HandoverTo(-1, fd, peer, origin);
}

void Group::HandoverTo(int index, int fd, const Address& peer, const ConnectionOrigin& origin) {
  Dispatch(std::make_shared<Connection>(shared_from_this(), fd, peer, origin), index);
}

// Nobody is left who could have it.
void Group::Lose(int fd, const Address& peer, const ConnectionOrigin& origin) const {
  NoteUnborn(fd, {name_, 0, 0, Side::kAccepted, transport_}, peer,
             CloseReason::Of(CloseCode::kTaskEnd), origin);
  sys::Close(fd);
}

void Group::GiveBack(int fd, const Address& peer, const ConnectionOrigin& origin) {
  std::shared_ptr<Mailbox> mailbox;
  {
    std::lock_guard lock(mutex_);
    if (!closed_) mailbox = members_[0]->mailbox_;
  }
  // The descriptor is a plain number here: what is dropped now is closed, not sent round again.
  struct Holder {
    std::shared_ptr<Group> group;
    int fd;
    Address peer;
    ConnectionOrigin origin;
    ~Holder() {
      if (fd >= 0) group->Lose(fd, peer, origin);
    }
  };
  std::shared_ptr<Holder> holder(new Holder{shared_from_this(), fd, peer, origin});
  if (!mailbox) return;
  mailbox->Post([holder] {
    holder->group->Handover(std::exchange(holder->fd, -1), holder->peer, holder->origin);
  });
}

}  // namespace sluice
