// Internal. The last words of a process that aborts.
#pragma once

namespace sluice::sys {

// TellAborts has a call of abort(3), from now on, say on stderr where it came from, as addresses in
// programs and libraries: the engine's failed checks, and those of others, abort without a word.
void TellAborts();

}  // namespace sluice::sys
