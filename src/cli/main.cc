// The sluice command: options, exit codes, nothing else.
#include <csignal>
#include <string>
#include <vector>

#include "js/engine.h"
#include "sys/sys.h"

int main(int argc, char** argv) {
  sluice::sys::OpenStandard();
  std::signal(SIGPIPE, SIG_IGN);
  sluice::js::EngineOptions options;
  options.arguments.assign(argv, argv + argc);
  if (argc > 1) options.entry = argv[1];
  sluice::Loop loop;
  sluice::js::Engine engine(loop, std::move(options));
  engine.Start();
  return engine.Run();
}
