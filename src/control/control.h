// Internal. The control socket: what tools ask a running process, and have it do.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/event_ring.h"
#include "sluice/address.h"
#include "sluice/loop.h"

namespace sluice::control {

// Where the socket is.
struct ControlOptions {
  bool on = true;
  std::string path;                  // "": PID.sock in the folder of the user's runtime directory
  std::optional<Address> metrics;    // where metrics are served
  std::optional<Address> dashboard;  // and the dashboard
  size_t recorder_bytes = EventRing::kDefaultBytes;  // of each loop's ring, 0 for none
  bool dump = false;  // the recorder's events go to standard error if an error ends the process
};

// DefaultFolder returns $XDG_RUNTIME_DIR/sluice, else /run/user/UID/sluice, else /tmp/sluice-UID.
std::string DefaultFolder();

// Start opens the socket, mode 0600, and answers there on threads of its own that wait for no task
// longer than a moment. Clients are of this user, or root. With a path of the program's own it
// opens it at once, and returns what is wrong, "" for nothing; else shortly after, as few programs
// that end in a moment are asked, and does without where it cannot. program is what `sluice ps`
// shows. The main thread, before the program runs.
std::string Start(Loop& loop, const ControlOptions& options, std::string program);
// StartMetrics serves /metrics where options say; returns what is wrong, "" for nothing.
std::string StartMetrics(const ControlOptions& options);

// StartDashboard serves the dashboard where options say, and prints its address on standard error;
// file returns a file of the page. Returns what is wrong, "" for nothing.
std::string StartDashboard(const ControlOptions& options,
                           std::function<std::string_view(std::string_view)> file);

// Failed notes that an error ends the process. Any thread.
void Failed();
// Stop removes the socket's path. What is open on this thread ends now; if an error ends the
// process and options asked for it, the recorder's events go to standard error. Before the process
// ends, the main thread.
void Stop();

}  // namespace sluice::control
