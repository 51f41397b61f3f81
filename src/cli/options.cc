#include "cli/options.h"

#include <optional>
#include <string_view>

namespace sluice::cli {
namespace {

using js::ProgramMode;

// Parser walks over the arguments up to the program's name; the rest is the program's.
class Parser {
 public:
  Parser(std::span<char*> arguments, Options& options) : arguments_(arguments), options_(options) {}

  // Returns the index of the first argument that is not an option.
  size_t Run() {
    while (next_ < arguments_.size() && options_.error.empty()) {
      std::string_view argument = arguments_[next_];
      if (argument.size() < 2 || argument[0] != '-') break;
      ++next_;
      if (argument == "--") break;
      size_t first = next_ - 1;
      Take(argument);
      for (; first < next_; ++first) options_.engine.exec_arguments.emplace_back(arguments_[first]);
    }
    return next_;
  }

 private:
  void Take(std::string_view argument) {
    std::optional<std::string> attached;
    size_t equals = argument.find('=');
    std::string_view name = argument.substr(0, equals);
    if (argument.starts_with("--") && equals != std::string_view::npos)
      attached = std::string(argument.substr(equals + 1));
    else
      name = argument;

    if (name == "-e" || name == "--eval") {
      Code(name, attached, ProgramMode::kEval);
    } else if (name == "-p" || name == "--print" || name == "-pe") {
      Code(name, attached, ProgramMode::kPrint);
    } else if (name == "-r" || name == "--require") {
      if (std::optional<std::string> module = Value(name, attached, "a module"))
        options_.engine.preload.push_back(*module);
    } else if (name == "--input-type") {
      InputType(name, attached);
    } else if (attached) {
      Unknown(argument);
    } else if (name == "-c" || name == "--check") {
      options_.engine.mode = ProgramMode::kCheck;
    } else if (name == "-h" || name == "--help") {
      Show(Options::Action::kHelp);
    } else if (name == "-v" || name == "--version") {
      Show(Options::Action::kVersion);
    } else if (name == "--licenses") {
      Show(Options::Action::kLicenses);
    } else {
      Unknown(argument);
    }
  }

  void Code(std::string_view name, const std::optional<std::string>& attached, ProgramMode mode) {
    std::optional<std::string> code = Value(name, attached, "the code to run");
    if (!code) return;
    options_.engine.mode = mode;
    options_.engine.code = *code;
  }

  void InputType(std::string_view name, const std::optional<std::string>& attached) {
    std::optional<std::string> type = Value(name, attached, "commonjs or module");
    if (!type) return;
    if (*type != "commonjs" && *type != "module")
      options_.error = "--input-type must be commonjs or module, not '" + *type + "'";
    options_.engine.input_type = *type;
  }

  std::optional<std::string> Value(std::string_view name,
                                   const std::optional<std::string>& attached, const char* what) {
    if (attached) return attached;
    if (next_ < arguments_.size()) return std::string(arguments_[next_++]);
    options_.error = std::string(name) + " needs " + what + " after it";
    return std::nullopt;
  }

  void Show(Options::Action action) {
    if (options_.action == Options::Action::kRun) options_.action = action;
  }

  void Unknown(std::string_view argument) {
    options_.error = "unknown option '" + std::string(argument) + "' (see sluice --help)";
  }

  std::span<char*> arguments_;
  Options& options_;
  size_t next_ = 0;
};

bool HasCode(ProgramMode mode) {
  return mode == ProgramMode::kEval || mode == ProgramMode::kPrint;
}

// sluice init NAME. A program of that name is run as ./init.
void ParseInit(std::span<char*> rest, Options& options) {
  options.action = Options::Action::kInit;
  if (rest.size() == 1 && rest[0][0] != '-') {
    options.folder = rest[0];
  } else {
    options.error = "init needs the name of the new service, and nothing else after it";
  }
}

}  // namespace

Options ParseOptions(std::span<char*> arguments, const std::string& binary,
                     bool input_is_terminal) {
  Options options;
  if (!arguments.empty() && std::string_view(arguments[0]) == "init") {
    ParseInit(arguments.subspan(1), options);
    return options;
  }
  size_t rest = Parser(arguments, options).Run();
  js::EngineOptions& engine = options.engine;
  engine.arguments.push_back(binary);
  for (size_t i = rest; i < arguments.size(); ++i) engine.arguments.emplace_back(arguments[i]);
  if (!options.error.empty() || options.action != Options::Action::kRun || HasCode(engine.mode))
    return options;

  bool named = rest < arguments.size();
  if (named && std::string_view(arguments[rest]) != "-") {
    engine.entry = arguments[rest];
  } else if (engine.mode == ProgramMode::kCheck) {
    options.error = "--check needs the name of a file";
  } else if (named || !input_is_terminal) {
    engine.mode = ProgramMode::kStdin;
    if (!named) engine.arguments.emplace_back("-");
  } else {
    options.action = Options::Action::kUsage;
  }
  return options;
}

const char* HelpText() {
  return R"(Usage: sluice [options] file.js [arguments]
       sluice [options] -e CODE [arguments]
       sluice [options] - [arguments]          the program is on standard input
       sluice init NAME                        make a small service in the folder NAME

Runs a JavaScript or TypeScript network program: a CommonJS file, with or without its .js,
or an ECMAScript module.

Options:
  -e, --eval CODE        run CODE
  -p, --print CODE       run CODE and print its value
  -r, --require MODULE   load MODULE before the program; may be repeated
  --input-type TYPE      what CODE and standard input are: commonjs or module
  -c, --check            look for syntax errors in the file, do not run it
  -h, --help             print this text
  -v, --version          print the versions of sluice, JavaScriptCore and OpenSSL
  --licenses             print the licences of sluice and of what is in it
  --                     end of the options

What follows the program's name is in process.argv, from its third element on.

Exit codes: 0 success; 1 an error that the program did not catch; 2 a wrong command
line or a program that cannot be read; any other is the program's own.
)";
}

}  // namespace sluice::cli
