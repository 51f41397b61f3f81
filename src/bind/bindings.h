// Internal. The table of all bindings.
#pragma once

#include <span>

#include "engine/engine.h"

namespace sluice::js {

std::span<const BindingEntry> Bindings();

}  // namespace sluice::js
