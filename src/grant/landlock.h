// Internal. Landlock (landlock(7)) as a second layer below the checks: what a check forgot of files
// the kernel refuses.
#pragma once

#include <string>
#include <vector>

#include "grant/policy.h"

namespace sluice::grant {

// Confine has the kernel keep this process, and all that it starts, to the files that a policy
// allows and those that the runtime needs; writable are more directories of the runtime's own. It
// does nothing where the kernel has no Landlock of version 2, and for a policy that allows programs
// to run, which would be confined as well. Returns whether it did. Before there is a second thread.
bool Confine(const Policy& policy, const std::vector<std::string>& writable);

}  // namespace sluice::grant
