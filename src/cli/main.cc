// The sluice command: options, exit codes, nothing else.
#include <openssl/crypto.h>
#include <poll.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "bind/bindings.h"
#include "cli/init.h"
#include "cli/options.h"
#include "cli/simulate.h"
#include "cli/texts.h"
#include "control/control.h"
#include "engine/task.h"
#include "engine/version.h"
#include "grant/grant.h"
#include "loop/workers.h"
#include "sys/aborts.h"
#include "sys/sys.h"

namespace {

using sluice::cli::Options;

constexpr int kBadUsage = 2;

// The absolute path of this command; the name it was called by where /proc is missing.
std::string BinaryPath(const char* called) {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof path)) return called;
  return {path, static_cast<size_t>(length)};
}

// Returns the exit code: an answer that nobody can read is a failure.
int Show(const char* text) {
  return std::fputs(text, stdout) >= 0 && std::fflush(stdout) == 0 ? 0 : EXIT_FAILURE;
}

int PrintVersions() {
  const sluice::js::Versions& versions = sluice::js::GetVersions();
  std::printf("sluice %s\nJavaScriptCore %s\nOpenSSL %s\nfast paths %s\n", versions.sluice,
              versions.jsc.c_str(), versions.openssl, sluice::js::FastPaths().c_str());
  return std::fflush(stdout) == 0 ? 0 : EXIT_FAILURE;
}

int PrintLicenses() {
  for (const sluice::cli::Text& one : sluice::cli::Texts()) {
    if (one.name == "licenses") std::fwrite(one.text.data(), 1, one.text.size(), stdout);
  }
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? 0 : EXIT_FAILURE;
}

int Init(const std::string& folder, const std::string& binary) {
  std::string error = sluice::cli::InitService(folder, binary);
  if (!error.empty()) {
    std::fprintf(stderr, "sluice: %s\n", error.c_str());
    return kBadUsage;
  }
  std::printf("made %s: cd there, then `sluice server.js`, `sluice server.test.js`\n",
              folder.c_str());
  return 0;
}

int Run(Options& options) {
  // A write to a connection that its peer closed is an error of the write, not the end.
  std::signal(SIGPIPE, SIG_IGN);
  sluice::sys::TellAborts();
#ifdef SLUICE_SANITIZED
  // Workers may be inside OpenSSL when the process ends: its tables are not freed under them.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  // ThreadSanitizer makes what it keeps of a thread's signals at its first blocking call, and loses
  // one that arrives meanwhile.
  poll(nullptr, 0, 0);
#endif
  const std::string& entry = options.engine.entry;
  options.permission.metrics = options.control.metrics;
  if (!options.control.path.empty()) options.permission.writable.push_back(options.control.path);
  std::string denied =
      sluice::cli::ApplyPermission(options.permission, entry.empty() ? "." : entry);
  if (!denied.empty()) {
    std::fprintf(stderr, "sluice: %s\n", denied.c_str());
    return kBadUsage;
  }
  sluice::EventRing::SetSize(options.control.recorder_bytes);
  sluice::Error error;
  sluice::LoopDescriptors descriptors = sluice::LoopDescriptors::Open(&error);
  if (!descriptors) {
    std::fprintf(stderr, "sluice: %s\n", error.message().c_str());
    return EXIT_FAILURE;
  }
  sluice::Loop loop(std::move(descriptors));
  std::string program;
  for (size_t i = 1; i < options.engine.arguments.size(); ++i)
    program += (i > 1 ? " " : "") + options.engine.arguments[i];
  std::string refused = sluice::control::Start(loop, options.control, std::move(program));
  if (refused.empty()) refused = sluice::control::StartMetrics(options.control);
  if (refused.empty())
    refused = sluice::control::StartDashboard(options.control, [](std::string_view name) {
      for (const sluice::cli::Text& one : sluice::cli::Texts())
        if (one.name == "dashboard/" + std::string(name)) return one.text;
      return std::string_view();
    });
  if (!refused.empty()) {
    std::fprintf(stderr, "sluice: %s\n", refused.c_str());
    return EXIT_FAILURE;
  }
  sluice::js::Engine::SetBindings(sluice::js::Bindings());
  sluice::js::Engine engine(loop, std::move(options.engine));
  engine.Start();
  int code = engine.Run();
  sluice::FinishLastingWork();
  sluice::control::Stop();
  sluice::grant::WriteNeeds();
#ifdef SLUICE_SANITIZED
  if (sluice::js::Task::Count() == 1) return code;  // leaks are looked for
#endif
  // Without destructors: other tasks and workers may be in the middle of anything, and freeing the
  // engine's heap takes longer than many a program.
  std::fflush(nullptr);
  std::_Exit(code);
}

int RunSim(std::span<char*> arguments, const std::string& binary) {
  sluice::cli::SimOptions options = sluice::cli::ParseSim(arguments);
  if (!options.error.empty()) {
    std::fprintf(stderr, "sluice: %s\n", options.error.c_str());
    return kBadUsage;
  }
  if (options.help) return Show(sluice::cli::SimHelp());
  return sluice::cli::Simulate(options, [&](const std::vector<std::string>& program) {
    std::vector<char*> pointers;
    for (const std::string& one : program) pointers.push_back(const_cast<char*>(one.c_str()));
    Options host = sluice::cli::ParseOptions(pointers, binary, true);
    host.control.on = false;  // its threads wait for real connections
    return Run(host);
  });
}

}  // namespace

int main(int argc, char** argv) {
  sluice::sys::OpenStandard();
  std::span<char*> arguments(argv, static_cast<size_t>(argc));
  std::string binary = BinaryPath(argc > 0 ? argv[0] : "sluice");
  if (argc > 1 && std::string_view(argv[1]) == "sim") return RunSim(arguments.subspan(2), binary);
  if (argc == 3 && std::string_view(argv[1]) == "help" && std::string_view(argv[2]) == "sim")
    return Show(sluice::cli::SimHelp());
  Options options = sluice::cli::ParseOptions(arguments.subspan(argc > 0 ? 1 : 0), binary,
                                              isatty(STDIN_FILENO) == 1);
  if (!options.error.empty()) {
    std::fprintf(stderr, "sluice: %s\n", options.error.c_str());
    return kBadUsage;
  }
  switch (options.action) {
    case Options::Action::kHelp:
      return Show(sluice::cli::HelpText());
    case Options::Action::kVersion:
      return PrintVersions();
    case Options::Action::kLicenses:
      return PrintLicenses();
    case Options::Action::kInit:
      return Init(options.folder, binary);
    case Options::Action::kUsage:
      std::fputs("Usage: sluice [options] file.js [arguments] (see sluice --help)\n", stderr);
      return kBadUsage;
    case Options::Action::kRun:
      break;
  }
  return Run(options);
}
