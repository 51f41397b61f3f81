#include "group/group.h"

#include <map>

#include "base/check.h"
#include "sys/sys.h"

namespace sluice {
namespace {

// Registry finds open groups with subs by name.
class Registry {
 public:
  static Registry& Instance() {
    static Registry* registry = new Registry;
    return *registry;
  }
  bool Add(const std::string& name, const std::shared_ptr<Group>& group) {
    std::lock_guard lock(mutex_);
    return groups_.emplace(name, group).second;
  }
  void Remove(const std::string& name, const Group* group) {
    std::lock_guard lock(mutex_);
    auto found = groups_.find(name);
    if (found != groups_.end() && found->second.get() == group) groups_.erase(found);
  }
  std::shared_ptr<Group> Find(std::string_view name) {
    std::lock_guard lock(mutex_);
    auto found = groups_.find(name);
    return found != groups_.end() ? found->second : nullptr;
  }

 private:
  std::mutex mutex_;  // guards groups_
  std::map<std::string, std::shared_ptr<Group>, std::less<>> groups_;
};

}  // namespace

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

Group::Group(std::string_view name, int subs) : name_(name) {
  members_.push_back(std::make_shared<Member>(name_, 0));
  for (int i = 1; i <= subs; ++i)
    members_.push_back(std::make_shared<Member>(name_ + ":" + std::to_string(i), i));
}

Group::~Group() = default;

std::shared_ptr<Group> Group::Create(std::string_view name, int subs) {
  auto group = std::make_shared<Group>(name, subs);
  if (subs > 0 && !Registry::Instance().Add(group->name(), group)) return nullptr;
  return group;
}

std::shared_ptr<Group> Group::Find(std::string_view name) {
  return Registry::Instance().Find(name);
}

const std::shared_ptr<Member>& Group::member(int index) const {
  static const std::shared_ptr<Member> none;
  auto position = static_cast<size_t>(index);
  return index >= 0 && position < members_.size() ? members_[position] : none;
}

Member::State Group::state(int index) const {
  std::lock_guard lock(mutex_);
  return member(index) ? member(index)->state_ : Member::State::kDead;
}

MemberEnd Group::end(int index) const {
  std::lock_guard lock(mutex_);
  return member(index) ? member(index)->end_ : MemberEnd{};
}

std::vector<int> Group::Ready() const {
  std::vector<int> ready;
  std::lock_guard lock(mutex_);
  for (const auto& one : members_)
    if (one->state_ == Member::State::kReady) ready.push_back(one->index_);
  return ready;
}

void Group::set_shared(std::shared_ptr<void> shared) {
  std::lock_guard lock(mutex_);
  shared_ = std::move(shared);
}

std::shared_ptr<void> Group::shared() const {
  std::lock_guard lock(mutex_);
  return shared_;
}

// ---- Coming and going

void Group::OpenMaster(Loop& loop, std::shared_ptr<MemberPort> port) {
  std::lock_guard lock(mutex_);
  Member& master = *members_[0];
  master.mailbox_ = loop.mailbox();
  master.port_ = std::move(port);
  master.state_ = Member::State::kReady;
}

std::vector<int> Group::Close() {
  Registry::Instance().Remove(name_, this);
  std::vector<int> told;
  std::lock_guard lock(mutex_);
  if (closed_) return told;
  closed_ = true;
  for (const auto& one : members_) {
    if (one->index_ == 0) {
      one->state_ = Member::State::kClosing;
    } else if (one->state_ == Member::State::kReady) {
      one->told_ = true;
      told.push_back(one->index_);
      one->mailbox_->Post([port = one->port_] { port->OnGroupClosed(); });
    }
  }
  return told;
}

void Group::Starting(int index) {
  std::lock_guard lock(mutex_);
  if (!member(index)) return;
  member(index)->state_ = Member::State::kStarting;
  member(index)->end_ = {};
}

bool Group::Join(int index, Loop& loop, std::shared_ptr<MemberPort> port) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !member(index)) return false;
    Member& sub = *member(index);
    if (sub.state_ != Member::State::kStarting) return false;
    sub.mailbox_ = loop.mailbox();
    sub.port_ = std::move(port);
    sub.state_ = Member::State::kReady;
  }
  TellMaster(index, Member::State::kReady);
  return true;
}

// SetState moves a member on; returns whether it was not there before.
bool Group::SetState(int index, Member::State state) {
  std::shared_ptr<MemberPort> port;  // let go of outside the lock
  std::lock_guard lock(mutex_);
  if (!member(index)) return false;
  Member& one = *member(index);
  if (one.state_ >= state) return false;
  one.state_ = state;
  if (index != 0 && state >= Member::State::kClosed) {
    port = std::move(one.port_);
    one.mailbox_ = nullptr;
  }
  return true;
}

void Group::Leave(int index, bool tell) {
  if (SetState(index, Member::State::kClosing) && tell) TellMaster(index, Member::State::kClosing);
}

bool Group::Closed(int index) {
  if (SetState(index, Member::State::kClosed)) TellMaster(index, Member::State::kClosed);
  std::lock_guard lock(mutex_);
  return member(index) && member(index)->told_;
}

void Group::Died(int index, MemberEnd end) {
  if (!member(index) || index == 0) return;
  {
    std::lock_guard lock(mutex_);
    member(index)->end_ = std::move(end);
  }
  if (SetState(index, Member::State::kDead)) TellMaster(index, Member::State::kDead);
}

void Group::TellMaster(int index, Member::State state) {
  std::shared_ptr<Mailbox> mailbox;
  std::shared_ptr<MemberPort> port;
  {
    std::lock_guard lock(mutex_);
    mailbox = members_[0]->mailbox_;
    port = members_[0]->port_;
  }
  if (index == 0 || !mailbox) return;
  mailbox->Post([port = std::move(port), index, state] { port->OnMemberChanged(index, state); });
}

// ---- Connections

std::shared_ptr<Member> Group::Choose() {
  std::lock_guard lock(mutex_);
  if (closed_) return nullptr;
  std::shared_ptr<Member> chosen;
  size_t place = next_;
  uint64_t least = 0;
  for (size_t i = 0; i < members_.size(); ++i) {
    size_t position = (next_ + i) % members_.size();
    const auto& one = members_[position];
    if (one->state_ != Member::State::kReady) continue;
    uint64_t load = balance_ == Balance::kLeastConnections
                        ? one->connections.load(std::memory_order_relaxed)
                        : 0;
    if (chosen && load >= least) continue;
    chosen = one;
    least = load;
    place = position + 1;
    if (balance_ == Balance::kRoundRobin) break;
  }
  next_ = place % members_.size();
  return chosen;
}

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
