#include "bind/tls/handle.h"

namespace sluice::js {
namespace {

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "TlsHandle";
    // The collector may run it on any thread; all that is shared may be let go there.
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<TlsShared*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

}  // namespace

JSObjectRef MakeTlsHandle(JSContextRef context, TlsShared shared) {
  return JSObjectMake(context, HandleClass(), new TlsShared(std::move(shared)));
}

TlsShared* TlsHandleOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return static_cast<TlsShared*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)));
}

}  // namespace sluice::js
