// Internal. binding('traces'): the key of the engine's text in the errors that it throws.
#include "engine/stack_traces.h"
#include "engine/value.h"

namespace sluice::js {

void BindTraces(Binder& binder) {
  binder.Value("key", TraceKey(*Engine::Current()));
}

}  // namespace sluice::js
