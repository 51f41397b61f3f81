#include "group/group.h"

#include <map>

#include "ledger/loop_ledger.h"

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

// With the lock held.
uint64_t Group::Connections(const Member& one) const {
  // In this order one that arrives meanwhile is not missed.
  uint64_t under_way = one.under_way.load(std::memory_order_acquire);
  return under_way + (one.account_ ? one.account_->open() : 0);
}

MemberNumbers Group::numbers(int index) const {
  std::lock_guard lock(mutex_);
  if (!member(index)) return {};
  const Member& one = *member(index);
  uint64_t under_way = one.under_way.load(std::memory_order_acquire);
  AccountNumbers all = one.past_;
  if (one.account_) all += one.account_->Numbers();
  return {all.open + under_way, all.opened + under_way, all.bytes_in, all.bytes_out};
}

std::shared_ptr<Account> Group::account(int index) const {
  std::lock_guard lock(mutex_);
  return member(index) ? member(index)->account_ : nullptr;
}

// With the lock held, on the member's thread.
void Group::OpenAccount(Member& one, Loop& loop) {
  if (one.account_) one.past_ += one.account_->Numbers();
  one.account_ =
      LoopLedger::Of(loop).NewAccount({name_, one.index_, 0, Side::kAccepted, transport_}, queues_);
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
  OpenAccount(master, loop);
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

void Group::Drain(const std::string& how) {
  std::lock_guard lock(mutex_);
  for (const auto& one : members_)
    if (one->index_ != 0 && (one->state_ == Member::State::kReady || one->told_) && one->mailbox_)
      one->mailbox_->Post([port = one->port_, how] { port->OnGroupDrain(how); });
}

void Group::Starting(int index) {
  std::lock_guard lock(mutex_);
  if (!member(index)) return;
  Member& sub = *member(index);
  constexpr const char* kCauses[] = {"exit", "error", "heap", "watchdog"};
  if (sub.state_ == Member::State::kDead)
    CountRestart(name_, index, kCauses[static_cast<size_t>(sub.end_.cause)]);
  sub.state_ = Member::State::kStarting;
  sub.end_ = {};
}

bool Group::Join(int index, Loop& loop, std::shared_ptr<MemberPort> port) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !member(index)) return false;
    Member& sub = *member(index);
    if (sub.state_ != Member::State::kStarting) return false;
    sub.mailbox_ = loop.mailbox();
    sub.port_ = std::move(port);
    OpenAccount(sub, loop);
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

}  // namespace sluice
