// Internal. How the engine's library is set up for this process, and VMs are made.
#pragma once

#include <JavaScriptCore/JavaScript.h>

namespace sluice::js {

// InitializeEngine sets up what all VMs of the process share; before CreateGroup. Only the first
// call does anything. Any thread.
void InitializeEngine();

// CreateGroup makes a VM. The first one while the process has one thread.
JSContextGroupRef CreateGroup();

}  // namespace sluice::js
