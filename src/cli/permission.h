// Internal. The options of User Mode: --permission, --allow-…, --deny-…, --permission-audit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/address.h"

namespace sluice::cli {

struct PermissionOptions {
  bool on = false;
  bool audit = false;
  std::string file;        // of the policy, "" for none
  std::string audit_file;  // where the policy that the run needed is written, "" for nowhere
  struct Flag {
    std::string name;  // "allow-fs.read"
    std::optional<std::string> value;
  };
  std::vector<Flag> flags;
  std::vector<std::string> writable;  // files that other options name, for the runtime to write
  std::optional<Address> metrics;     // where the runtime listens itself
};

// TakePermission takes an option if it is one of these; returns whether it is, and sets *error.
bool TakePermission(std::string_view name, const std::optional<std::string>& value,
                    PermissionOptions& options, std::string* error);

// ApplyPermission makes the options hold for the main task. program is its file, or the directory
// that it is in. Returns what is wrong, "" for nothing. Before there is a second thread.
std::string ApplyPermission(const PermissionOptions& options, const std::string& program);

}  // namespace sluice::cli
