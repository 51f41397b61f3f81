// Internal. The error of what a program's permissions do not allow.
#pragma once

#include "engine/value.h"

namespace sluice::js {

// MakeDenied returns the ERR_ACCESS_DENIED of what was refused last on this thread, with its
// permission and resource; of an unknown thing if nothing was.
JSValueRef MakeDenied(JSContextRef context);
// ThrowDenied makes it the exception of a call and returns undefined.
JSValueRef ThrowDenied(Call& call);

}  // namespace sluice::js
