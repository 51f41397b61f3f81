#include "bind/tls/handle.h"

#include "engine/native_object.h"

namespace sluice::js {
namespace {

// A context has its certificates and keys in several forms, and the others are small beside it.
constexpr size_t kBytes = 24 * 1024;

struct Holder {
  TlsShared shared;
  Cost cost;
};

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "TlsHandle";
    // The collector may run it on any thread; all that is shared may be let go there.
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<Holder*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

}  // namespace

JSObjectRef MakeTlsHandle(JSContextRef context, TlsShared shared) {
  return JSObjectMake(context, HandleClass(),
                      new Holder{std::move(shared), {*Engine::Current(), kBytes}});
}

TlsShared* TlsHandleOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return &static_cast<Holder*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)))->shared;
}

}  // namespace sluice::js
