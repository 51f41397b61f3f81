// Internal. `sluice sim`: programs on a simulated network.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/faults.h"

namespace sluice::cli {

struct SimOptions {
  uint64_t first = 1, last = 1;  // seeds
  bool many = false;             // a range was told
  std::string profile = "network";
  std::string own_levels;  // k=v,…, over those of the profile
  uint64_t time_ms = 10 * 60 * 1000;
  std::string trace, report;  // files, "" for none
  bool shrink = false;
  bool limited = false;  // only the occurrences of keep happen
  std::vector<uint64_t> keep;
  std::string date;    // YYYY-MM-DD; "" is today
  bool quiet = false;  // nothing of what the programs print
  std::vector<std::string> programs;
  bool help = false;
  std::string error;
};

// ParseSim reads what follows `sim` on the command line.
SimOptions ParseSim(std::span<char*> arguments);
const char* SimHelp();

// HostRunner runs a program with those arguments of the command in a process of its own, and
// returns its exit code.
using HostRunner = std::function<int(const std::vector<std::string>& arguments)>;

// Simulate does what the options say, and returns the exit code of the command.
int Simulate(const SimOptions& options, const HostRunner& run);

// ---- One run

// SimulateClocks lets libraries read the clocks of the simulation, in this process from now on.
void SimulateClocks();

struct Outcome {
  std::string failure;  // "" if nothing failed
  uint64_t hash = 0, events = 0, turns = 0, now = 0;
  std::string running;  // the hosts whose programs had not ended
  struct Happened {
    uint64_t number, time;
    std::string fault, where;
  };
  std::vector<Happened> happened;
  struct Claimed {
    std::string name;
    int kind;
    uint64_t reached, held;
  };
  std::vector<Claimed> claims;
};

struct Plan {
  uint64_t seed = 1;
  sim::Levels levels{};
  bool limited = false;
  std::vector<uint64_t> keep;
  int trace_fd = -1;
  int output_fd = 1;
};

// RunSeed runs one simulation, in processes that it forks.
Outcome RunSeed(const SimOptions& options, const Plan& plan, const HostRunner& run);

// Shrink returns a plan with fewer faults that still fails with the same failure.
Plan Shrink(const SimOptions& options, Plan plan, const Outcome& outcome, const HostRunner& run);

// WriteReport writes a time line of a trace as HTML; returns what went wrong, or "".
std::string WriteReport(const std::string& file, const std::string& trace, const Outcome& outcome,
                        const std::string& title);

}  // namespace sluice::cli
