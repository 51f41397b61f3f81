// Internal. binding('net'): streams and listeners for lib/internal/net. JavaScript names each by a
// number; everything they report goes through one function, dispatch(id, event, a, b)
// (bind/net/state.h).
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <optional>
#include <vector>

#include "bind/net/address_value.h"
#include "bind/net/admission.h"
#include "bind/net/arguments.h"
#include "bind/net/bound.h"
#include "bind/net/state.h"
#include "engine/encoding.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "ledger/loop_ledger.h"
#include "sim/calls.h"
#include "sluice/server.h"
#include "sluice/socket.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

Socket* SocketOf(Call& call) {
  return dynamic_cast<Socket*>(BottomOf(StreamOf(call)));
}

// setFunctions(dispatch, deliver): dispatch(id, event, a, b), deliver() tells what is in the batch
JSValueRef SetFunctions(Call& call) {
  JSObjectRef dispatch = call.object(0);
  JSObjectRef deliver = call.object(1);
  if (!call.failed()) State(call).set_functions(dispatch, deliver);
  return call.undefined();
}

// batchSlab() → the ArrayBuffer that the entries of the batch are in
JSValueRef BatchSlab(Call& call) {
  return State(call).batch_slab();
}

// connect(host, port, localHost, localPort, connection's id, whether it will be encrypted[, a bound
// descriptor that connects, which is closed on failure]) → id or -errno; port -1: host is a Unix
// path
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
  if (state.full()) return Number(call, -EMFILE);
  int bound = call.is_undefined(6) ? -1 : Int(call, 6);
  if (bound >= 0 && !call.engine().State<BoundSockets>().Release(bound))
    return Number(call, -EBADF);
  Loop& loop = call.engine().loop();
  ConnectionOrigin origin;
  origin.id = static_cast<uint64_t>(call.integer(4));
  if (call.boolean(5)) origin.account = &LoopLedger::Of(loop).Default(Side::kMade, Transport::kTls);
  auto socket =
      Socket::Connect(loop, *peer, local ? &*local : nullptr, &state, &error, origin, bound);
  if (!socket) return Failure(call, error);
  return Number(call, state.Add(Ref<Stream>(socket.get())));
}

// adopt(fd, connection's id) → id or -errno: a connected descriptor
JSValueRef Adopt(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  struct stat status;
  if (fd < 0) return Number(call, -EBADF);
  if (int error = grant::ToDescriptor(fd, grant::kUsable).error()) return Number(call, error);
  if (fstat(fd, &status) != 0) return Number(call, -EBADF);
  NetState& state = State(call);
  if (state.full()) return Number(call, -EMFILE);
  ConnectionOrigin origin;
  origin.id = static_cast<uint64_t>(call.integer(1));
  grant::Forget(fd);
  auto socket = Socket::Adopt(call.engine().loop(), fd, &state, nullptr, origin);
  return Number(call, state.Add(Ref<Stream>(socket.get())));
}

// accepting(id, on)
JSValueRef Accepting(Call& call) {
  if (Listener* listener = State(call).listener(Id(call)))
    call.boolean(1) ? listener->Start() : listener->Stop();
  return call.undefined();
}

// takeWaiting(id) accepts what waits in the backlog
JSValueRef TakeWaiting(Call& call) {
  Ref<Listener> listener(State(call).listener(Id(call)));
  if (listener) listener->TakeWaiting();
  return call.undefined();
}

JSValueRef Resume(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Resume();
  return call.undefined();
}

// readInto(id, Uint8Array that its bytes shall go to, undefined for none): NetState::ReadInto
JSValueRef ReadInto(Call& call) {
  State(call).ReadInto(Id(call), call[1]);
  return call.undefined();
}

JSValueRef Pause(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Pause();
  return call.undefined();
}

// carry(id): asks before its next reads who shall have what arrived (NetEvent::kCarry)
JSValueRef Carry(Call& call) {
  if (auto* socket = dynamic_cast<Socket*>(StreamOf(call))) socket->Carry();
  return call.undefined();
}

// tryWrite(id, bytes) → how many the kernel took; 0 while something is queued.
JSValueRef TryWrite(Call& call) {
  NetState& state = State(call);
  uint32_t id = Id(call);
  Stream* stream = state.stream(id);
  if (stream == nullptr || stream->queued() > 0) return Number(call, 0);
  auto data = call.view(1);
  if (call.failed()) return call.undefined();
  size_t count = stream->TryWrite(data);
  return Number(call, static_cast<double>(count));
}

// How a text of the engine is sent: as it lies in memory where it can be, or from space.
std::optional<Bytes> BytesOf(const Characters& text, bool latin1, std::span<uint8_t> space) {
  return text.Visit([&](auto units) -> std::optional<Bytes> {
    if constexpr (sizeof units[0] == 1) {
      if (latin1 || IsAscii(units)) return units;
    }
    constexpr size_t kMostUtf8 = 3;  // bytes for a code unit
    if (units.size() > space.size() / kMostUtf8) return std::nullopt;
    size_t length = (latin1 ? EncodeLatin1(units, space) : EncodeUtf8(units, space)).written;
    return space.first(length);
  });
}

// tryWriteText(id, text, whether latin1 and not utf8) → how many of its bytes the kernel did not
// take; -1: it was not tried.
JSValueRef TryWriteText(Call& call) {
  NetState& state = State(call);
  uint32_t id = Id(call);
  Stream* stream = state.stream(id);
  if (stream == nullptr || stream->queued() > 0) return Number(call, -1);
  Characters text(call, 1);
  uint8_t space[8 * 1024];
  auto data = BytesOf(text, call.boolean(2), space);
  if (!data) return Number(call, -1);
  size_t count = stream->TryWrite(*data);
  return Number(call, static_cast<double>(data->size() - count));
}

// write(id, bytes) → whether everything reached the kernel. The caller keeps bytes until kDrain.
JSValueRef Write(Call& call) {
  std::span<const uint8_t> data = call.bytes(1);
  Stream* stream = StreamOf(call);
  if (call.failed() || stream == nullptr) return call.boolean_value(false);
  bool all = stream->Write({&data, 1}, false);
  JSValueRef value = call[1];
  if (!all) State(call).Borrow(Id(call), {&value, 1});
  return call.boolean_value(all);
}

// writeBelow(id of an encrypted stream, bytes) writes, as they are, to the stream that carries it
JSValueRef WriteBelow(Call& call) {
  std::span<const uint8_t> data = call.bytes(1);
  auto* stream = dynamic_cast<TlsStream*>(StreamOf(call));
  if (!call.failed() && stream != nullptr) stream->lower().Write({&data, 1}, true);
  return call.undefined();
}

// writeAll(id, array of bytes, count): as write
JSValueRef WriteAll(Call& call) {
  JSObjectRef array = call.object(1);
  auto count = static_cast<unsigned>(call.integer(2));
  std::vector<std::span<const uint8_t>> parts;
  Borrowed values(call.context());  // a getter may give what nothing else keeps
  for (unsigned i = 0; i < count && !call.failed(); ++i) {
    JSValueRef part = JSObjectGetPropertyAtIndex(call.context(), array, i, call.exception());
    if (call.failed()) break;
    values.Add(part);
    js::Call one(call.context(), 1, &part, call.exception());
    parts.push_back(one.bytes(0));
  }
  Stream* stream = StreamOf(call);
  if (call.failed() || stream == nullptr) return call.boolean_value(false);
  bool all = stream->Write(parts, false);
  if (!all) State(call).Borrow(Id(call), values.all());
  return call.boolean_value(all);
}

JSValueRef Shutdown(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Shutdown();
  return call.undefined();
}

// close(id, reset, code of the cause if it is not the program's wish) → CloseCode of the first
// cause, 0 for what is no connection. The number is no longer valid.
JSValueRef Close(Call& call) {
  NetState& state = State(call);
  uint32_t id = Id(call);
  CloseCode code = CloseCode::kNone;
  if (Stream* stream = state.stream(id)) {
    if (!call.is_undefined(2)) stream->Note(CloseReason::Of(CloseCodeOf(call.string(2))));
    call.boolean(1) ? stream->Reset() : stream->Close();
    if (const ConnectionRecord* record = stream->record()) code = record->reason().code;
  }
  if (Listener* listener = state.listener(id)) listener->Close();
  state.Remove(id);
  return Number(call, static_cast<double>(code));
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

// setKeepAlive(id, on, seconds, seconds between probes, probes); the last two may be left out
JSValueRef SetKeepAlive(Call& call) {
  Socket* socket = SocketOf(call);
  if (socket == nullptr) return Number(call, -EBADF);
  auto number = [&](size_t i, int64_t most) {
    return static_cast<unsigned>(std::clamp<int64_t>(call.integer(i), 0, most));
  };
  return Number(call, -socket->SetKeepAlive(call.boolean(1), number(2, 32767), number(3, 32767),
                                            number(4, 127)));
}

// setTypeOfService(id, value), getTypeOfService(id)
JSValueRef SetTypeOfService(Call& call) {
  Socket* socket = SocketOf(call);
  return Number(call, socket != nullptr ? -socket->SetTypeOfService(Int(call, 1)) : -EBADF);
}
JSValueRef GetTypeOfService(Call& call) {
  Socket* socket = SocketOf(call);
  int value = 0;
  int error = socket != nullptr ? socket->GetTypeOfService(&value) : EBADF;
  return Number(call, error != 0 ? -error : value);
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
  State(call).SetSeatRef(Id(call), on);
  return call.undefined();
}

double PackedPeer(const Address& peer) {
  if (peer.family() != AF_INET) return -1;
  const auto& address = *reinterpret_cast<const sockaddr_in*>(peer.data());
  return static_cast<double>(uint64_t{ntohl(address.sin_addr.s_addr)} << 16 | peer.port());
}

// noteLast(id) fills the array `last`, of struct LastNumbers.
JSValueRef NoteLast(Call& call) {
  LastNumbers& last = State(call).last();
  last = {};  // nothing of another one
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return call.undefined();
  auto* socket = dynamic_cast<Socket*>(BottomOf(stream));
  last = {static_cast<double>(stream->bytes_read()),
          static_cast<double>(stream->bytes_written() + stream->queued()),
          PackedPeer(stream->PeerAddress()),
          socket != nullptr && socket->proxied() != nullptr ? 1.0 : 0.0};
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

// duplicate(id) → another descriptor of the same socket, which nobody has yet, or -errno
JSValueRef Duplicate(Call& call) {
  int fd = -1;
  if (Stream* stream = StreamOf(call)) fd = stream->fd();
  if (Listener* listener = State(call).listener(Id(call))) fd = listener->fd();
  return Number(call, fd < 0 ? -EBADF : sys::Duplicate(fd));
}

// tie(id) → what a connection has that another task would not know of; undefined for nothing
JSValueRef Tie(Call& call) {
  Stream* stream = StreamOf(call);
  const ConnectionRecord* record = stream != nullptr ? stream->record() : nullptr;
  if (record == nullptr) return call.undefined();
  auto* socket = dynamic_cast<Socket*>(BottomOf(stream));
  if (socket != nullptr && socket->proxied() != nullptr) return call.string_value("a PROXY header");
  if (record->place().admission != nullptr) return call.string_value("a place of an admission");
  const ConnectionLimits* limits = record->limits();
  if (limits != nullptr && !limits->none()) return call.string_value("timeouts");
  return call.undefined();
}

// isIP(text) → 0, 4 or 6
JSValueRef IsIp(Call& call) {
  JSStringRef text = JSValueToStringCopy(call.context(), call[0], call.exception());
  if (text == nullptr) return call.undefined();
  String owned(text);
  if (JSStringGetLength(text) > 128) return Number(call, 0);
  return Number(call, IpFamily(owned.utf8()));
}

// canonicalIp(text) → the address in its usual form (RFC 5952), undefined if it is none
JSValueRef CanonicalIp(Call& call) {
  auto address = Address::Ip(call.string(0), 0);
  return address ? call.string_value(address->host()) : call.undefined();
}

// connectionIds(count) → the first of count ids that are unique over the process
JSValueRef ConnectionIds(Call& call) {
  int64_t count = std::clamp<int64_t>(call.integer(0), 1, 1 << 20);
  return Number(call, static_cast<double>(NextConnectionId(static_cast<uint64_t>(count))));
}

constexpr FunctionEntry kFunctions[] = {
    {"setFunctions", Guarded<SetFunctions>},
    {"batchSlab", Guarded<BatchSlab>},
    {"setAdmission", Guarded<SetAdmission>},
    {"setTimeouts", Guarded<SetTimeouts>},
    {"admissionNumbers", Guarded<AdmissionNumbersOf>},
    {"connect", Guarded<Connect>},
    {"adopt", Guarded<Adopt>},
    {"accepting", Guarded<Accepting>},
    {"takeWaiting", Guarded<TakeWaiting>},
    {"resume", Guarded<Resume>},
    {"readInto", Guarded<ReadInto>},
    {"pause", Guarded<Pause>},
    {"carry", Guarded<Carry>},
    {"tryWrite", Guarded<TryWrite>},
    {"tryWriteText", Guarded<TryWriteText>},
    {"write", Guarded<Write>},
    {"writeAll", Guarded<WriteAll>},
    {"writeBelow", Guarded<WriteBelow>},
    {"shutdown", Guarded<Shutdown>},
    {"close", Guarded<Close>},
    {"localAddress", Guarded<LocalAddress>},
    {"peerAddress", Guarded<PeerAddress>},
    {"setNoDelay", Guarded<SetNoDelay>},
    {"setKeepAlive", Guarded<SetKeepAlive>},
    {"setTypeOfService", Guarded<SetTypeOfService>},
    {"getTypeOfService", Guarded<GetTypeOfService>},
    {"setIdle", Guarded<SetIdle>},
    {"setRef", Guarded<SetRef>},
    {"noteLast", Guarded<NoteLast>},
    {"bytesRead", Guarded<BytesRead>},
    {"bytesWritten", Guarded<BytesWritten>},
    {"queued", Guarded<Queued>},
    {"descriptor", Guarded<Descriptor>},
    {"duplicate", Guarded<Duplicate>},
    {"tie", Guarded<Tie>},
    {"isIP", Guarded<IsIp>},
    {"canonicalIp", Guarded<CanonicalIp>},
    {"connectionIds", Guarded<ConnectionIds>},
};

}  // namespace

void BindNet(Binder& binder) {
  binder.Functions(kFunctions);
  BindListening(binder);
  BindLeaving(binder);
  BindBound(binder);
  NetState& state = Engine::Current()->State<NetState>();
  Batch& batch = state.batch();
  // From how large a chunk on what is piped may be carried; in a simulation nothing comes at once
  // that is much.
  binder.Value("carriedFrom",
               JSValueMakeNumber(binder.context(), sim::Active() ? 2048 : 64 * 1024));
  binder.Value("batch", JSObjectMakeTypedArrayWithBytesNoCopy(
                            binder.context(), kJSTypedArrayTypeInt32Array, &batch, sizeof batch,
                            nullptr, nullptr, nullptr));
  LastNumbers& last = state.last();
  binder.Value(
      "last", JSObjectMakeTypedArrayWithBytesNoCopy(binder.context(), kJSTypedArrayTypeFloat64Array,
                                                    &last, sizeof last, nullptr, nullptr, nullptr));
}

}  // namespace sluice::js
