// Internal. Leave to run a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grant/grant.h"

namespace sluice::grant {

// ToRun is for a program at a path. Where not every program is allowed, variables that make the
// dynamic loader load other code (LD_PRELOAD and its like) are refused, unless this process has the
// same since its start. environment has entries as "NAME=value".
PathGrant ToRun(std::string_view path, const std::vector<std::string>& environment);

// NoteEnvironment notes what the process began with. Before there is a second thread.
void NoteEnvironment();

// ToSet is for setting a variable of this process: of the scope env. The C library and OpenSSL load
// code by some, which needs leave to run any program, and read files by others, which needs that of
// the file.
Grant ToSet(std::string_view name, std::string_view value);

// The variable by which a program that is sluice as well learns what it may do at most.
constexpr char kInherited[] = "SLUICE_PERMISSION";

// Inherit adds that variable to the environment of a child, as the policy of this thread has it.
void Inherit(std::vector<std::string>& environment);

}  // namespace sluice::grant
