// Internal. binding('vm'): global scopes of their own, and scripts with limits.
#include "engine/sandbox.h"
#include "engine/script_limit.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// The context of argument i, a global object of makeContext(); undefined is the program's.
JSContextRef ContextArgument(Call& call, size_t i) {
  if (call.is_undefined(i)) return call.engine().context();
  JSObjectRef global = call.object(i);
  JSContextRef context = global != nullptr ? SandboxContext(call.context(), global) : nullptr;
  if (context == nullptr && !call.failed())
    call.ThrowTypeError("the object is not the global one of a context", "ERR_INVALID_ARG_TYPE");
  return context;
}

// makeContext(object | undefined) → the global object of a new context.
JSValueRef MakeContext(Call& call) {
  JSObjectRef object = call.is_undefined(0) ? nullptr : call.object(0);
  if (call.failed()) return call.undefined();
  JSObjectRef global = MakeSandbox(call.engine(), object);
  if (global == nullptr) return call.ThrowError("no memory for a context", "ENOMEM");
  return global;
}

// setDeclared(global, names): the properties of names are variables of that context.
JSValueRef Declare(Call& call) {
  JSObjectRef global = call.object(0), names = call.object(1);
  if (!call.failed()) SetDeclared(call.context(), global, names);
  return call.undefined();
}

// forbidEval(global, message) → whether the engine can.
JSValueRef Forbid(Call& call) {
  JSContextRef context = ContextArgument(call, 0);
  if (context == nullptr) return call.undefined();
  return call.boolean_value(ForbidEval(context, call.string(1)));
}

// setPrototype(global, prototype) → whether the engine can. prototype is an object or null, and
// does not inherit from global.
JSValueRef SetPrototype(Call& call) {
  JSContextRef context = ContextArgument(call, 0);
  if (context == nullptr) return call.undefined();
  return call.boolean_value(SetGlobalPrototype(context, call[1]));
}

// runBuiltin(global, name, names): a built-in module's text in that context, names as its `this`.
JSValueRef RunBuiltin(Call& call) {
  JSContextRef context = ContextArgument(call, 0);
  std::string name = call.string(1);
  JSObjectRef names = call.object(2);
  if (call.failed()) return call.undefined();
  return call.engine().RunBuiltin(context, name, names, call.exception());
}

// Copies argument i as a string; null with an exception.
String Characters(Call& call, size_t i) {
  return String(JSValueToStringCopy(call.context(), call[i], call.exception()));
}

// evaluate(global | undefined, source, url, line, timeout, onSignal, jobs) → the completion value.
// line is that of the text's first one. timeout is in milliseconds, -1 for none; onSignal has
// SIGINT end the script; with jobs, promise jobs run after it, as a part of it. Where one of the
// two ended it, the error's code is ERR_SCRIPT_EXECUTION_TIMEOUT or
// ERR_SCRIPT_EXECUTION_INTERRUPTED.
JSValueRef Evaluate(Call& call) {
  JSContextRef context = ContextArgument(call, 0);
  String source = Characters(call, 1), url = Characters(call, 2);
  auto line = static_cast<int>(call.integer(3));
  int64_t timeout = call.integer(4);
  if (call.failed()) return call.undefined();
  const bool jobs = call.boolean(6);
  auto run_jobs = [&] {
    JSValueRef ended = nullptr;  // what a limit throws, which is told below
    JSObjectCallAsFunction(call.context(), call.engine().hooks().run_microtasks, nullptr, 0,
                           nullptr, &ended);
  };
  auto run = [&] {
    JSValueRef value =
        JSEvaluateScript(context, source.get(), nullptr, url.get(), line, call.exception());
    if (value != nullptr && jobs) run_jobs();
    return value;
  };
  JSValueRef result = nullptr;
  auto end = ScriptLimit::End::kNone;
  if (timeout >= 0 || call.boolean(5)) {
    if (!ScriptLimit::Possible())
      return call.ThrowError("this engine cannot end a script", "ERR_FEATURE_UNAVAILABLE");
    if (!call.engine().BeginSupervision())
      return call.ThrowError("no descriptors to limit a script's time", "EMFILE");
    if (jobs) run_jobs();  // with an end, the engine forgets what waits
    if (call.engine().ending()) return call.Terminate();
    ScriptLimit limit(call.engine(), timeout, call.boolean(5));
    result = run();
    end = limit.end();
  } else {
    result = run();
  }
  // What ends the task, or a script around this one, ends this call too.
  if (call.engine().ending() || ScriptLimit::Ended(call.engine())) return call.Terminate();
  if (end == ScriptLimit::End::kTime)
    return call.ThrowError("Script execution timed out after " + std::to_string(timeout) + "ms",
                           "ERR_SCRIPT_EXECUTION_TIMEOUT");
  if (end == ScriptLimit::End::kSignal)
    return call.ThrowError("Script execution was interrupted by `SIGINT`",
                           "ERR_SCRIPT_EXECUTION_INTERRUPTED");
  return result;
}

// checkSyntax(source, url, line) throws the SyntaxError of a text that does not parse as a script.
JSValueRef CheckSyntax(Call& call) {
  String source = Characters(call, 0), url = Characters(call, 1);
  if (call.failed()) return call.undefined();
  JSCheckScriptSyntax(call.context(), source.get(), url.get(), static_cast<int>(call.integer(2)),
                      call.exception());
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"makeContext", Guarded<MakeContext>},   {"setDeclared", Guarded<Declare>},
    {"forbidEval", Guarded<Forbid>},         {"runBuiltin", Guarded<RunBuiltin>},
    {"evaluate", Guarded<Evaluate>},         {"checkSyntax", Guarded<CheckSyntax>},
    {"setPrototype", Guarded<SetPrototype>},
};

}  // namespace

void BindVm(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
