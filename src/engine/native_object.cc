#include "engine/native_object.h"

namespace sluice::js {
namespace {

struct Holder {
  std::shared_ptr<NativeObject> object;
  Cost cost;
};

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "NativeObject";
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<Holder*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

}  // namespace

Cost::Cost(Engine& engine, size_t bytes) : total_(engine.external_bytes()), bytes_(bytes) {
  total_->fetch_add(bytes, std::memory_order_relaxed);
  engine.ReportMemory(bytes);
}

JSObjectRef MakeNative(JSContextRef context, std::shared_ptr<NativeObject> object) {
  size_t cost = object->cost();
  return JSObjectMake(context, HandleClass(),
                      new Holder{std::move(object), {*Engine::Current(), cost}});
}

std::shared_ptr<NativeObject>* NativeOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return &static_cast<Holder*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)))->object;
}

}  // namespace sluice::js
