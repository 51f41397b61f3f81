// Internal. How the servers of all tasks leave, when the process shall end (--drain).
#include "bind/net/arguments.h"
#include "bind/net/state.h"

namespace sluice::js {
namespace {

// Leaving is kept by all tasks whose servers leave still; its end tells who asked.
class Leaving {
 public:
  Leaving(Engine& engine, JSObjectRef done) : mailbox_(engine.loop().mailbox()), done_(done) {
    JSValueProtect(engine.context(), done);
  }
  ~Leaving() {
    mailbox_->Post([done = done_] {
      Engine& engine = *Engine::Current();
      engine.Call(done, {});
      JSValueUnprotect(engine.context(), done);
    });
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const JSObjectRef done_;
};

// leaveTasks(options of drain() as JSON, done): the servers of all other tasks leave; done() once
// they have, or their tasks have ended
JSValueRef LeaveTasks(Call& call) {
  std::string how = call.string(0);
  JSObjectRef done = call.object(1);
  if (call.failed()) return call.undefined();
  auto leaving = std::make_shared<Leaving>(call.engine(), done);
  auto own = call.engine().loop().mailbox();
  for (const Ledger::LoopEntry& loop : Ledger::Loops()) {
    if (loop.mailbox == own) continue;
    loop.mailbox->Post([how, leaving] {
      if (Engine* engine = Engine::Current()) engine->State<NetState>().Leave(how, leaving);
    });
  }
  return call.undefined();
}

// left(): a server that was told to leave has done so
JSValueRef Left(Call& call) {
  State(call).Left();
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"leaveTasks", Guarded<LeaveTasks>},
    {"left", Guarded<Left>},
};

}  // namespace

void NetState::Leave(const std::string& how, const std::shared_ptr<void>& until) {
  std::vector<uint32_t> listeners;
  for (Handle& handle : handles_)
    if (Listener* listener = handle.listener(); listener != nullptr && !listener->closed())
      listeners.push_back(static_cast<uint32_t>(listener->tag));
  for (uint32_t id : listeners) {
    if (this->listener(id) == nullptr) continue;
    leaving_.push_back(until);
    Tell(id, NetEvent::kLeave, MakeString(engine_.context(), how));
  }
}

void NetState::Left() {
  if (!leaving_.empty()) leaving_.pop_back();
}

void BindLeaving(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
