// Internal. The metrics of the process. docs/observe.md names them.
#pragma once

#include <string>

#include "grant/grant.h"
#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::control {

// MetricsText returns all metrics, the runtime's and those of programs, in the Prometheus text
// format. It waits for no task. Any thread.
std::string MetricsText();

// ServeMetrics answers GET of path at address, on threads of its own. Returns the address with its
// port; none on failure, and sets *error. Any thread.
Address ServeMetrics(const grant::AddressGrant& address, std::string path, Error* error);

}  // namespace sluice::control
