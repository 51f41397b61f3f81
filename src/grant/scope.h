// Internal. Scopes of permission: kinds of things that a program may be kept from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::grant {

enum class Scope : uint8_t {
  kListen,   // addresses to bind, of any kind of socket
  kConnect,  // addresses to connect and send to
  kFsRead,
  kFsWrite,
  kEnv,      // variables of the environment
  kRun,      // programs
  kTask,     // programs of tasks, subs and workers
  kSignal,   // processes to signal, and other tasks to end
  kDns,      // names to look up
  kCapture,  // secrets of TLS sessions
  kControl,  // connections of other tasks, the control socket
  kInspect,  // heaps and profiles
};
constexpr size_t kScopes = 12;

// ScopeName returns "fs.read" for kFsRead.
const char* ScopeName(Scope scope);
// FindScope finds a scope by its name, where '-' may stand for '.' as in flags.
std::optional<Scope> FindScope(std::string_view name);

}  // namespace sluice::grant
