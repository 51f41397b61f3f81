// Internal. `sluice init`: a small service to begin with.
#pragma once

#include <string>

namespace sluice::cli {

// InitService writes the files of packaging/service and the type declarations into folder, which
// must not exist or be empty. The folder's last part is the service's name: lower-case letters,
// digits, '-', '_' and '.', as systemd and npm take it. binary is the absolute path of the command
// that the systemd unit starts. Returns what is wrong, "" if nothing is.
std::string InitService(const std::string& folder, const std::string& binary);

}  // namespace sluice::cli
