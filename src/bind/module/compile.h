// Internal. The part of binding('module') that runs texts as scripts and keeps what is made of
// them.
#pragma once

#include "engine/value.h"

namespace sluice::js {

void BindCompile(Binder& binder);

}  // namespace sluice::js
