// Internal. binding('types'): what JavaScript cannot tell of a value.
#include "js/value.h"

namespace sluice::js {
namespace {

// proxyTarget(object): the target of a Proxy; undefined for every other object, and for a revoked
// Proxy, which every operation in JavaScript recognises.
JSValueRef ProxyTarget(Call& call) {
  if (!JSValueIsObject(call.context(), call[0])) return call.undefined();
  JSObjectRef target = JSObjectGetProxyTarget(const_cast<JSObjectRef>(call[0]));
  return target != nullptr ? target : call.undefined();
}

constexpr FunctionEntry kFunctions[] = {{"proxyTarget", Guarded<ProxyTarget>}};

}  // namespace

void BindTypes(Binder& binder) { binder.Functions(kFunctions); }

}  // namespace sluice::js
