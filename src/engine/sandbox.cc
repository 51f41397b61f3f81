#include "engine/sandbox.h"

#include "engine/jsc_spi.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// The object may have the global object among its prototypes.
constexpr int kMostLookups = 100;

struct Sandbox {
  JSGlobalContextRef context = nullptr;
  JSObjectRef object = nullptr;    // whoever holds the global object holds them
  JSObjectRef declared = nullptr;  // its properties are the names that are the context's own: true,
                                   // or what is called when the variable is set
  int lookups = 0;                 // that go on, one in the other
};

// One look-up of a name in the object.
class Lookup {
 public:
  explicit Lookup(JSObjectRef global)
      : sandbox_(static_cast<Sandbox*>(JSObjectGetPrivate(global))) {
    if (sandbox_ != nullptr) ++sandbox_->lookups;
  }
  ~Lookup() {
    if (sandbox_ != nullptr) --sandbox_->lookups;
  }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // The object; null if there is none.
  JSObjectRef object() const {
    return sandbox_ != nullptr && sandbox_->lookups < kMostLookups ? sandbox_->object : nullptr;
  }
  // The object, if that name is not declared; null otherwise.
  JSObjectRef object(JSContextRef context, JSStringRef name) const {
    JSObjectRef found = object();
    if (found == nullptr || sandbox_->declared == nullptr) return found;
    return JSObjectHasProperty(context, sandbox_->declared, name) ? nullptr : found;
  }

 private:
  Sandbox* const sandbox_;
};

bool Has(JSContextRef context, JSObjectRef global, JSStringRef name) {
  Lookup lookup(global);
  JSObjectRef object = lookup.object(context, name);
  return object != nullptr && JSObjectHasProperty(context, object, name);
}

JSValueRef GetName(JSContextRef context, JSObjectRef global, JSStringRef name,
                   JSValueRef* exception) {
  Lookup lookup(global);
  JSObjectRef object = lookup.object(context, name);
  if (object == nullptr || !JSObjectHasProperty(context, object, name)) return nullptr;
  JSValueRef value = JSObjectGetProperty(context, object, name, exception);
  if (value == nullptr) return JSValueMakeUndefined(context);
  return value == object ? JSContextGetGlobalObject(context) : value;
}

// A declared variable is set: the object gets to know it.
void Expose(JSContextRef context, JSObjectRef global, JSStringRef name) {
  auto* sandbox = static_cast<Sandbox*>(JSObjectGetPrivate(global));
  if (sandbox == nullptr || sandbox->declared == nullptr) return;
  JSValueRef expose = JSObjectGetProperty(context, sandbox->declared, name, nullptr);
  if (expose != nullptr && JSValueIsObject(context, expose))
    JSObjectCallAsFunction(context, const_cast<JSObjectRef>(expose), nullptr, 0, nullptr, nullptr);
}

bool SetName(JSContextRef context, JSObjectRef global, JSStringRef name, JSValueRef value,
             JSValueRef* exception) {
  Lookup lookup(global);
  JSObjectRef object = lookup.object(context, name);
  if (object == nullptr) {
    Expose(context, global, name);
    return false;
  }
  JSObjectSetProperty(context, object, name, value, kJSPropertyAttributeNone, exception);
  return true;
}

bool DeleteName(JSContextRef context, JSObjectRef global, JSStringRef name, JSValueRef* exception) {
  Lookup lookup(global);
  JSObjectRef object = lookup.object(context, name);
  return object != nullptr && JSObjectHasProperty(context, object, name) &&
         JSObjectDeleteProperty(context, object, name, exception);
}

void AddNames(JSContextRef context, JSObjectRef global, JSPropertyNameAccumulatorRef names) {
  Lookup lookup(global);
  if (lookup.object() == nullptr) return;
  JSPropertyNameArrayRef found = JSObjectCopyPropertyNames(context, lookup.object());
  for (size_t i = 0; i < JSPropertyNameArrayGetCount(found); ++i)
    JSPropertyNameAccumulatorAddName(names, JSPropertyNameArrayGetNameAtIndex(found, i));
  JSPropertyNameArrayRelease(found);
}

JSClassDefinition Definition() {
  JSClassDefinition definition = kJSClassDefinitionEmpty;
  definition.className = "Object";
  definition.finalize = [](JSObjectRef global) {
    delete static_cast<Sandbox*>(JSObjectGetPrivate(global));
  };
  return definition;
}

JSClassRef DelegatingClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = Definition();
    definition.hasProperty = Has;
    definition.getProperty = GetName;
    definition.setProperty = SetName;
    definition.deleteProperty = DeleteName;
    definition.getPropertyNames = AddNames;
    return JSClassCreate(&definition);
  }();
  return made;
}

JSClassRef PlainClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = Definition();
    return JSClassCreate(&definition);
  }();
  return made;
}

Sandbox* SandboxOf(JSContextRef context, JSObjectRef global) {
  if (!JSValueIsObjectOfClass(context, global, DelegatingClass()) &&
      !JSValueIsObjectOfClass(context, global, PlainClass()))
    return nullptr;
  return static_cast<Sandbox*>(JSObjectGetPrivate(global));
}

}  // namespace

JSObjectRef MakeSandbox(Engine& engine, JSObjectRef object) {
  JSContextGroupRef group = JSContextGetGroup(engine.context());
  JSClassRef kind = object != nullptr ? DelegatingClass() : PlainClass();
  JSGlobalContextRef context = JSGlobalContextCreateInGroup(group, kind);
  if (context == nullptr) return nullptr;
  JSObjectRef global = JSContextGetGlobalObject(context);
  engine.FollowRejections(context);
  JSObjectSetPrivate(global, new Sandbox{context, object});
  // What is held by name alone would never go; the global object on this stack keeps it.
  JSGlobalContextRelease(context);
  return global;
}

JSContextRef SandboxContext(JSContextRef context, JSObjectRef global) {
  Sandbox* sandbox = SandboxOf(context, global);
  return sandbox != nullptr ? sandbox->context : nullptr;
}

void SetDeclared(JSContextRef context, JSObjectRef global, JSObjectRef names) {
  if (Sandbox* sandbox = SandboxOf(context, global)) sandbox->declared = names;
}

bool ForbidEval(JSContextRef context, std::string_view message) {
  if (spi::table.set_eval_enabled == nullptr) return false;
  spi::table.set_eval_enabled(JSContextGetGlobalContext(context), false, String(message).get());
  return true;
}

bool SetGlobalPrototype(JSContextRef context, JSValueRef prototype) {
  if (spi::table.set_prototype == nullptr) return false;
  spi::table.lock(context);
  spi::table.set_prototype(JSContextGetGlobalContext(context), JSContextGetGroup(context),
                           prototype);
  spi::table.unlock(context);
  return true;
}

}  // namespace sluice::js
