// The way of an accepted descriptor to a member, and back where the member did not take it.
#include <utility>

#include "group/group.h"
#include "sys/sys.h"

namespace sluice {

uint64_t NextConnectionId(uint64_t count) {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(count, std::memory_order_relaxed);
}

// Connection is an accepted descriptor on its way to a member. Whoever drops it before a member
// took it, as a mailbox of a task that ends does, sends it back to the master.
class Group::Connection {
 public:
  Connection(std::shared_ptr<Group> group, int fd, const Address& peer, uint64_t id)
      : group_(std::move(group)), fd_(fd), peer_(peer), id_(id) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    Uncount();
    if (fd_ >= 0) group_->GiveBack(fd_, peer_, id_);
  }

  // Count books the connection on a member, for now.
  void Count(const std::shared_ptr<Member>& member) {
    Uncount();
    member_ = member;
    member_->connections.fetch_add(1, std::memory_order_relaxed);
    member_->connections_total.fetch_add(1, std::memory_order_relaxed);
  }

  // Arrive hands the connection to its member; on that member's thread.
  bool Arrive(MemberPort& port) {
    if (!port.OnHandover(fd_, peer_, id_)) return false;
    fd_ = -1;
    member_ = nullptr;
    return true;
  }

  void Drop() {
    sys::Close(fd_);
    fd_ = -1;
  }

 private:
  void Uncount() {
    if (!member_) return;
    member_->connections.fetch_sub(1, std::memory_order_relaxed);
    member_->connections_total.fetch_sub(1, std::memory_order_relaxed);
    member_ = nullptr;
  }

  std::shared_ptr<Group> group_;
  std::shared_ptr<Member> member_;
  int fd_;
  Address peer_;
  uint64_t id_;
};

bool Group::Give(const std::shared_ptr<Member>& member,
                 const std::shared_ptr<Connection>& connection) {
  std::shared_ptr<Mailbox> mailbox;
  std::shared_ptr<MemberPort> port;
  {
    std::lock_guard lock(mutex_);
    if (member->state_ != Member::State::kReady) return false;
    mailbox = member->mailbox_;
    port = member->port_;
  }
  connection->Count(member);
  if (member->index_ == 0) return connection->Arrive(*port);
  return mailbox->Post([connection, port = std::move(port)] { connection->Arrive(*port); });
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

void Group::Handover(int fd, const Address& peer, uint64_t id) {
  HandoverTo(-1, fd, peer, id);
}

void Group::HandoverTo(int index, int fd, const Address& peer, uint64_t id) {
  Dispatch(std::make_shared<Connection>(shared_from_this(), fd, peer, id), index);
}

void Group::GiveBack(int fd, const Address& peer, uint64_t id) {
  std::shared_ptr<Mailbox> mailbox;
  {
    std::lock_guard lock(mutex_);
    if (!closed_) mailbox = members_[0]->mailbox_;
  }
  // The descriptor is a plain number here: what is dropped now is closed, not sent round again.
  struct Holder {
    explicit Holder(int number) : fd(number) {}
    int fd;
    ~Holder() {
      if (fd >= 0) sys::Close(fd);
    }
  };
  auto holder = std::make_shared<Holder>(fd);
  if (!mailbox) return;
  mailbox->Post([group = shared_from_this(), holder, peer, id] {
    group->Handover(std::exchange(holder->fd, -1), peer, id);
  });
}

}  // namespace sluice
