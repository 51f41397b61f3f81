// Internal. binding('ports'): channels between tasks, for lib/internal/messages. A port is known by
// its number.
#include "bind/task/ports.h"

#include <map>

#include "engine/port.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

class PortState final : public BindingState {
 public:
  explicit PortState(Engine& engine) : engine_(engine) {}
  ~PortState() override {
    if (dispatch_ != nullptr) JSValueUnprotect(engine_.context(), dispatch_);
  }

  void set_dispatch(JSObjectRef function) {
    dispatch_ = function;
    JSValueProtect(engine_.context(), function);
  }

  int Adopt(PortOwner port) {
    int id = port->id();
    port->Attach(engine_.loop().mailbox(), Deliver);
    ports_.emplace(id, std::move(port));
    return id;
  }
  // Release gives a port to a message; none if this engine does not have it.
  PortOwner Release(int id) {
    auto found = ports_.find(id);
    if (found == ports_.end()) return PortOwner();
    PortOwner port = std::move(found->second);
    ports_.erase(found);
    port->Attach(nullptr, nullptr);
    return port;
  }
  Port* Find(int id) {
    auto found = ports_.find(id);
    return found != ports_.end() ? found->second.operator->() : nullptr;
  }

 private:
  static void Deliver(int id) {
    Engine* engine = Engine::Current();
    if (engine == nullptr) return;
    PortState& state = engine->State<PortState>();
    // It may have gone elsewhere meanwhile.
    if (state.dispatch_ == nullptr || state.Find(id) == nullptr) return;
    JSValueRef values[] = {JSValueMakeNumber(engine->context(), id)};
    engine->Call(state.dispatch_, values);
  }

  Engine& engine_;
  JSObjectRef dispatch_ = nullptr;
  std::map<int, PortOwner> ports_;
};

PortState& State(Call& call) {
  return call.engine().State<PortState>();
}
int IdAt(Call& call, size_t i) {
  return static_cast<int>(call.integer(i));
}

std::vector<JSValueRef> ListAt(Call& call, size_t i) {
  if (call.is_undefined(i)) return {};
  return Elements(call.context(), call[i], call.exception());
}

std::shared_ptr<const PortBytes> CopyOf(std::span<const uint8_t> bytes) {
  auto copy = std::make_shared<PortBytes>();
  copy->data = std::make_unique_for_overwrite<uint8_t[]>(bytes.size());
  copy->size = bytes.size();
  std::copy(bytes.begin(), bytes.end(), copy->data.get());
  return copy;
}

// An ArrayBuffer of memory that owner keeps.
template <class Owner>
JSValueRef BufferOf(Call& call, uint8_t* bytes, size_t size, Owner owner) {
  static uint8_t nothing;
  auto* kept = new Owner(std::move(owner));
  return JSObjectMakeArrayBufferWithBytesNoCopy(
      call.context(), size != 0 ? bytes : &nothing, size,
      [](void*, void* context) { delete static_cast<Owner*>(context); }, kept, call.exception());
}

JSObjectRef List(Call& call) {
  return JSObjectMakeArray(call.context(), 0, nullptr, call.exception());
}
void Put(Call& call, JSObjectRef list, size_t i, JSValueRef value) {
  if (value == nullptr) value = call.undefined();
  JSObjectSetPropertyAtIndex(call.context(), list, static_cast<unsigned>(i), value,
                             call.exception());
}

JSValueRef SetDispatch(Call& call) {
  if (JSObjectRef function = call.object(0)) State(call).set_dispatch(function);
  return call.undefined();
}

// channel() → the numbers of two ports
JSValueRef Channel(Call& call) {
  auto [one, two] = Port::Channel();
  JSValueRef ids[] = {call.number_value(State(call).Adopt(std::move(one))),
                      call.number_value(State(call).Adopt(std::move(two)))};
  return call.array_value(ids);
}

// broadcast(name) → the number of a port
JSValueRef Broadcast(Call& call) {
  return call.number_value(State(call).Adopt(Port::Broadcast(call.string(0))));
}

// listen(name) → the number of a port that takes the ends of channels which dial(name) makes
JSValueRef Listen(Call& call) {
  return call.number_value(State(call).Adopt(Port::Listen(call.string(0))));
}

// dial(name) → the number of a port to who listens; 0 if nobody does
JSValueRef Dial(Call& call) {
  PortOwner port = Port::Dial(call.string(0));
  return call.number_value(port ? State(call).Adopt(std::move(port)) : 0);
}

// post(id, bytes[, views of buffers, SharedArrayBuffers, numbers of ports, descriptors]) → whether
// this task has the port. Ports and descriptors that go along are this task's no more; buffers are
// copied.
JSValueRef Post(Call& call) {
  PortState& state = State(call);
  PortMessage message;
  for (JSValueRef fd : ListAt(call, 5)) {
    Call one(call.context(), 1, &fd, call.exception());
    message.descriptors.emplace_back(IdAt(one, 0));
  }
  Port* port = state.Find(IdAt(call, 0));
  if (port == nullptr) return call.boolean_value(false);
  message.value = CopyOf(call.view(1));
  for (JSValueRef view : ListAt(call, 2)) {
    Call one(call.context(), 1, &view, call.exception());
    auto bytes = one.view(0);
    PortBytes moved{std::make_unique_for_overwrite<uint8_t[]>(bytes.size()), bytes.size()};
    std::copy(bytes.begin(), bytes.end(), moved.data.get());
    message.buffers.push_back(std::move(moved));
  }
  for (JSValueRef buffer : ListAt(call, 3)) {
    auto memory = SharedMemory::Of(call.context(), buffer);
    if (!memory) return call.ThrowTypeError("not a SharedArrayBuffer");
    message.memories.push_back(std::move(memory));
  }
  if (call.failed()) return call.undefined();
  for (JSValueRef id : ListAt(call, 4)) {
    Call one(call.context(), 1, &id, call.exception());
    message.ports.push_back(state.Release(IdAt(one, 0)));
  }
  port->Post(std::move(message));
  return call.boolean_value(true);
}

// canShare(buffer) → whether post() takes that SharedArrayBuffer
JSValueRef CanShare(Call& call) {
  return call.boolean_value(SharedMemory::Of(call.context(), call[0]) != nullptr);
}

// take(id) → [bytes, buffers, views of shared memory, numbers of ports, descriptors]; undefined if
// nothing waits, null if there will be nothing any more
JSValueRef Take(Call& call) {
  PortState& state = State(call);
  Port* port = state.Find(IdAt(call, 0));
  bool closed = true;
  auto message = port != nullptr ? port->Take(&closed) : std::nullopt;
  if (!message) return closed ? call.null() : call.undefined();
  // The lists keep what is made while more is made.
  JSObjectRef buffers = List(call);
  for (size_t i = 0; i < message->buffers.size(); ++i) {
    PortBytes& one = message->buffers[i];
    uint8_t* bytes = one.data.get();
    size_t size = one.size;
    Put(call, buffers, i, BufferOf(call, bytes, size, std::move(one)));
  }
  JSObjectRef memories = List(call);
  for (size_t i = 0; i < message->memories.size(); ++i)
    Put(call, memories, i, message->memories[i]->Make(call.context()));
  JSObjectRef ports = List(call);
  for (size_t i = 0; i < message->ports.size(); ++i)
    if (PortOwner& one = message->ports[i])
      Put(call, ports, i, call.number_value(state.Adopt(std::move(one))));
  JSObjectRef descriptors = List(call);
  for (size_t i = 0; i < message->descriptors.size(); ++i) {
    int fd = message->descriptors[i].Take();
    grant::Hold(fd, grant::kUsable);
    Put(call, descriptors, i, call.number_value(fd));
  }
  // Nobody writes to what several ports have.
  auto* bytes = const_cast<uint8_t*>(message->value->data.get());
  size_t size = message->value->size;
  return call.array_value(
      {BufferOf(call, bytes, size, message->value), buffers, memories, ports, descriptors});
}

// ended(id) → whether there is nothing any more
JSValueRef Ended(Call& call) {
  Port* port = State(call).Find(IdAt(call, 0));
  return call.boolean_value(port == nullptr || port->ended());
}

// discard(fd): closes a descriptor that nobody took
JSValueRef Discard(Call& call) {
  int fd = IdAt(call, 0);
  grant::Forget(fd);
  return call.number_value(sys::Close(fd));
}

JSValueRef Close(Call& call) {
  PortOwner port = State(call).Release(IdAt(call, 0));
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"setDispatch", Guarded<SetDispatch>},
    {"channel", Guarded<Channel>},
    {"broadcast", Guarded<Broadcast>},
    {"listen", Guarded<Listen>},
    {"dial", Guarded<Dial>},
    {"post", Guarded<Post>},
    {"canShare", Guarded<CanShare>},
    {"take", Guarded<Take>},
    {"ended", Guarded<Ended>},
    {"discard", Guarded<Discard>},
    {"close", Guarded<Close>},
};

}  // namespace

int AdoptPort(Engine& engine, PortOwner port) {
  return engine.State<PortState>().Adopt(std::move(port));
}
PortOwner ReleasePort(Engine& engine, int id) {
  return engine.State<PortState>().Release(id);
}

void BindPorts(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
