// Internal. The versions that --version and process.versions show.
#pragma once

#include <string>

namespace sluice::js {

struct Versions {
  const char* sluice;
  std::string jsc;  // of the JavaScriptCore that runs
  const char* jsc_built;  // of the one that the build found
  const char* openssl;    // of the library that is loaded
};

// Any thread; the texts live for ever.
const Versions& GetVersions();
// The paths beyond the engine's public API that are on (spi::Fast), separated by commas; "none".
// Where the thread has no engine a context is made to find out.
std::string FastPaths();

}  // namespace sluice::js
