// Internal. Sandbox: a global scope of its own in this VM, whose names are the properties of an
// object.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <string_view>

#include "engine/engine.h"

namespace sluice::js {

// MakeSandbox returns the global object of a new context. Its names are those of object, then its
// own, as the language's; what is set becomes object's. With null it has its own only. Whoever
// holds the global object has to hold object too; the context lives as long as something refers to
// it. Returns null where the engine has no memory for it.
JSObjectRef MakeSandbox(Engine& engine, JSObjectRef object);

// SandboxContext returns the context of such a global object, null for every other one.
JSContextRef SandboxContext(JSContextRef context, JSObjectRef global);

// SetDeclared has the properties of names be names of the global object alone: variables that
// scripts declare, which the engine keeps by itself. A property that is a function is called when
// its variable is about to be set. Whoever holds the global object has to hold names too.
void SetDeclared(JSContextRef context, JSObjectRef global, JSObjectRef names);

// ForbidEval has eval() and Function() of that context throw an EvalError with that message;
// returns false where the engine cannot.
bool ForbidEval(JSContextRef context, std::string_view message);

// SetGlobalPrototype has the global object of a context inherit from prototype, an object or null;
// the engine lets no program do so. Nothing that prototype inherits from may be that object.
// Returns false where the engine cannot.
bool SetGlobalPrototype(JSContextRef context, JSValueRef prototype);

}  // namespace sluice::js
