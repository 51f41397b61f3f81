// Internal. binding('proxy'): the PROXY protocol on what binding('net') has.
#include <algorithm>

#include "bind/net/address_value.h"
#include "bind/net/state.h"
#include "engine/value.h"
#include "sluice/proxy.h"
#include "sluice/server.h"
#include "sluice/socket.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

Socket* SocketOf(Call& call) {
  return dynamic_cast<Socket*>(BottomOf(StreamOf(call)));
}

// expect(id, networks with commas between, ms that a header may take, most bytes of one,
// versions as bits) → the first network that is none, undefined if all are
JSValueRef Expect(Call& call) {
  Listener* listener = State(call).listener(Id(call));
  ProxyRule rule;
  std::string networks = call.string(1);
  for (std::string_view rest = networks; !rest.empty();) {
    size_t comma = std::min(rest.find(','), rest.size());
    if (!rule.Add(rest.substr(0, comma))) return call.string_value(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  rule.timeout_ms = static_cast<uint64_t>(call.integer(2));
  rule.limits.most = static_cast<size_t>(call.integer(3));
  rule.limits.v1 = (call.integer(4) & 1) != 0;
  rule.limits.v2 = (call.integer(4) & 2) != 0;
  if (listener != nullptr) listener->ExpectProxyHeaders(std::move(rule));
  return call.undefined();
}

// awaited(id of a listener) → how many accepted descriptors have not sent theirs yet
JSValueRef Awaited(Call& call) {
  Listener* listener = State(call).listener(Id(call));
  return call.number_value(listener != nullptr ? static_cast<double>(listener->headers_awaited()) : 0);
}

// header(id) → the PROXY header that the stream began with as Uint8Array, undefined without one
JSValueRef Header(Call& call) {
  Socket* socket = SocketOf(call);
  const ProxyHeader* header = socket != nullptr ? socket->proxied() : nullptr;
  return header != nullptr ? MakeBytes(call.context(), header->bytes) : call.undefined();
}

// realAddresses(id) → [local, peer] of the connection itself, whatever a load balancer told
JSValueRef RealAddresses(Call& call) {
  Socket* socket = SocketOf(call);
  const ProxyHeader* header = socket != nullptr ? socket->proxied() : nullptr;
  if (header == nullptr) return call.undefined();
  Address local;
  if (socket->fd() >= 0) (void)sys::LocalAddress(socket->fd(), &local);
  JSValueRef parts[] = {AddressValue(call, local), AddressValue(call, header->peer.unpack())};
  return call.array_value(parts);
}

constexpr FunctionEntry kFunctions[] = {
    {"expect", Guarded<Expect>},
    {"awaited", Guarded<Awaited>},
    {"header", Guarded<Header>},
    {"realAddresses", Guarded<RealAddresses>},
};

}  // namespace

void BindProxy(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
