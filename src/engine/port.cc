#include "engine/port.h"

#include <algorithm>
#include <atomic>
#include <map>

#include "sys/sys.h"

namespace sluice::js {

// Hub is what the ports of a channel have in common. Its ports keep it.
class Hub {
 public:
  explicit Hub(bool two) : pair(two) {}

  const bool pair;
  std::mutex mutex;  // guards what follows, and the queues of the ports
  std::vector<Port*> ports;
};

namespace {

std::atomic<int> next_id{1};

PortOwner Join(const std::shared_ptr<Hub>& hub) {
  auto port = std::make_shared<Port>(hub, next_id.fetch_add(1, std::memory_order_relaxed));
  std::lock_guard lock(hub->mutex);
  hub->ports.push_back(port.get());
  return PortOwner(std::move(port));
}

// Hubs are those that are found by a name, as long as they have ports. Any thread.
class Hubs {
 public:
  std::shared_ptr<Hub> Of(const std::string& name) {
    std::lock_guard lock(mutex_);
    std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
    auto& known = known_[name];
    auto hub = known.lock();
    if (!hub) known = hub = std::make_shared<Hub>(false);
    return hub;
  }

 private:
  std::mutex mutex_;  // guards known_
  std::map<std::string, std::weak_ptr<Hub>> known_;
};

Hubs& Listeners() {
  static auto* listeners = new Hubs;
  return *listeners;
}

// A message may own ports on which messages wait, and so on: they end one after the other, not one
// within the other, for a stack is not as deep.
void Drop(std::deque<PortMessage> messages) {
  thread_local std::vector<std::deque<PortMessage>>* waiting = nullptr;
  if (waiting != nullptr) {
    waiting->push_back(std::move(messages));
    return;
  }
  std::vector<std::deque<PortMessage>> all;
  waiting = &all;
  for (;;) {
    messages.clear();
    if (all.empty()) break;
    messages = std::move(all.back());
    all.pop_back();
  }
  waiting = nullptr;
}

}  // namespace

PortDescriptor::~PortDescriptor() {
  if (fd_ >= 0) sys::Close(fd_);
}

PortOwner::~PortOwner() {
  if (port_) port_->Close();
}

std::pair<PortOwner, PortOwner> Port::Channel() {
  auto hub = std::make_shared<Hub>(true);
  return {Join(hub), Join(hub)};
}

PortOwner Port::Broadcast(const std::string& name) {
  static auto* hubs = new Hubs;
  return Join(hubs->Of(name));
}

PortOwner Port::Listen(const std::string& name) {
  return Join(Listeners().Of(name));
}

PortOwner Port::Dial(const std::string& name) {
  auto hub = Listeners().Of(name);
  auto [mine, theirs] = Channel();
  PortMessage message;
  message.value = std::make_shared<PortBytes>();
  message.ports.push_back(std::move(theirs));
  std::lock_guard lock(hub->mutex);
  if (hub->ports.empty()) return PortOwner();
  Port* listener = hub->ports.front();
  listener->messages_.push_back(std::move(message));
  listener->Notify();
  return std::move(mine);
}

void Port::Post(PortMessage message) {
  // A port that goes through its own channel is lost, and the channel with it.
  for (const PortOwner& port : message.ports)
    if (port && port->hub_ == hub_) return;
  std::lock_guard lock(hub_->mutex);
  for (Port* other : hub_->ports) {
    if (other == this) continue;
    if (hub_->pair) {
      other->messages_.push_back(std::move(message));
      other->Notify();
      return;
    }
    PortMessage copy;
    copy.value = message.value;
    copy.memories = message.memories;
    other->messages_.push_back(std::move(copy));
    other->Notify();
  }
}

std::optional<PortMessage> Port::Take(bool* closed) {
  std::lock_guard lock(hub_->mutex);
  *closed = peer_closed_ && messages_.empty();
  if (messages_.empty()) {
    posted_ = false;
    return std::nullopt;
  }
  PortMessage message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

bool Port::ended() const {
  std::lock_guard lock(hub_->mutex);
  return peer_closed_ && messages_.empty();
}

void Port::Attach(std::shared_ptr<Mailbox> mailbox, void (*deliver)(int id)) {
  std::lock_guard lock(hub_->mutex);
  mailbox_ = std::move(mailbox);
  deliver_ = deliver;
  posted_ = false;
  if (!messages_.empty() || peer_closed_) Notify();
}

void Port::Close() {
  // Messages may own ports, also of this hub: they end without the lock.
  std::deque<PortMessage> dropped;
  {
    std::lock_guard lock(hub_->mutex);
    dropped.swap(messages_);
    mailbox_ = nullptr;
    bool was_open = std::erase(hub_->ports, this) != 0;
    for (Port* other : hub_->ports) {
      if (!was_open || !hub_->pair) break;
      other->peer_closed_ = true;
      other->posted_ = false;
      other->Notify();
    }
  }
  if (!dropped.empty()) Drop(std::move(dropped));
}

// The hub's lock is held.
void Port::Notify() {
  if (!mailbox_ || posted_) return;
  posted_ = mailbox_->Post([deliver = deliver_, id = id_] { deliver(id); });
}

}  // namespace sluice::js
