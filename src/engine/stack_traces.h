// Internal. The stack traces of errors that the engine throws.
#pragma once

#include "engine/engine.h"

namespace sluice::js {

// KeepTraces has the engine's text of an error's trace moved, from now on, from its own property
// `stack` to the one whose key this returns; `stack` is then the accessor of Error.prototype.
JSValueRef KeepTraces(Engine& engine);

}  // namespace sluice::js
