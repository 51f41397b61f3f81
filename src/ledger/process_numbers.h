// Internal. What the system says of the process.
#pragma once

#include <cstdint>

namespace sluice {

// What the system says of the process.
struct ProcessNumbers {
  uint64_t fds;
  uint64_t max_fds;
  uint64_t resident;  // bytes
  double cpu_seconds;
  double started_seconds;  // since 1970: when something was counted first
};
// ReadProcess asks the system. Any thread.
ProcessNumbers ReadProcess();

}  // namespace sluice
