// The built-in modules: their texts, and the bindings they ask for.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/bytecode.h"
#include "engine/engine.h"
#include "engine/text.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

std::span<const BindingEntry> binding_table;

JSValueRef BindingFunction(Call& call) {
  std::string name = call.string(0);
  if (call.failed()) return call.undefined();
  JSObjectRef object = call.engine().binding(name);
  if (object == nullptr) return call.ThrowError("no binding named '" + name + "'");
  return object;
}

String UrlOf(const BuiltinSource& source) {
  return String("node:" + std::string(source.name));
}

JSValueRef RunText(JSContextRef context, const BuiltinSource& source, JSObjectRef names,
                   JSValueRef* exception) {
  std::span<const uint8_t> text{reinterpret_cast<const uint8_t*>(source.begin),
                                static_cast<size_t>(source.end - source.begin)};
  String script(spi::On(spi::Fast::kStrings)
                    ? spi::table.make_opaque(spi::table.immortal_latin1(text)).string
                    : JSStringCreateWithUTF8CString(std::string(source.begin, source.end).c_str()));
  return JSEvaluateScript(context, script.get(), names, UrlOf(source).get(), 1, exception);
}

// RunBuiltin runs a built-in module with that `this`; returns null with an exception.
JSValueRef RunBuiltin(Engine& engine, const BuiltinSource& source, JSObjectRef names,
                      JSValueRef* exception) {
  auto index = static_cast<size_t>(&source - BuiltinSources().data());
  if (!engine.bytecode().Has(index)) return RunText(engine.context(), source, names, exception);
  return engine.bytecode().Run(engine.context(), index, UrlOf(source).get(), names, exception);
}

const BuiltinSource* FindBuiltin(std::string_view name) {
  auto all = BuiltinSources();
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const BuiltinSource& source) { return name == source.name; });
  return found != all.end() ? &*found : nullptr;
}

// builtin(name, names) runs a built-in module's text with names as its `this`.
JSValueRef BuiltinFunction(Call& call) {
  std::string name = call.string(0);
  JSObjectRef names = call.object(1);
  if (call.failed()) return call.undefined();
  const BuiltinSource* source = FindBuiltin(name);
  if (source == nullptr) return call.ThrowError("no built-in module named '" + name + "'");
  return RunBuiltin(call.engine(), *source, names, call.exception());
}

}  // namespace

void Engine::SetBindings(std::span<const BindingEntry> bindings) {
  binding_table = bindings;
}

JSObjectRef Engine::binding(std::string_view name) {
  for (auto& [known, object] : bindings_)
    if (known == name) return object;
  for (const BindingEntry& entry : binding_table) {
    if (name != entry.name) continue;
    JSObjectRef object = JSObjectMake(context_, nullptr, nullptr);
    JSValueProtect(context_, object);
    bindings_.emplace_back(name, object);
    Binder binder(context_, object);
    entry.bind(binder);
    return object;
  }
  return nullptr;
}

JSValueRef Engine::RunBuiltin(JSContextRef context, std::string_view name, JSObjectRef names,
                              JSValueRef* exception) {
  // A script runs in the context of its `this`.
  JSObjectRef self = JSObjectMake(context, nullptr, nullptr);
  JSPropertyNameArrayRef found = JSObjectCopyPropertyNames(context, names);
  for (size_t i = 0; i < JSPropertyNameArrayGetCount(found); ++i) {
    JSStringRef key = JSPropertyNameArrayGetNameAtIndex(found, i);
    JSValueRef value = JSObjectGetProperty(context, names, key, nullptr);
    JSObjectSetProperty(context, self, key, value, kJSPropertyAttributeNone, nullptr);
  }
  JSPropertyNameArrayRelease(found);
  return RunText(context, *FindBuiltin(name), self, exception);
}

void Engine::Start() {
  Lock();
  JSObjectRef names = JSObjectMake(context_, nullptr, nullptr);
  Set(context_, names, "binding", MakeFunction(context_, "binding", Guarded<BindingFunction>));
  Set(context_, names, "builtin", MakeFunction(context_, "builtin", Guarded<BuiltinFunction>));
  JSValueRef exception = nullptr;
  js::RunBuiltin(*this, *FindBuiltin("internal/start/bootstrap"), names, &exception);
  if (exception != nullptr) {
    std::string stack;
    if (JSValueIsObject(context_, exception))
      stack = Text(context_, Get(context_, const_cast<JSObjectRef>(exception), "stack"));
    std::fprintf(stderr, "sluice: bootstrap failed: %s\n%s\n", Text(context_, exception).c_str(),
                 stack.c_str());
    std::abort();
  }
  require_builtin_ = const_cast<JSObjectRef>(Get(context_, names, "require"));
  JSValueProtect(context_, require_builtin_);
  Unlock();
}

}  // namespace sluice::js
