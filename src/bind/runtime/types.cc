// Internal. binding('types'): what JavaScript cannot tell of a value.
#include "engine/promise_state.h"
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

// promiseState(promise): [status, result]; undefined for every other object, and where the engine
// does not tell.
JSValueRef PromiseState(Call& call) {
  if (!JSValueIsObject(call.context(), call[0])) return call.undefined();
  auto state = PromiseStateOf(call.context(), const_cast<JSObjectRef>(call[0]));
  if (!state) return call.undefined();
  JSValueRef parts[] = {call.number_value(state->first), state->second};
  return JSObjectMakeArray(call.context(), 2, parts, call.exception());
}

// sameShape(a, b): whether two objects have the same properties, where the engine keeps one
// description for both; false says nothing.
JSValueRef SameShapeOf(Call& call) {
  return call.boolean_value(SameShape(call[0], call[1]));
}

constexpr FunctionEntry kFunctions[] = {{"proxyTarget", Guarded<ProxyTarget>},
                                        {"promiseState", Guarded<PromiseState>},
                                        {"sameShape", Guarded<SameShapeOf>}};

}  // namespace

void BindTypes(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
