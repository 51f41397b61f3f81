// Internal. binding('types'): what JavaScript cannot tell of a value.
#include "engine/value.h"

namespace sluice::js {
namespace {

// proxyTarget(object): the target of a Proxy, also of a revoked one; undefined for every other
// object.
JSValueRef ProxyTarget(Call& call) {
  if (!JSValueIsObject(call.context(), call[0])) return call.undefined();
  JSObjectRef target = ProxyTargetOf(const_cast<JSObjectRef>(call[0]));
  return target != nullptr ? target : call.undefined();
}

constexpr FunctionEntry kFunctions[] = {{"proxyTarget", Guarded<ProxyTarget>}};

}  // namespace

void BindTypes(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
