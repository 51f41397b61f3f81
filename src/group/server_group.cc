#include <algorithm>
#include <cerrno>
#include <future>
#include <system_error>
#include <thread>

#include "group/group.h"
#include "ledger/loop_ledger.h"
#include "sluice/group.h"
#include "stream/server_drain.h"

namespace sluice {

// Port hands what the group sends to a thread's handler. It may outlive both in a mailbox that is
// gone, and is not called then.
class ServerGroup::Port final : public MemberPort {
 public:
  Port(GroupThread& place, GroupHandler& handler) : place_(place), handler_(handler) {}
  bool OnHandover(int fd, const Address& peer, uint64_t) override {
    handler_.OnConnection(place_, fd, peer);
    return true;
  }
  void OnGroupClosed() override {
    handler_.OnClose();
    place_.loop().Release();
  }

 private:
  GroupThread& place_;
  GroupHandler& handler_;
};

// Thread runs the loop of one thread beside the one that opened the group.
class ServerGroup::Thread {
 public:
  // descriptors are for its loop.
  Thread(const ServerGroup& owner, int index, LoopDescriptors descriptors)
      : thread_([this, &owner, index, descriptors = std::move(descriptors)]() mutable {
          Run(owner, index, std::move(descriptors));
        }) {}
  ~Thread() {
    if (mailbox_) mailbox_->Post([] { Loop::Current()->Stop(); });
    if (thread_.joinable()) thread_.join();
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Start waits until the thread gets connections; false: it has no handler. Once.
  bool Start() {
    mailbox_ = ready_.get_future().get();
    return mailbox_ != nullptr;
  }
  void Wait() { thread_.join(); }
  // Post has the thread run task; nothing if it has ended.
  void Post(std::function<void()> task) { mailbox_->Post(std::move(task)); }

 private:
  void Run(const ServerGroup& owner, int index, LoopDescriptors descriptors) {
    std::unique_ptr<GroupHandler> handler;  // outlives the loop, which closes its connections
    std::shared_ptr<Group> group = owner.group_;
    Loop loop(std::move(descriptors));
    GroupThread place(loop, index);
    handler = owner.factory_(place);
    if (!handler) {
      group->Died(index, {});
      ready_.set_value(nullptr);
      return;
    }
    loop.Hold();  // until the group is closed
    group->Join(index, loop, std::make_shared<Port>(place, *handler));
    ready_.set_value(loop.mailbox());
    loop.Run();
    group->Leave(index, false);
    group->Closed(index);
  }

  std::promise<std::shared_ptr<Mailbox>> ready_;
  std::shared_ptr<Mailbox> mailbox_;  // of the thread that opened the group
  std::thread thread_;
};

ServerGroup::ServerGroup(Loop& loop, const GroupOptions& options, Factory factory)
    : loop_(loop), factory_(std::move(factory)) {
  int threads = options.threads;
  if (threads == 0) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  group_ = std::make_shared<Group>(options.name, threads - 1);
  group_->set_balance(options.balance);
  group_->queues().set_limit(options.write_limit);
}

std::unique_ptr<ServerGroup> ServerGroup::Open(Loop& loop, const Address& address,
                                               const GroupOptions& options, Factory factory,
                                               Error* error) {
  if (options.threads < 0 || options.threads > kMaxThreads) {
    *error = Error::System("group", EINVAL);
    return nullptr;
  }
  std::unique_ptr<ServerGroup> group(new ServerGroup(loop, options, std::move(factory)));
  group->listener_ = Listener::Listen(loop, address, options.listen, group.get(), error);
  if (!group->listener_ || !group->Start(group->group_->subs(), error)) return nullptr;
  group->listener_->SetGroup(options.name);
  group->listener_->set_account(group->group_->account(0));
  group->listener_->SetAdmission(options.admission);
  group->listener_->set_limits(options.limits);
  if (options.proxy) group->listener_->ExpectProxyHeaders(*options.proxy);
  group->listener_->Start();
  return group;
}

bool ServerGroup::Start(int threads, Error* error) {
  place_.reset(new GroupThread(loop_, 0));
  handler_ = factory_(*place_);
  if (!handler_) {
    *error = Error::System("group", ECANCELED);
    return false;
  }
  group_->OpenMaster(loop_, std::make_shared<Port>(*place_, *handler_));
  Error failure;
  for (int index = 1; index <= threads && !failure; ++index) {
    LoopDescriptors descriptors = LoopDescriptors::Open(&failure);
    if (!descriptors) break;
    try {
      threads_.push_back(std::make_unique<Thread>(*this, index, std::move(descriptors)));
    } catch (const std::system_error& refused) {
      failure = Error::System("group", refused.code().value());
    }
  }
  for (const auto& one : threads_)
    if (!one->Start() && !failure) failure = Error::System("group", ECANCELED);
  if (failure) *error = failure;
  return !failure;
}

ServerGroup::~ServerGroup() {
  if (auto drain = ServerDrain::Of(drain_)) drain->Abandon();
  if (listener_) listener_->Close();
  group_->Close();
  threads_.clear();
  std::shared_ptr<Account> own = group_->account(0);
  if (own && Loop::Current() == &loop_)
    LoopLedger::Of(loop_).EndAll(*own, CloseReason::Of(CloseCode::kTaskEnd));
}

void ServerGroup::Close() {
  if (listener_->closed()) return;
  listener_->Close();
  group_->Close();
  handler_->OnClose();
}

uint64_t ServerGroup::OpenConnections() const {
  uint64_t open = 0;
  for (const GroupStats& one : Stats()) open += one.connections;
  return open;
}

bool ServerGroup::Drain(const DrainOptions& options, DrainDone done, Error* error) {
  if (!ServerDrain::Check(options, error)) return false;
  if (auto drain = ServerDrain::Of(drain_)) {
    drain->Hasten(options, std::move(done));
    return true;
  }
  if (listener_->closed() && OpenConnections() == 0) {
    *error = Error::System("drain", EBADF);
    return false;
  }
  ServerDrain::Server server{listener_, group_->name(), {}, {}, {}, {}};
  for (int index = 0; index <= group_->subs(); ++index)
    server.accounts.push_back(group_->account(index));
  server.open = [this] { return OpenConnections(); };
  server.close = [this] { Close(); };
  server.others = [this](const SpreadOrders& orders) {
    for (size_t i = 0; i < threads_.size(); ++i)
      threads_[i]->Post([account = group_->account(static_cast<int>(i) + 1), orders] {
        Spread::Begin(*Loop::Current(), account, orders);
      });
  };
  drain_ = ServerDrain::Begin(std::move(server), options, std::move(done));
  return true;
}

bool ServerGroup::draining() const {
  return ServerDrain::Of(drain_) != nullptr;
}

void ServerGroup::Wait() {
  Close();
  for (const auto& one : threads_) one->Wait();
  threads_.clear();
}

std::vector<GroupStats> ServerGroup::Stats() const {
  std::vector<GroupStats> stats;
  for (int index = 0; index <= group_->subs(); ++index) {
    MemberNumbers numbers = group_->numbers(index);
    stats.push_back({index, numbers.connections, numbers.connections_total});
  }
  return stats;
}

void ServerGroup::OnAccept(Listener& listener, int fd, const Address& peer) {
  group_->Handover(fd, peer, LoopLedger::Of(listener.loop()).Arrived(fd));
}

void ServerGroup::OnStarved(Listener&, const Error& error) {
  handler_->OnStarved(error);
}

void ServerGroup::OnRefused(Listener&, const RefusedConnections& refused) {
  handler_->OnRefused(refused);
}

}  // namespace sluice
