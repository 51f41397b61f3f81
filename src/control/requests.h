// Internal. The requests of the control socket: lines of JSON, {id, method, params}.
// docs/observe.md
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sluice::control {

// The version of the protocol, which every answer tells.
constexpr int kProtocol = 1;

// Answer sends the answer to a request: lines of JSON, the last of which has a result or an error.
// Returns whether the client is still there. Any thread that may wait a second.
bool Answer(std::string_view request, const std::function<bool(std::string_view)>& send);

// What answers tell of the process. Before the first answer.
void SetProgram(std::string program);
void SetControlPath(std::string path);

}  // namespace sluice::control
