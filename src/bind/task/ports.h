// Internal. Ports of this engine, for who makes a task that has one from the start. Loop thread.
#pragma once

#include "engine/engine.h"
#include "engine/port.h"

namespace sluice::js {

// AdoptPort makes port this engine's, which closes it at its end; returns its number.
int AdoptPort(Engine& engine, PortOwner port);
// ReleasePort gives away a port of this engine; none if it has none of that number.
PortOwner ReleasePort(Engine& engine, int id);

}  // namespace sluice::js
