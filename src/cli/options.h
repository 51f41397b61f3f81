// Internal. The options of the sluice command.
#pragma once

#include <span>
#include <string>

#include "cli/permission.h"
#include "control/control.h"
#include "engine/engine.h"

namespace sluice::cli {

struct Options {
  enum class Action { kRun, kHelp, kVersion, kLicenses, kInit, kUsage };
  Action action = Action::kRun;
  std::string folder;  // kInit: of the new service
  js::EngineOptions engine;
  control::ControlOptions control;
  PermissionOptions permission;
  std::string error;  // what is wrong with the command line, "" if nothing is
};

// ParseOptions reads the command line after the command's name. binary is process.argv[0], the
// absolute path of the command. input_is_terminal decides what no program at all means: true a
// usage line, false the program on standard input.
Options ParseOptions(std::span<char*> arguments, const std::string& binary, bool input_is_terminal);

// HelpText returns what --help prints.
const char* HelpText();

}  // namespace sluice::cli
