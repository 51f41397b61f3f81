#include "bind/net/address_value.h"

namespace sluice::js {

JSValueRef AddressValue(Call& call, const Address& address) {
  if (address.family() == 0) return call.undefined();
  JSContextRef context = call.context();
  JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
  if (!address.is_ip()) {
    Set(context, object, "path", call.string_value(address.host()));
    return object;
  }
  Set(context, object, "address", call.string_value(address.host()));
  Set(context, object, "family", call.string_value(address.family() == AF_INET6 ? "IPv6" : "IPv4"));
  Set(context, object, "port", call.number_value(address.port()));
  return object;
}

}  // namespace sluice::js
