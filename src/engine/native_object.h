// Internal. NativeObject: what JavaScript holds as an opaque object and the collector destroys.
#pragma once

#include <memory>
#include <string>

#include "engine/value.h"

namespace sluice::js {

// NativeObject may be destroyed on any thread.
class NativeObject {
 public:
  virtual ~NativeObject() = default;
};

JSObjectRef MakeNative(JSContextRef context, std::shared_ptr<NativeObject> object);
// NativeOf returns what a value holds, or null if it is something else.
std::shared_ptr<NativeObject>* NativeOf(JSContextRef context, JSValueRef value);

// NativeArgument returns argument i, which must hold a T; throws TypeError if it does not.
template <class T>
T* NativeArgument(Call& call, size_t i) {
  auto* held = NativeOf(call.context(), call[i]);
  T* object = held != nullptr ? dynamic_cast<T*>(held->get()) : nullptr;
  if (object == nullptr && !call.failed())
    call.ThrowTypeError("argument " + std::to_string(i + 1) + " is not the object expected",
                        "ERR_INVALID_ARG_TYPE");
  return object;
}

}  // namespace sluice::js
