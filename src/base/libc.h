// Internal. What not every C library for Linux has: names of errno values and signals, pidfds,
// closing what a child must not inherit. All of it by system calls and tables, so that there is one
// way.
#pragma once

#include <spawn.h>
#include <sys/types.h>

namespace sluice::libc {

// ErrorName returns "ENOENT" for ENOENT, null for what is no errno value. Where a value has two
// names it is the first one's: EAGAIN, EDEADLK, EOPNOTSUPP.
const char* ErrorName(int number);
// SignalName returns "SIGHUP" for SIGHUP, null for realtime signals and what is none. SIGIO is
// SIGPOLL, SIGIOT is SIGABRT.
const char* SignalName(int number);

// pidfd_open(2) and pidfd_send_signal(2): -1 with errno.
int PidfdOpen(pid_t pid, unsigned flags);
int PidfdSendSignal(int pidfd, int signal);

// AddCloseFrom has the child close all descriptors from number on, as far as this process has them
// now. Returns 0 or an errno value.
int AddCloseFrom(posix_spawn_file_actions_t* actions, int number);

}  // namespace sluice::libc
