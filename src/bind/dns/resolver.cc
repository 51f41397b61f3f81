// Internal. binding('resolver'): questions to DNS servers.
#include "dns/resolver.h"

#include <memory>
#include <unordered_map>

#include "engine/denied.h"
#include "engine/value.h"
#include "grant/grant.h"

namespace sluice::js {
namespace {

// What c-ares keeps for a resolver, so that the collector knows what one is worth.
constexpr size_t kResolverBytes = 64 * 1024;

constexpr uint16_t kDnsPort = 53;

struct ResolverState : BindingState {
  explicit ResolverState(Engine&) {}
  std::unordered_map<int64_t, std::unique_ptr<dns::Resolver>> resolvers;
  int64_t next = 1;
};

// The resolver that argument 0 names; lib/internal/dns/resolver.js names none that is closed.
dns::Resolver& Find(Call& call) {
  return *call.engine().State<ResolverState>().resolvers.at(call.integer(0));
}

// create(timeout, tries, maxTimeout): a number for the calls below
JSValueRef Create(Call& call) {
  dns::ResolverOptions options{static_cast<int>(call.integer(0)), static_cast<int>(call.integer(1)),
                               static_cast<int>(call.integer(2))};
  auto& state = call.engine().State<ResolverState>();
  state.resolvers.emplace(state.next,
                          std::make_unique<dns::Resolver>(call.engine().loop(), options));
  call.engine().ReportMemory(kResolverBytes);
  return call.number_value(static_cast<double>(state.next++));
}

JSValueRef Close(Call& call) {
  call.engine().State<ResolverState>().resolvers.erase(call.integer(0));
  return call.undefined();
}

// Tell calls a callback that was protected for it, once.
void Tell(Engine& engine, JSObjectRef callback, int status, JSValueRef value) {
  JSValueRef arguments[] = {JSValueMakeNumber(engine.context(), status), value};
  engine.Call(callback, arguments);
  JSValueUnprotect(engine.context(), callback);
}

// ask(id, name, type, (status, message) => …)
JSValueRef Ask(Call& call) {
  std::string name = call.string(1);
  int type = static_cast<int>(call.integer(2));
  JSObjectRef callback = call.object(3);
  if (call.failed()) return call.undefined();
  if (grant::ToUse(grant::Scope::kDns, grant::PlainName(name)).error() != 0)
    return ThrowDenied(call);
  Engine& engine = call.engine();
  JSValueProtect(engine.context(), callback);
  Find(call).Ask(name, type, [&engine, callback](int status, const std::vector<uint8_t>& message) {
    Tell(engine, callback, status, MakeBytes(engine.context(), message));
  });
  return call.undefined();
}

// reverse(id, address, (status, names) => …): false if address is no IP
JSValueRef Reverse(Call& call) {
  auto address = Address::Ip(call.string(1), 0);
  JSObjectRef callback = call.object(2);
  if (call.failed()) return call.undefined();
  if (!address) return call.boolean_value(false);
  if (grant::ToUse(grant::Scope::kDns, address->host()).error() != 0) return ThrowDenied(call);
  Engine& engine = call.engine();
  JSValueProtect(engine.context(), callback);
  Find(call).Reverse(*address,
                     [&engine, callback](int status, const std::vector<std::string>& names) {
                       Tell(engine, callback, status, MakeStrings(engine.context(), names));
                     });
  return call.boolean_value(true);
}

JSValueRef Cancel(Call& call) {
  Find(call).Cancel();
  return call.undefined();
}

// setServers(id, address, port, …): a status; the addresses are IP literals
JSValueRef SetServers(Call& call) {
  std::vector<Address> servers;
  for (size_t i = 1; i + 1 < call.size(); i += 2) {
    auto server = Address::Ip(call.string(i), static_cast<uint16_t>(call.integer(i + 1)));
    if (call.failed()) return call.undefined();
    if (!server) continue;
    Address asked = *server;
    if (asked.port() == 0) asked.set_port(kDnsPort);
    if (grant::ToConnect(asked).error() != 0) return ThrowDenied(call);
    servers.push_back(*server);
  }
  return call.number_value(Find(call).SetServers(servers));
}

// servers(id): [address, port, …]
JSValueRef Servers(Call& call) {
  JSContextRef context = call.context();
  JSObjectRef list = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  for (const Address& server : Find(call).Servers()) {
    JSObjectSetPropertyAtIndex(context, list, index++, MakeString(context, server.host()), nullptr);
    JSObjectSetPropertyAtIndex(context, list, index++, call.number_value(server.port()), nullptr);
  }
  return list;
}

// setLocalAddress(id, address)
JSValueRef SetLocalAddress(Call& call) {
  if (auto address = Address::Ip(call.string(1), 0)) Find(call).SetLocalAddress(*address);
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"create", Guarded<Create>},   {"close", Guarded<Close>},
    {"ask", Guarded<Ask>},         {"reverse", Guarded<Reverse>},
    {"cancel", Guarded<Cancel>},   {"setServers", Guarded<SetServers>},
    {"servers", Guarded<Servers>}, {"setLocalAddress", Guarded<SetLocalAddress>},
};

}  // namespace

void BindResolver(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
