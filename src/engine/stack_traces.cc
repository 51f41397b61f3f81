#include "engine/stack_traces.h"

#include <string_view>

#include "engine/program_text.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

uint8_t error_type = 0;                        // of an error's cell
spi::ThrowFunction throw_exception = nullptr;  // the engine's

struct TraceState : BindingState {
  explicit TraceState(Engine& engine)
      : key(JSValueMakeSymbol(engine.context(), String("trace").get())) {
    JSValueProtect(engine.context(), key);
  }
  JSValueRef thrown = nullptr;  // the last value that is no error, protected
  String thrown_text;           // the calls where it was thrown
  JSValueRef key;               // of the property that has the engine's text
  String stack{"stack"};
  String source{"sourceURL"};
  String message{"message"};
};

// Whether a stack has the engine's form: `function@file:line:column` lines. Programs write others.
bool IsRaw(JSContextRef context, JSValueRef stack) {
  String copy(JSValueToStringCopy(context, stack, nullptr));
  if (copy.get() == nullptr) return false;
  std::u16string_view text = copy.utf16();
  return text.substr(0, text.find(u'\n')).find(u'@') != text.npos &&
         text.find(u"\n    at ") == text.npos;
}

// The engine's messages show parts of the code that it runs.
void MendMessage(JSContextRef context, JSObjectRef error, const String& name) {
  JSValueRef value = JSObjectGetProperty(context, error, name.get(), nullptr);
  if (value == nullptr || !JSValueIsString(context, value)) return;
  String copy(JSValueToStringCopy(context, value, nullptr));
  if (copy.get() == nullptr || !HasChanges(copy.utf16())) return;
  JSObjectSetProperty(context, error, name.get(),
                      JSValueMakeString(context, String(ProgramText(copy.utf16())).get()),
                      kJSPropertyAttributeDontEnum, nullptr);
}

// Moves the engine's text from `stack`, which then is the accessor of Error.prototype, to the
// property of the key. No JavaScript runs here: what the engine made has an own sourceURL with its
// stack, unlike what programs make. It has none, and keeps the engine's form, if its first call has
// no place, as that of a class constructor without `new`.
void KeepTrace(Engine& engine, JSObjectRef error) {
  JSContextRef context = engine.context();
  auto& state = engine.State<TraceState>();
  JSValueRef source = JSObjectGetProperty(context, error, state.source.get(), nullptr);
  if (source == nullptr || !JSValueIsString(context, source)) return;
  if (JSObjectHasPropertyForKey(context, error, state.key, nullptr)) return;
  JSValueRef text = JSObjectGetProperty(context, error, state.stack.get(), nullptr);
  if (text == nullptr || !JSValueIsString(context, text) || !IsRaw(context, text)) return;
  MendMessage(context, error, state.message);
  JSObjectDeleteProperty(context, error, state.stack.get(), nullptr);
  JSObjectSetPropertyForKey(context, error, state.key, text, kJSPropertyAttributeDontEnum, nullptr);
}

// Notes where a value was thrown that is no error: it has no stack of its own.
void KeepPlace(Engine& engine, JSContextRef context, JSValueRef value) {
  if (!spi::On(spi::Fast::kStatistics)) return;
  // What `finally` throws on is a cell that JavaScript never sees.
  if (spi::CellOf(value) != nullptr && !JSValueIsObject(context, value) &&
      !JSValueIsString(context, value) && !JSValueIsSymbol(context, value))
    return;
  auto& state = engine.State<TraceState>();
  constexpr unsigned kCalls = 8;  // built-in modules stand above the program's
  String text(spi::table.backtrace(context, kCalls));
  // A built-in module that throws it on did not throw it first.
  bool again = text.get() != nullptr && text.utf8().find(") at node:") < text.utf8().find('\n');
  if (again && state.thrown != nullptr && JSValueIsStrictEqual(context, value, state.thrown))
    return;
  state.thrown_text = std::move(text);
  if (state.thrown != nullptr) JSValueUnprotect(context, state.thrown);
  state.thrown = value;
  JSValueProtect(context, value);
}

void* Throw(JSContextGroupRef group, JSContextRef context, JSValueRef value) {
  const spi::Cell* cell = spi::CellOf(value);
  if (cell != nullptr && cell->type == error_type) {
    Engine* engine = Engine::Current();
    if (engine != nullptr) KeepTrace(*engine, const_cast<JSObjectRef>(value));
  } else if (Engine* engine = Engine::Current(); engine != nullptr) {
    KeepPlace(*engine, context, value);
  }
  return throw_exception(group, context, value);
}

}  // namespace

void LearnTraces(JSContextRef context) {
  if (!spi::On(spi::Fast::kTraces)) return;
  const spi::Cell* error = spi::CellOf(JSObjectMakeError(context, 0, nullptr, nullptr));
  const spi::Cell* other = spi::CellOf(JSObjectMake(context, nullptr, nullptr));
  if (error == nullptr || other == nullptr || error->type == other->type) {
    spi::TurnOff(spi::Fast::kTraces);
    return;
  }
  error_type = error->type;
  throw_exception = spi::table.throw_exception;
  spi::InterceptThrow(Throw);
}

std::string PlaceOfThrown(Engine& engine, JSValueRef value) {
  auto& state = engine.State<TraceState>();
  bool same =
      state.thrown != nullptr && JSValueIsStrictEqual(engine.context(), value, state.thrown);
  return same && state.thrown_text.get() != nullptr ? state.thrown_text.utf8() : "";
}

JSValueRef TraceKey(Engine& engine) {
  return engine.State<TraceState>().key;
}

}  // namespace sluice::js
