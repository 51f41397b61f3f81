// Internal. Landlock (landlock(7)) as a second layer below the checks: what a check forgot of files
// the kernel refuses.
#pragma once

#include <string>
#include <vector>

#include "grant/policy.h"

namespace sluice::grant {

// OwnPlaces are what the runtime itself needs.
struct OwnPlaces {
  std::vector<std::string> writable;  // directories
  std::vector<PortRange> ports;       // to listen at
};

// Confinement is what the kernel refuses in this process by itself.
struct Confinement {
  bool files = false;    // those that are not allowed
  bool listen = false;   // TCP ports that no rule of listen has
  bool connect = false;  // likewise of connect
  bool signal = false;   // signals to other processes
};

// Confine has the kernel keep this process, and all that it starts, to the files that a policy
// allows, from version 4 of Landlock to the TCP ports that it names, from version 6 to its own
// processes with signals and abstract Unix sockets; own is what the runtime needs besides. It does
// nothing where the kernel has no Landlock of version 2, and for a policy that allows programs to
// run, which would be confined as well. Returns whether it did. Before there is a second thread.
bool Confine(const Policy& policy, const OwnPlaces& own);
// Confined returns what it did. Any thread, once there is a second one.
const Confinement& Confined();

}  // namespace sluice::grant
