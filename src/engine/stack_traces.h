// Internal. The stack traces of errors that the engine throws.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <string>

namespace sluice::js {

class Engine;

// An error that the engine makes has an own property `stack` in the engine's form, and no hook of
// the engine tells when one is made; but all that is thrown goes through one function. LearnTraces
// has that function move the engine's text from `stack` to the property of TraceKey, so that `stack`
// is the accessor of Error.prototype; or turns the path off if it cannot, and stacks keep the
// engine's form. Once, before any is thrown.
void LearnTraces(JSContextRef context);
// PlaceOfThrown returns the calls in which value, which is no error, was thrown last, a line each in
// the engine's form; "" if something else was thrown since, or it is not known. Loop thread.
std::string PlaceOfThrown(Engine& engine, JSValueRef value);
// A symbol, the key of the property with the engine's text. Loop thread.
JSValueRef TraceKey(Engine& engine);

}  // namespace sluice::js
