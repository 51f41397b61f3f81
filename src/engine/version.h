// Internal. The versions that --version and process.versions show.
#pragma once

namespace sluice::js {

struct Versions {
  const char* sluice;
  const char* jsc;      // of the JavaScriptCore that the build found
  const char* openssl;  // of the library that is loaded
};

// Any thread; the texts live for ever.
Versions GetVersions();

}  // namespace sluice::js
