#include "cli/options.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "control/http.h"
#include "engine/node_options.h"
#include "ledger/event_ring.h"

namespace sluice::cli {
namespace {

using js::NodeOption;
using js::ProgramMode;

// Node and its engine take _ for - in the names of options.
std::string Dashes(std::string_view name) {
  std::string text(name);
  for (size_t i = 2; i < text.size(); ++i)
    if (text[i] == '_') text[i] = '-';
  return text;
}

const NodeOption* FindNodeOption(std::string_view name) {
  std::string plain = Dashes(name);
  for (const NodeOption& option : js::kNodeOptions)
    if (option.name == plain) return &option;
  return nullptr;
}

// Switches of what is new in Node or its engine: what there is here is there without them.
bool IsExperiment(std::string_view name) {
  return name.starts_with("--experimental-") || name.starts_with("--no-experimental-") ||
         name.starts_with("--harmony");
}

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
    } else if (name == "--env-file" || name == "--env-file-if-exists") {
      Value(name, attached, "the path of a file");  // lib/internal/process/flags.js reads it
    } else if (name == "--metrics") {
      if (auto where = Value(name, attached, "a port"))
        options_.control.metrics = Endpoint(name, *where);
    } else if (name == "--dashboard") {
      options_.control.dashboard = Endpoint(name, attached.value_or("127.0.0.1:9465"));
    } else if (name == "--recorder") {
      Recorder(attached);
    } else if (name == "--control") {
      Control(attached);
    } else if (TakePermission(name, attached, options_.permission, &options_.error)) {
      // Taken.
    } else if (const NodeOption* option = FindNodeOption(name)) {
      Node(argument, attached, option->kind);
    } else if (IsExperiment(name)) {
      // Nothing to do.
    } else if (attached) {
      Unknown(argument);
    } else if (name == "-c" || name == "--check") {
      options_.engine.mode = ProgramMode::kCheck;
    } else if (name == "--test") {
      options_.engine.mode = ProgramMode::kTest;
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

  void Node(std::string_view argument, const std::optional<std::string>& attached,
            decltype(NodeOption::kind) kind) {
    if (kind == NodeOption::kValue)
      Value(argument, attached, "a value");
    else if ((kind == NodeOption::kAttached) != attached.has_value())
      options_.error = attached ? std::string(argument) + ": the option has no value"
                                : std::string(argument) + " needs =value";
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
    std::string_view format = *type;
    constexpr std::string_view kTypes = "-typescript";
    if (format.ends_with(kTypes)) format.remove_suffix(kTypes.size());
    if (format != "commonjs" && format != "module")
      options_.error = "--input-type must be commonjs or module, not '" + *type + "'";
    options_.engine.input_type = *type;
  }

  std::optional<Address> Endpoint(std::string_view name, const std::string& text) {
    std::optional<Address> address = control::ParseEndpoint(text);
    if (!address)
      options_.error =
          std::string(name) + " must be a port, or an IP address and a port, not '" + text + "'";
    return address;
  }

  // --control, --control=off, --control=PATH
  void Control(const std::optional<std::string>& attached) {
    control::ControlOptions& control = options_.control;
    control.on = attached != "off";
    if (attached && attached->empty())
      options_.error = "--control= needs the path of the socket, or off";
    else if (attached && control.on)
      control.path = *attached;
  }

  // --recorder, --recorder=off, --recorder=BYTES
  void Recorder(const std::optional<std::string>& attached) {
    control::ControlOptions& control = options_.control;
    control.dump = attached != "off";
    if (!control.dump) control.recorder_bytes = 0;
    if (!attached || !control.dump) return;
    size_t bytes = 0;
    const char* end = attached->data() + attached->size();
    auto [stop, wrong] = std::from_chars(attached->data(), end, bytes);
    if (wrong != std::errc() || stop != end || bytes < EventRing::kLeastBytes ||
        bytes > EventRing::kMostBytes)
      options_.error = "--recorder must be off, or a number of bytes from " +
                       std::to_string(EventRing::kLeastBytes) + " to " +
                       std::to_string(EventRing::kMostBytes) + ", not '" + *attached + "'";
    control.recorder_bytes = bytes;
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

// Whether no argument names the program.
bool HasCode(ProgramMode mode) {
  return mode == ProgramMode::kEval || mode == ProgramMode::kPrint || mode == ProgramMode::kTest;
}

// Commands that ask running processes (lib/internal/control). A program of such a name is run as
// ./top.
constexpr std::string_view kTools[] = {"ps",  "stats", "sess",    "close",
                                       "top", "dump",  "capture", "help"};

bool IsTool(std::string_view name) {
  return std::find(std::begin(kTools), std::end(kTools), name) != std::end(kTools);
}

// sluice init NAME. A program of that name is run as ./init.
void ParseInit(std::span<char*> rest, Options& options) {
  options.action = Options::Action::kInit;
  if (rest.size() == 1 &&
      (std::string_view(rest[0]) == "--help" || std::string_view(rest[0]) == "-h")) {
    options.action = Options::Action::kHelp;
  } else if (rest.size() == 1 && rest[0][0] != '-') {
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
  if (!arguments.empty() && IsTool(arguments[0])) {
    options.engine.mode = ProgramMode::kTool;
    options.control.on = false;
    options.engine.arguments.push_back(binary);
    for (char* argument : arguments) options.engine.arguments.emplace_back(argument);
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
       sluice sim [options] program.js…        run programs on a simulated network
       sluice init NAME                        make a small service in the folder NAME
       sluice ps|stats|sess|close|top|dump|capture …
                                               look at running programs (sluice help ps)

Runs a JavaScript or TypeScript network program: a CommonJS file, with or without its .js,
or an ECMAScript module.

Options:
  -e, --eval CODE        run CODE
  -p, --print CODE       run CODE and print its value
  -r, --require MODULE   load MODULE before the program; may be repeated
  --import MODULE        import MODULE before the program, and await it; may be repeated
  --env-file FILE        set the variables of FILE that are not set; may be repeated
  --test [PATTERN…]      run the files of tests that PATTERNs match, by node:test
  --input-type TYPE      what CODE and standard input are: commonjs or module
  --control[=PATH|off]   where `sluice ps` and the like reach the program; a socket in the
                         user's runtime directory if not told
  --recorder[=BYTES|off] print what the tasks recorded of connections, as JSON lines, if an
                         error ends the process; BYTES: of each task (262144)
  --dashboard[=[HOST:]PORT]
                         serve a page that shows what the program does, and print its
                         address; 127.0.0.1:9465 if not told
  --metrics=[HOST:]PORT  serve metrics for Prometheus at /metrics there
  --permission[=FILE]    User Mode: the program may do only what is allowed, by the policy
                         in FILE and by the options that follow (docs/permissions.md)
  --allow-SCOPE[=A,B]    allow all of a scope, or what is named; SCOPE is listen, connect,
                         fs.read, fs.write, env, run, task, signal, dns, capture, control
                         or inspect
  --deny-SCOPE[=A,B]     deny it, whatever allows it
  --permission-audit[=FILE]
                         do not deny, but tell (process event 'permission'), and write the
                         policy that the run needed to FILE
  -c, --check            look for syntax errors in the file, do not run it
  --activated            listen() takes the socket of its address that a service manager
                         started the process with, if there is one
  --drain=TIME           SIGTERM has all servers leave, their connections in so long at most,
                         as 30s or 500ms; a second SIGTERM ends the process at once
  --drain-grace=TIME     of that, for load balancers to look elsewhere before servers leave
  -h, --help             print this text
  -v, --version          print the versions of sluice, JavaScriptCore and OpenSSL
  --licenses             print the licences of sluice and of what is in it
  --                     end of the options

What follows the program's name is in process.argv, from its third element on.

Environment:
  SLUICE_CACHE           the directory where what is made of files is kept, as bytecode, so
                         that they load sooner; empty: none (docs/modules.md)
  SLUICE_FAST            which of the ways to be fast that -v names are used

Exit codes: 0 success; 1 an error that the program did not catch; 2 a wrong command
line or a program that cannot be read; any other is the program's own.
)";
}

}  // namespace sluice::cli
