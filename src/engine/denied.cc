#include "engine/denied.h"

#include "grant/grant.h"

namespace sluice::js {

JSValueRef MakeDenied(JSContextRef context) {
  auto denial = grant::TakeDenial();
  std::string message = denial ? grant::Message(*denial) : "Access was denied";
  JSValueRef error = MakeError(context, "Error", message, "ERR_ACCESS_DENIED");
  if (denial && JSValueIsObject(context, error)) {
    JSObjectRef object = JSValueToObject(context, error, nullptr);
    Set(context, object, "permission", MakeString(context, grant::ScopeName(denial->scope)));
    Set(context, object, "resource", MakeString(context, denial->resource));
  }
  return error;
}

JSValueRef ThrowDenied(Call& call) {
  *call.exception() = MakeDenied(call.context());
  return call.undefined();
}

}  // namespace sluice::js
