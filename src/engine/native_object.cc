#include "engine/native_object.h"

namespace sluice::js {
namespace {

using Held = std::shared_ptr<NativeObject>;

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "NativeObject";
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<Held*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

}  // namespace

JSObjectRef MakeNative(JSContextRef context, Held object) {
  return JSObjectMake(context, HandleClass(), new Held(std::move(object)));
}

Held* NativeOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return static_cast<Held*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)));
}

}  // namespace sluice::js
