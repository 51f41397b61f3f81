// Internal. SelfCheck: whether this engine is as what goes beyond its public API expects.
#pragma once

#include <JavaScriptCore/JavaScript.h>

namespace sluice::js {

// SelfCheck tries every path of spi::Fast that is on with known values, and turns off what does not
// come out as expected. The first call in the process does it, before anything else uses a path;
// later ones wait for it. The thread of context.
void SelfCheck(JSContextRef context);

}  // namespace sluice::js
