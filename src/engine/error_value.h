// Internal. Errors of the layers below as JavaScript sees them.
#pragma once

#include "engine/value.h"
#include "sluice/error.h"

namespace sluice::js {

// ErrorFields returns {code, message, reason, library}, the last two where OpenSSL has them, and
// {errno, syscall} of a failed system call.
JSObjectRef ErrorFields(JSContextRef context, const Error& error);
// ErrorObject returns an Error with code, message, reason and library.
JSObjectRef ErrorObject(JSContextRef context, const Error& error);
// ThrowError makes an ErrorObject pending and returns undefined.
JSValueRef ThrowError(Call& call, const Error& error);

}  // namespace sluice::js
