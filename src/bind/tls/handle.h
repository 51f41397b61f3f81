// Internal. What JavaScript holds of the TLS layer, as a NativeObject.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "engine/value.h"
#include "sluice/tls.h"

namespace sluice::js {

using TlsShared = std::variant<std::shared_ptr<const TlsContext>, std::shared_ptr<CertificateStore>,
                               std::shared_ptr<TicketKeys>, std::shared_ptr<const TlsOptions>>;

JSObjectRef MakeTlsHandle(JSContextRef context, TlsShared shared);
// TlsHandleOf returns what value holds, or null if it is another object or no object.
TlsShared* TlsHandleOf(JSContextRef context, JSValueRef value);

template <class T>
std::shared_ptr<T> FromTlsHandle(JSContextRef context, JSValueRef value) {
  TlsShared* shared = TlsHandleOf(context, value);
  auto* found = shared != nullptr ? std::get_if<std::shared_ptr<T>>(shared) : nullptr;
  return found != nullptr ? *found : nullptr;
}

// TlsArgument returns what argument i holds; throws TypeError if that is no T.
template <class T>
std::shared_ptr<T> TlsArgument(Call& call, size_t i) {
  auto found = FromTlsHandle<T>(call.context(), call[i]);
  if (!found)
    call.ThrowTypeError("argument " + std::to_string(i + 1) + " is not the TLS object expected",
                        "ERR_INVALID_ARG_TYPE");
  return found;
}

}  // namespace sluice::js
