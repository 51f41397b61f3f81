#include "sluice/version.h"

namespace sluice {

const char* LibraryVersion() { return SLUICE_VERSION; }

}  // namespace sluice
