// Internal. Child processes: started by posix_spawn(3), watched through a pidfd (pidfd_open(2)), so
// that no signal is involved and no process is mistaken for another.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "grant/grant.h"

namespace sluice::sys {

struct ChildOptions {
  std::string file;                    // searched in PATH of environment if it has no slash
  std::vector<std::string> arguments;  // from argv[0] on
  std::vector<std::string> environment;
  std::string directory;         // "" for the parent's
  std::vector<int> descriptors;  // of the parent, by the child's number; -1: /dev/null
  bool session = false;          // a session of its own, as setsid(2) makes
  int64_t user = -1;             // whose it is, -1: the parent's
  int64_t group = -1;
};

struct Child {
  pid_t pid = -1;  // or -errno
  int pidfd = -1;  // readable when the child has ended; the caller closes it
};

// FindProgram returns the path of options.file as execvpe(3) finds it, "" if there is none. Any
// thread.
std::string FindProgram(const ChildOptions& options);

// StartChild starts a program, that of FindProgram. The child gets the descriptors named and no
// other, no blocked signals and the default actions. Its descriptors 0 to 2 block, as programs
// expect, and so does then what else shares their open files. Any thread.
Child StartChild(const ChildOptions& options, const grant::PathGrant& program);

// ReplaceProcess runs a program in place of this one, by execve(2), in which all that is open for
// this program alone is closed. Returns -errno where it cannot. Any thread, all others end.
int ReplaceProcess(const ChildOptions& options, const grant::PathGrant& program);

struct ChildEnd {
  int code = 0;    // exit code
  int signal = 0;  // that ended it, or 0
};

// TakeEnd takes the end of a child whose pidfd is readable; returns 0, or -errno: -EAGAIN while it
// runs. Any thread.
int TakeEnd(int pidfd, ChildEnd* end);

// SignalChild returns 0 or -errno. The child's end must not have been taken. Any thread.
int SignalChild(int pidfd, int signal);

// What RunChild reads and writes.
struct RunOptions {
  std::span<const uint8_t> input;  // for the descriptor input_at
  int input_at = -1;               // the parent's end, or -1; RunChild closes it
  std::vector<int> outputs;        // the parent's ends; RunChild closes them
  int64_t timeout_ms = 0;          // 0 for none
  size_t max_bytes = 0;            // of each output; more of it ends the child
  int kill_signal = 0;
};

struct RunResult {
  ChildEnd end;
  int error = 0;  // 0, ETIMEDOUT or ENOBUFS: why the child was ended
  std::vector<std::string> outputs;
};

// RunChild waits until a child and its outputs have ended. Closes child.pidfd. Any thread.
RunResult RunChild(const Child& child, RunOptions options);

}  // namespace sluice::sys
