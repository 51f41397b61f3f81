#include "engine/error_value.h"

namespace sluice::js {
namespace {

void SetFields(JSContextRef context, JSObjectRef object, const Error& error) {
  Set(context, object, "code", MakeString(context, error.code()));
  if (std::string reason = error.reason(); !reason.empty())
    Set(context, object, "reason", MakeString(context, reason));
  if (std::string library = error.library(); !library.empty())
    Set(context, object, "library", MakeString(context, library));
}

}  // namespace

JSObjectRef ErrorFields(JSContextRef context, const Error& error) {
  JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
  Set(context, object, "message", MakeString(context, error.message()));
  SetFields(context, object, error);
  if (error.domain == ErrorDomain::kSystem) {
    Set(context, object, "errno", JSValueMakeNumber(context, static_cast<double>(error.number)));
    Set(context, object, "syscall", MakeString(context, error.operation));
  }
  return object;
}

JSObjectRef ErrorObject(JSContextRef context, const Error& error) {
  JSValueRef exception = nullptr;
  Call call(context, 0, nullptr, &exception);
  call.ThrowError(error.message());
  JSObjectRef object = JSValueToObject(context, exception, nullptr);
  SetFields(context, object, error);
  return object;
}

JSValueRef ThrowError(Call& call, const Error& error) {
  *call.exception() = ErrorObject(call.context(), error);
  return call.undefined();
}

}  // namespace sluice::js
