// Internal. Functions of binding('net') for the limits of servers.
#pragma once

#include "engine/value.h"

namespace sluice::js {

JSValueRef SetAdmission(Call& call);
JSValueRef SetTimeouts(Call& call);
JSValueRef AdmissionNumbersOf(Call& call);

}  // namespace sluice::js
