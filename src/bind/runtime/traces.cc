// Internal. binding('traces'): the key of the engine's text in the errors that it throws, and its
// text of functions.
#include "engine/program_text.h"
#include "engine/stack_traces.h"
#include "engine/value.h"

namespace sluice::js {

namespace {

// thrown(value) → the calls where a value was thrown that is no error, "" if that is not known
JSValueRef Thrown(Call& call) {
  return call.string_value(PlaceOfThrown(call.engine(), call[0]));
}

// programText(text) → the text of a function as the program has it
JSValueRef ProgramTextOf(Call& call) {
  String text(JSValueToStringCopy(call.context(), call[0], call.exception()));
  if (call.failed() || text.get() == nullptr) return call.undefined();
  return JSValueMakeString(call.context(), String(ProgramText(text.utf16())).get());
}

constexpr FunctionEntry kFunctions[] = {{"thrown", Guarded<Thrown>},
                                        {"programText", Guarded<ProgramTextOf>}};

}  // namespace

void BindTraces(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("key", TraceKey(*Engine::Current()));
}

}  // namespace sluice::js
