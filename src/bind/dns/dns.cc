// Internal. binding('dns'): names to addresses.
#include "sluice/dns.h"

#include <netdb.h>
#include <unistd.h>

#include "engine/value.h"

namespace sluice::js {
namespace {

dns::Query QueryOf(Call& call) {
  dns::Query query;
  query.host = call.string(0);
  int64_t family = call.integer(1);
  query.family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
  query.flags = static_cast<int>(call.integer(2));
  return query;
}

JSValueRef List(JSContextRef context, const std::vector<Address>& addresses) {
  JSObjectRef list = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  for (const Address& address : addresses)
    JSObjectSetPropertyAtIndex(context, list, index++, MakeString(context, address.host()),
                               nullptr);
  return list;
}

// lookup(host, family, flags, (code, errno, addresses) => …)
JSValueRef Lookup(Call& call) {
  dns::Query query = QueryOf(call);
  JSObjectRef callback = call.object(3);
  if (call.failed()) return call.undefined();
  Engine& engine = call.engine();
  JSValueProtect(engine.context(), callback);
  dns::Lookup(engine.loop(), std::move(query),
              [&engine, callback](const Error& error, const std::vector<Address>& addresses) {
                JSContextRef context = engine.context();
                JSValueRef arguments[] = {
                    error ? MakeString(context, error.code()) : JSValueMakeNull(context),
                    JSValueMakeNumber(context, static_cast<double>(error.number)),
                    List(context, addresses)};
                engine.Call(callback, arguments);
                JSValueUnprotect(context, callback);
              });
  return call.undefined();
}

// lookupNow(host, family, flags) → addresses, or the code of the failure
JSValueRef LookupNow(Call& call) {
  Error error;
  auto addresses = dns::LookupNow(QueryOf(call), &error);
  if (error) return call.string_value(error.code());
  return List(call.context(), addresses);
}

// lookupService(address, port, (code, errno, name, service) => …): false if address is no IP
JSValueRef LookupService(Call& call) {
  auto address = Address::Ip(call.string(0), static_cast<uint16_t>(call.integer(1)));
  JSObjectRef callback = call.object(2);
  if (call.failed()) return call.undefined();
  if (!address) return call.boolean_value(false);
  Engine& engine = call.engine();
  JSValueProtect(engine.context(), callback);
  dns::LookupService(
      engine.loop(), *address,
      [&engine, callback](const Error& error, const std::string& name, const std::string& service) {
        JSContextRef context = engine.context();
        JSValueRef arguments[] = {
            error ? MakeString(context, error.code()) : JSValueMakeNull(context),
            JSValueMakeNumber(context, static_cast<double>(error.number)),
            MakeString(context, name), MakeString(context, service)};
        engine.Call(callback, arguments);
        JSValueUnprotect(context, callback);
      });
  return call.boolean_value(true);
}

constexpr FunctionEntry kFunctions[] = {
    {"lookup", Guarded<Lookup>},
    {"lookupNow", Guarded<LookupNow>},
    {"lookupService", Guarded<LookupService>},
};

}  // namespace

void BindDns(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Number("ADDRCONFIG", AI_ADDRCONFIG);
  binder.Number("V4MAPPED", AI_V4MAPPED);
  binder.Number("ALL", AI_ALL);
}

}  // namespace sluice::js
