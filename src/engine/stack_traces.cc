#include "engine/stack_traces.h"

#include <dlfcn.h>

#include <atomic>
#include <string_view>

#include "engine/value.h"

// An error that the engine throws has an own property `stack` in the engine's form, and no hook of
// the engine tells when one is made. All that is thrown goes through one function that the library
// exports and calls through its table of imports: the one here stands before it, as a preloaded
// library's would. A library that is linked otherwise does not call it; stacks have the engine's
// form then.

namespace sluice::js {
namespace {

// The type of an error's cell; 0: not known.
std::atomic<uint8_t> error_type{0};

struct TraceState : BindingState {
  explicit TraceState(Engine& engine)
      : key(JSValueMakeSymbol(engine.context(), String("trace").get())) {
    JSValueProtect(engine.context(), key);
  }
  JSValueRef key;  // of the property that has the engine's text
  String stack{"stack"};
  String source{"sourceURL"};
};

// Whether a stack has the engine's form: `function@file:line:column` lines. Programs write others.
bool IsRaw(JSContextRef context, JSValueRef stack) {
  String copy(JSValueToStringCopy(context, stack, nullptr));
  if (copy.get() == nullptr) return false;
  std::u16string_view text(reinterpret_cast<const char16_t*>(JSStringGetCharactersPtr(copy.get())),
                           JSStringGetLength(copy.get()));
  return text.substr(0, text.find(u'\n')).find(u'@') != text.npos &&
         text.find(u"\n    at ") == text.npos;
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
  JSObjectDeleteProperty(context, error, state.stack.get(), nullptr);
  JSObjectSetPropertyForKey(context, error, state.key, text, kJSPropertyAttributeDontEnum, nullptr);
}

}  // namespace

void* spi::Throw(JSContextGroupRef group, JSContextRef context, JSValueRef value) {
  using Function = void* (*)(JSContextGroupRef, JSContextRef, JSValueRef);
  static const auto next = reinterpret_cast<Function>(
      dlsym(RTLD_NEXT, "_ZN3JSC2VM14throwExceptionEPNS_14JSGlobalObjectENS_7JSValueE"));
  uint8_t type = error_type.load(std::memory_order_relaxed);
  const Cell* cell = CellOf(value);
  if (type != 0 && cell != nullptr && cell->type == type) {
    Engine* engine = Engine::Current();
    if (engine != nullptr) KeepTrace(*engine, const_cast<JSObjectRef>(value));
  }
  return next(group, context, value);
}

JSValueRef KeepTraces(Engine& engine) {
  JSContextRef context = engine.context();
  uint8_t error = spi::CellOf(JSObjectMakeError(context, 0, nullptr, nullptr))->type;
  uint8_t other = spi::CellOf(JSObjectMake(context, nullptr, nullptr))->type;
  if (error != other) error_type.store(error, std::memory_order_relaxed);
  return engine.State<TraceState>().key;
}

}  // namespace sluice::js
