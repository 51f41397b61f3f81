#include "bind/tls/handle.h"

#include "engine/native_object.h"

namespace sluice::js {
namespace {

struct TlsHandle : NativeObject {
  explicit TlsHandle(TlsShared held) : shared(std::move(held)) {}
  // A context has its certificates and keys in several forms, and the others are small beside it.
  size_t cost() const override { return 24 * 1024; }

  TlsShared shared;
};

}  // namespace

JSObjectRef MakeTlsHandle(JSContextRef context, TlsShared shared) {
  return MakeNative(context, std::make_shared<TlsHandle>(std::move(shared)));
}

TlsShared* TlsHandleOf(JSContextRef context, JSValueRef value) {
  auto* held = NativeOf(context, value);
  auto* handle = held != nullptr ? dynamic_cast<TlsHandle*>(held->get()) : nullptr;
  return handle != nullptr ? &handle->shared : nullptr;
}

}  // namespace sluice::js
