// Internal. binding('net'): streams and listeners for lib/internal/net. JavaScript names each by a
// number; everything they report goes through one function, dispatch(id, event, a, b).
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/check.h"
#include "js/read_slab.h"
#include "js/value.h"
#include "sluice/server.h"
#include "sluice/socket.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// The numbers are those of lib/internal/net/handles.js.
enum Event {
  kConnect = 1,  // a: errno or 0
  kData,         // a: offset in the slab, b: length
  kEnd,
  kDrain,
  kShutdown,
  kError,  // a: errno, b: 0 reading, 1 writing
  kIdle,
  kAccept,   // a: id of the new stream
  kStarved,  // a: errno
  kSlab,     // a: the ArrayBuffer that later kData offsets are in
};

// A handle's number: 20 bits of index, 11 of generation, so that it is a small integer in the
// engine and a stale number is refused.
constexpr uint32_t kIndexBits = 20;
constexpr uint32_t kIndexMask = (1u << kIndexBits) - 1;
constexpr uint32_t kGenerationMask = (1u << 11) - 1;

class NetState final : public BindingState, public StreamHandler, public ListenHandler {
 public:
  explicit NetState(Engine& engine) : engine_(engine), slab_(engine.context()) {
    handles_.emplace_back();  // number 0 is no handle
  }
  ~NetState() override {
    for (Handle& handle : handles_) {
      if (handle.stream) handle.stream->Close();
      if (handle.listener) handle.listener->Close();
    }
    if (dispatch_ != nullptr) JSValueUnprotect(engine_.context(), dispatch_);
  }

  void set_dispatch(JSObjectRef function) {
    dispatch_ = function;
    JSValueProtect(engine_.context(), function);
  }

  uint32_t Add(Ref<Stream> stream) {
    uint32_t id = NewId();
    stream->tag = id;
    handles_[id & kIndexMask].stream = std::move(stream);
    return id;
  }
  uint32_t Add(Ref<Listener> listener) {
    uint32_t id = NewId();
    listener->tag = id;
    handles_[id & kIndexMask].listener = std::move(listener);
    return id;
  }
  Stream* stream(uint32_t id) {
    Handle* handle = Find(id);
    return handle != nullptr ? handle->stream.get() : nullptr;
  }
  Listener* listener(uint32_t id) {
    Handle* handle = Find(id);
    return handle != nullptr ? handle->listener.get() : nullptr;
  }
  void Remove(uint32_t id) {
    Handle* handle = Find(id);
    if (handle == nullptr) return;
    Handle gone = std::move(*handle);
    handle->generation = (gone.generation + 1) & kGenerationMask;
    free_.push_back(id & kIndexMask);
  }

  void OnConnect(Stream& stream, const Error& error) override {
    Tell(stream.tag, kConnect, static_cast<double>(error.number), 0);
  }
  std::span<uint8_t> OnBuffer(Stream&, size_t wanted) override {
    bool fresh = false;
    auto space = slab_.Space(wanted, &fresh);
    slab_is_new_ |= fresh;
    return space;
  }
  void OnData(Stream& stream, std::span<uint8_t> data) override {
    if (slab_is_new_) {
      slab_is_new_ = false;
      JSContextRef context = engine_.context();
      JSValueRef arguments[] = {JSValueMakeNumber(context, 0), JSValueMakeNumber(context, kSlab),
                                slab_.array()};
      engine_.Call(dispatch_, arguments);
    }
    size_t offset = slab_.Take(data.size());
    Tell(stream.tag, kData, static_cast<double>(offset), static_cast<double>(data.size()));
  }
  void OnEnd(Stream& stream) override { Tell(stream.tag, kEnd, 0, 0); }
  void OnDrain(Stream& stream) override { Tell(stream.tag, kDrain, 0, 0); }
  void OnShutdown(Stream& stream) override { Tell(stream.tag, kShutdown, 0, 0); }
  void OnError(Stream& stream, const Error& error) override {
    bool writing = error.operation[0] == 'w';
    Tell(stream.tag, kError, static_cast<double>(error.number), writing ? 1 : 0);
  }
  void OnIdle(Stream& stream) override { Tell(stream.tag, kIdle, 0, 0); }
  void OnAccept(Listener& listener, int fd, const Address& peer) override {
    if (handles_.size() > kIndexMask && free_.empty()) {
      sys::Close(fd);
      return;
    }
    uint32_t id = Add(Ref<Stream>(Socket::Adopt(engine_.loop(), fd, this, &peer).get()));
    Tell(listener.tag, kAccept, id, 0);
  }
  void OnStarved(Listener& listener, const Error& error) override {
    Tell(listener.tag, kStarved, static_cast<double>(error.number), 0);
  }

 private:
  struct Handle {
    Ref<Stream> stream;
    Ref<Listener> listener;
    uint32_t generation = 0;
  };

  uint32_t NewId() {
    if (free_.empty()) {
      SLUICE_CHECK(handles_.size() <= kIndexMask);
      free_.push_back(static_cast<uint32_t>(handles_.size()));
      handles_.emplace_back();
    }
    uint32_t index = free_.back();
    free_.pop_back();
    return (handles_[index].generation << kIndexBits) | index;
  }
  Handle* Find(uint32_t id) {
    uint32_t index = id & kIndexMask;
    if (index == 0 || index >= handles_.size()) return nullptr;
    Handle& handle = handles_[index];
    return handle.generation == id >> kIndexBits ? &handle : nullptr;
  }
  void Tell(uint64_t id, Event event, double a, double b) {
    JSContextRef context = engine_.context();
    JSValueRef arguments[] = {
        JSValueMakeNumber(context, static_cast<double>(id)), JSValueMakeNumber(context, event),
        JSValueMakeNumber(context, a), JSValueMakeNumber(context, b)};
    engine_.Call(dispatch_, arguments);
  }

  Engine& engine_;
  ReadSlab slab_;
  bool slab_is_new_ = false;
  JSObjectRef dispatch_ = nullptr;
  std::vector<Handle> handles_;
  std::vector<uint32_t> free_;
};

NetState& State(Call& call) { return call.engine().State<NetState>(); }
uint32_t Id(Call& call) { return static_cast<uint32_t>(call.integer(0)); }
Stream* StreamOf(Call& call) { return State(call).stream(Id(call)); }
Socket* SocketOf(Call& call) { return dynamic_cast<Socket*>(StreamOf(call)); }

// Failures of calls that return a number are the negative errno.
JSValueRef Number(Call& call, double value) { return call.number_value(value); }
JSValueRef Failure(Call& call, const Error& error) {
  return Number(call, -static_cast<double>(error.number));
}

// The address in arguments i (host or path) and i+1 (port; < 0: a Unix path).
std::optional<Address> AddressAt(Call& call, size_t i) {
  std::string host = call.string(i);
  int64_t port = call.integer(i + 1);
  if (port < 0) return Address::Unix(host);
  return Address::Ip(host, static_cast<uint16_t>(port));
}

// setDispatch((id, event, a, b) => …)
JSValueRef SetDispatch(Call& call) {
  if (JSObjectRef function = call.object(0)) State(call).set_dispatch(function);
  return call.undefined();
}

// connect(host, port, localHost, localPort) → id or -errno; port -1: host is a Unix path
JSValueRef Connect(Call& call) {
  auto peer = AddressAt(call, 0);
  if (!peer) return Number(call, -EINVAL);
  std::optional<Address> local;
  if (!call.is_undefined(2)) {
    local = AddressAt(call, 2);
    if (!local) return Number(call, -EINVAL);
  }
  Error error;
  NetState& state = State(call);
  auto socket = Socket::Connect(call.engine().loop(), *peer, local ? &*local : nullptr, &state,
                                &error);
  if (!socket) return Failure(call, error);
  return Number(call, state.Add(Ref<Stream>(socket.get())));
}

// adopt(fd) → id or -errno: a connected descriptor
JSValueRef Adopt(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) return Number(call, -EBADF);
  NetState& state = State(call);
  auto socket = Socket::Adopt(call.engine().loop(), fd, &state);
  return Number(call, state.Add(Ref<Stream>(socket.get())));
}

// listen(host, port, backlog, ipv6Only, reusePort) → id or -errno; port -1: host is a Unix path
JSValueRef Listen(Call& call) {
  auto address = AddressAt(call, 0);
  if (!address) return Number(call, -EINVAL);
  ListenOptions options;
  options.backlog = static_cast<int>(call.integer(2));
  options.ipv6_only = call.boolean(3);
  options.reuse_port = call.boolean(4);
  Error error;
  NetState& state = State(call);
  auto listener = Listener::Listen(call.engine().loop(), *address, options, &state, &error);
  if (!listener) return Failure(call, error);
  return Number(call, state.Add(std::move(listener)));
}

// listenDescriptor(fd, backlog) → id or -errno
JSValueRef ListenDescriptor(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  int result = fd < 0 ? -EBADF : sys::Listen(fd, static_cast<int>(call.integer(1)));
  if (result < 0) return Number(call, result);
  NetState& state = State(call);
  return Number(call, state.Add(Listener::Adopt(call.engine().loop(), fd, &state)));
}

// accepting(id, on)
JSValueRef Accepting(Call& call) {
  if (Listener* listener = State(call).listener(Id(call)))
    call.boolean(1) ? listener->Start() : listener->Stop();
  return call.undefined();
}

JSValueRef Resume(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Resume();
  return call.undefined();
}

JSValueRef Pause(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Pause();
  return call.undefined();
}

// tryWrite(id, bytes) → how many the kernel took. Only while nothing is queued.
JSValueRef TryWrite(Call& call) {
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return Number(call, 0);
  auto data = call.bytes(1);
  if (call.failed()) return call.undefined();
  return Number(call, static_cast<double>(stream->TryWrite(data)));
}

// write(id, bytes) → whether everything reached the kernel. The caller keeps bytes until kDrain.
JSValueRef Write(Call& call) {
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return call.boolean_value(false);
  std::span<const uint8_t> data = call.bytes(1);
  if (call.failed()) return call.undefined();
  return call.boolean_value(stream->Write({&data, 1}, false));
}

// writeAll(id, array of bytes, count): as write
JSValueRef WriteAll(Call& call) {
  Stream* stream = StreamOf(call);
  JSObjectRef array = call.object(1);
  if (stream == nullptr || array == nullptr) return call.boolean_value(false);
  std::vector<std::span<const uint8_t>> parts;
  auto count = static_cast<unsigned>(call.integer(2));
  for (unsigned i = 0; i < count && !call.failed(); ++i) {
    JSValueRef part = JSObjectGetPropertyAtIndex(call.context(), array, i, call.exception());
    js::Call one(call.context(), 1, &part, call.exception());
    parts.push_back(one.bytes(0));
  }
  if (call.failed()) return call.undefined();
  return call.boolean_value(stream->Write(parts, false));
}

JSValueRef Shutdown(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Shutdown();
  return call.undefined();
}

// close(id, reset): the number is no longer valid
JSValueRef Close(Call& call) {
  NetState& state = State(call);
  uint32_t id = Id(call);
  if (Stream* stream = state.stream(id)) call.boolean(1) ? stream->Reset() : stream->Close();
  if (Listener* listener = state.listener(id)) listener->Close();
  state.Remove(id);
  return call.undefined();
}

JSValueRef AddressValue(Call& call, const Address& address) {
  if (address.family() == 0) return call.undefined();
  JSContextRef context = call.context();
  JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
  if (!address.is_ip()) {
    Set(context, object, "path", call.string_value(address.host()));
    return object;
  }
  Set(context, object, "address", call.string_value(address.host()));
  Set(context, object, "family",
      call.string_value(address.family() == AF_INET6 ? "IPv6" : "IPv4"));
  Set(context, object, "port", call.number_value(address.port()));
  return object;
}

// localAddress(id) → {address, family, port}, {path}, or undefined
JSValueRef LocalAddress(Call& call) {
  if (Stream* stream = StreamOf(call)) return AddressValue(call, stream->LocalAddress());
  if (Listener* listener = State(call).listener(Id(call)))
    return AddressValue(call, listener->LocalAddress());
  return call.undefined();
}

JSValueRef PeerAddress(Call& call) {
  Stream* stream = StreamOf(call);
  return stream != nullptr ? AddressValue(call, stream->PeerAddress()) : call.undefined();
}

JSValueRef SetNoDelay(Call& call) {
  Socket* socket = SocketOf(call);
  return Number(call, socket != nullptr ? -socket->SetNoDelay(call.boolean(1)) : -EBADF);
}

// setKeepAlive(id, on, seconds)
JSValueRef SetKeepAlive(Call& call) {
  Socket* socket = SocketOf(call);
  if (socket == nullptr) return Number(call, -EBADF);
  auto seconds = static_cast<unsigned>(std::min<int64_t>(call.integer(2), 32767));
  return Number(call, -socket->SetKeepAlive(call.boolean(1), seconds));
}

// setIdle(id, ms)
JSValueRef SetIdle(Call& call) {
  if (Stream* stream = StreamOf(call))
    stream->SetIdleTimeout(static_cast<uint64_t>(std::max<int64_t>(call.integer(1), 0)));
  return call.undefined();
}

JSValueRef SetRef(Call& call) {
  bool on = call.boolean(1);
  if (Stream* stream = StreamOf(call)) stream->SetRef(on);
  if (Listener* listener = State(call).listener(Id(call))) listener->SetRef(on);
  return call.undefined();
}

JSValueRef BytesRead(Call& call) {
  Stream* stream = StreamOf(call);
  return Number(call, stream != nullptr ? static_cast<double>(stream->bytes_read()) : 0);
}

JSValueRef BytesWritten(Call& call) {
  Stream* stream = StreamOf(call);
  return Number(call, stream != nullptr ? static_cast<double>(stream->bytes_written()) : 0);
}

JSValueRef Queued(Call& call) {
  Stream* stream = StreamOf(call);
  return Number(call, stream != nullptr ? static_cast<double>(stream->queued()) : 0);
}

JSValueRef Descriptor(Call& call) {
  if (Stream* stream = StreamOf(call)) return Number(call, stream->fd());
  if (Listener* listener = State(call).listener(Id(call))) return Number(call, listener->fd());
  return Number(call, -1);
}

// setOption(id, level, option, value) and getOption(id, level, option) → 0 or value, or -errno
JSValueRef SetOption(Call& call) {
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return Number(call, -EBADF);
  return Number(call, sys::SetOption(stream->fd(), static_cast<int>(call.integer(1)),
                                     static_cast<int>(call.integer(2)),
                                     static_cast<int>(call.integer(3))));
}

JSValueRef GetOption(Call& call) {
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return Number(call, -EBADF);
  int value = 0;
  int result = sys::GetOption(stream->fd(), static_cast<int>(call.integer(1)),
                              static_cast<int>(call.integer(2)), &value);
  return Number(call, result < 0 ? result : value);
}

// isIP(text) → 0, 4 or 6
JSValueRef IsIp(Call& call) {
  JSStringRef text = JSValueToStringCopy(call.context(), call[0], call.exception());
  if (text == nullptr) return call.undefined();
  String owned(text);
  if (JSStringGetLength(text) > 128) return Number(call, 0);
  return Number(call, IpFamily(owned.utf8()));
}

constexpr FunctionEntry kFunctions[] = {
    {"setDispatch", Guarded<SetDispatch>},
    {"connect", Guarded<Connect>},
    {"adopt", Guarded<Adopt>},
    {"listen", Guarded<Listen>},
    {"listenDescriptor", Guarded<ListenDescriptor>},
    {"accepting", Guarded<Accepting>},
    {"resume", Guarded<Resume>},
    {"pause", Guarded<Pause>},
    {"tryWrite", Guarded<TryWrite>},
    {"write", Guarded<Write>},
    {"writeAll", Guarded<WriteAll>},
    {"shutdown", Guarded<Shutdown>},
    {"close", Guarded<Close>},
    {"localAddress", Guarded<LocalAddress>},
    {"peerAddress", Guarded<PeerAddress>},
    {"setNoDelay", Guarded<SetNoDelay>},
    {"setKeepAlive", Guarded<SetKeepAlive>},
    {"setIdle", Guarded<SetIdle>},
    {"setRef", Guarded<SetRef>},
    {"bytesRead", Guarded<BytesRead>},
    {"bytesWritten", Guarded<BytesWritten>},
    {"queued", Guarded<Queued>},
    {"descriptor", Guarded<Descriptor>},
    {"setOption", Guarded<SetOption>},
    {"getOption", Guarded<GetOption>},
    {"isIP", Guarded<IsIp>},
};

}  // namespace

void BindNet(Binder& binder) { binder.Functions(kFunctions); }

}  // namespace sluice::js
