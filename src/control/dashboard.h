// Internal. The dashboard: a page that shows what the process does, live.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::control {

// ServeDashboard serves the page at address, below a path that only who was told knows, on threads
// that wait for no task longer than a moment. file returns the page's files: "page.html", "app.js"
// and "style.css". Returns the page's address; "" on failure, and sets *error.
std::string ServeDashboard(const Address& address,
                           std::function<std::string_view(std::string_view)> file, Error* error);

}  // namespace sluice::control
