// Internal. Signals of the process as bytes of a pipe. One thread reads them: the main one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "grant/grant.h"

namespace sluice::sys {

// SignalPipe returns the descriptor that becomes readable when a caught signal arrived, or
// -errno. It is made on first use and lives as long as the process. Main thread.
int SignalPipe();

// CatchSignal has a signal reported through the pipe; ReleaseSignal gives it back the action that
// it had before. They return 0 or -errno (EINVAL: no such signal, or one that cannot be caught).
// Main thread.
int CatchSignal(int number);
int ReleaseSignal(int number);

// Kill is kill(2): 0 or -errno.
int Kill(pid_t process, int number, const grant::Grant& grant);

// IsCaught returns whether CatchSignal holds for a signal; CaughtSignals how often it arrived while
// that was so. Main thread.
bool IsCaught(int number);
uint64_t CaughtSignals(int number);

// ReadSignals fills numbers with signals that arrived and returns how many.
size_t ReadSignals(std::span<uint8_t> numbers);

}  // namespace sluice::sys
