// Internal. binding('waiters'): who waits by Atomics.waitAsync() for Atomics.notify() of any task,
// for lib/internal/worker/wait_async.js; for engines that have no waitAsync() of their own.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>

#include "engine/value.h"

namespace sluice::js {
namespace {

struct Waiter {
  int id;
  std::shared_ptr<Mailbox> mailbox;
};

// Waiters has those of the whole process, by the address that they wait at. Any thread.
class Waiters {
 public:
  static Waiters& Instance() {
    static auto* waiters = new Waiters;
    return *waiters;
  }

  int Add(uintptr_t address, std::shared_ptr<Mailbox> mailbox) {
    std::lock_guard lock(mutex_);
    int id = next_id_++;
    lists_[address].push_back({id, std::move(mailbox)});
    count_.fetch_add(1, std::memory_order_seq_cst);
    return id;
  }
  bool Remove(int id) {
    std::lock_guard lock(mutex_);
    for (auto list = lists_.begin(); list != lists_.end(); ++list) {
      if (std::erase_if(list->second, [id](const Waiter& one) { return one.id == id; }) == 0)
        continue;
      if (list->second.empty()) lists_.erase(list);
      count_.fetch_sub(1, std::memory_order_relaxed);
      return true;
    }
    return false;
  }
  void RemoveAll(const std::shared_ptr<Mailbox>& mailbox) {
    std::lock_guard lock(mutex_);
    for (auto list = lists_.begin(); list != lists_.end();) {
      count_.fetch_sub(
          std::erase_if(list->second, [&](const Waiter& one) { return one.mailbox == mailbox; }),
          std::memory_order_relaxed);
      list = list->second.empty() ? lists_.erase(list) : std::next(list);
    }
  }
  // Wake tells at most `most` of those that wait at address, the first first; returns how many.
  double Wake(uintptr_t address, double most, void (*deliver)(int id)) {
    if (count_.load(std::memory_order_seq_cst) == 0) return 0;
    std::lock_guard lock(mutex_);
    auto list = lists_.find(address);
    double woken = 0;
    while (list != lists_.end() && woken < most && !list->second.empty()) {
      Waiter one = std::move(list->second.front());
      list->second.pop_front();
      count_.fetch_sub(1, std::memory_order_relaxed);
      if (one.mailbox->Post([deliver, id = one.id] { deliver(id); })) ++woken;
    }
    if (list != lists_.end() && list->second.empty()) lists_.erase(list);
    return woken;
  }

 private:
  std::atomic<size_t> count_{0};
  std::mutex mutex_;  // guards what follows
  std::map<uintptr_t, std::deque<Waiter>> lists_;
  int next_id_ = 1;
};

class WaiterState final : public BindingState {
 public:
  explicit WaiterState(Engine& engine) : engine_(engine), mailbox_(engine.loop().mailbox()) {}
  ~WaiterState() override {
    Waiters::Instance().RemoveAll(mailbox_);
    if (dispatch_ != nullptr) JSValueUnprotect(engine_.context(), dispatch_);
  }
  void set_dispatch(JSObjectRef function) {
    dispatch_ = function;
    JSValueProtect(engine_.context(), function);
  }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  static void Deliver(int id) {
    Engine* engine = Engine::Current();
    if (engine == nullptr) return;
    WaiterState& state = engine->State<WaiterState>();
    JSValueRef values[] = {JSValueMakeNumber(engine->context(), id)};
    if (state.dispatch_ != nullptr) engine->Call(state.dispatch_, values);
  }

 private:
  Engine& engine_;
  const std::shared_ptr<Mailbox> mailbox_;
  JSObjectRef dispatch_ = nullptr;
};

WaiterState& State(Call& call) {
  return call.engine().State<WaiterState>();
}

// The address of a byte of a view.
uintptr_t AddressAt(Call& call, size_t i) {
  auto offset = static_cast<uintptr_t>(std::max<int64_t>(call.integer(i + 1), 0));
  return reinterpret_cast<uintptr_t>(call.bytes(i).data()) + offset;
}

JSValueRef SetDispatch(Call& call) {
  if (JSObjectRef function = call.object(0)) State(call).set_dispatch(function);
  return call.undefined();
}

// add(view, offset) → a number that dispatch is told once
JSValueRef Add(Call& call) {
  uintptr_t address = AddressAt(call, 0);
  if (call.failed()) return call.undefined();
  return call.number_value(Waiters::Instance().Add(address, State(call).mailbox()));
}

// remove(number) → whether it still waited
JSValueRef Remove(Call& call) {
  return call.boolean_value(Waiters::Instance().Remove(static_cast<int>(call.integer(0))));
}

// wake(view, offset, most) → how many are told
JSValueRef Wake(Call& call) {
  uintptr_t address = AddressAt(call, 0);
  double most = call.number(2);
  if (call.failed()) return call.undefined();
  return call.number_value(Waiters::Instance().Wake(address, most, WaiterState::Deliver));
}

constexpr FunctionEntry kFunctions[] = {
    {"setDispatch", Guarded<SetDispatch>},
    {"add", Guarded<Add>},
    {"remove", Guarded<Remove>},
    {"wake", Guarded<Wake>},
};

}  // namespace

void BindWaiters(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
