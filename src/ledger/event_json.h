// Internal. The events of all loops as JSON lines, the form of `sluice dump`.
#pragma once

#include <functional>
#include <string_view>

namespace sluice {

// DumpEvents gives line() one JSON object after the other, without line feeds: {time, task, event,
// …}, the oldest first, those of loops that ended last among them. It stops where line() returns
// false. Any thread.
void DumpEvents(const std::function<bool(std::string_view)>& line);

}  // namespace sluice
