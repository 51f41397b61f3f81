// Public. The version of these headers; CMakeLists.txt reads it here.
#pragma once

// Versions before 1.0.0: a new minor version may change the API.
#define SLUICE_VERSION_MAJOR 0
// A new one adds to the API.
#define SLUICE_VERSION_MINOR 2
// A new one mends faults.
#define SLUICE_VERSION_PATCH 0

// Parts of SLUICE_VERSION.
#define SLUICE_VERSION_TEXT_(part) #part
// Likewise.
#define SLUICE_VERSION_JOIN_(major, minor, patch) \
  SLUICE_VERSION_TEXT_(major) "." SLUICE_VERSION_TEXT_(minor) "." SLUICE_VERSION_TEXT_(patch)
// The version as text, "1.2.3".
#define SLUICE_VERSION \
  SLUICE_VERSION_JOIN_(SLUICE_VERSION_MAJOR, SLUICE_VERSION_MINOR, SLUICE_VERSION_PATCH)
// The version as a number that can be compared: 1.2.3 is 1'002'003.
#define SLUICE_VERSION_NUMBER \
  (SLUICE_VERSION_MAJOR * 1000000 + SLUICE_VERSION_MINOR * 1000 + SLUICE_VERSION_PATCH)

namespace sluice {

// LibraryVersion returns the version of the library that runs, "1.2.3"; SLUICE_VERSION is the one
// that the program was compiled for. Static storage. Any thread.
const char* LibraryVersion();

}  // namespace sluice
