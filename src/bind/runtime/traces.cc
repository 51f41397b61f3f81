// Internal. binding('traces'): the key of the engine's text in the errors that it throws.
#include "engine/stack_traces.h"
#include "engine/value.h"

namespace sluice::js {

namespace {

// thrown(value) → the calls where a value was thrown that is no error, "" if that is not known
JSValueRef Thrown(Call& call) {
  return call.string_value(PlaceOfThrown(call.engine(), call[0]));
}

constexpr FunctionEntry kFunctions[] = {{"thrown", Guarded<Thrown>}};

}  // namespace

void BindTraces(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("key", TraceKey(*Engine::Current()));
}

}  // namespace sluice::js
