#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <optional>
#include <string_view>

#include "cli/simulate.h"

namespace sluice::cli {
namespace {

std::optional<uint64_t> Number(std::string_view text) {
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// strptime(3) knows a 31st of February.
bool IsDay(tm day) {
  tm before = day;
  time_t seconds = timegm(&day);
  return seconds >= 0 && day.tm_mday == before.tm_mday && day.tm_mon == before.tm_mon;
}

class Parser {
 public:
  explicit Parser(std::span<char*> arguments) : arguments_(arguments) {}

  SimOptions Run() {
    while (next_ < arguments_.size() && options_.error.empty()) {
      std::string_view argument = arguments_[next_++];
      if (argument == "--") {
        while (next_ < arguments_.size()) options_.programs.emplace_back(arguments_[next_++]);
      } else if (argument.size() > 1 && argument[0] == '-') {
        Take(argument);
      } else {
        options_.programs.emplace_back(argument);
      }
    }
    if (options_.error.empty() && options_.programs.empty() && !options_.help)
      options_.error = "sim needs a scenario or programs (see sluice sim --help)";
    for (const std::string& program : options_.programs)
      if (options_.error.empty() && access(program.c_str(), R_OK) != 0)
        options_.error = "cannot read '" + program + "': " + strerror(errno);
    return options_;
  }

 private:
  void Take(std::string_view argument) {
    size_t equals = argument.find('=');
    std::string_view name = argument.substr(0, equals);
    attached_.reset();
    if (equals != std::string_view::npos) attached_ = argument.substr(equals + 1);
    if (name == "--seed" || name == "--seeds") {
      Seeds(name, Value(name));
    } else if (name == "--faults") {
      TakeFaults(Value(name));
    } else if (name == "--time") {
      Time(Value(name));
    } else if (name == "--trace") {
      options_.trace = Value(name);
    } else if (name == "--report") {
      options_.report = Value(name);
    } else if (name == "--date") {
      options_.date = Value(name);
      tm day{};
      const char* end = strptime(options_.date.c_str(), "%Y-%m-%d", &day);
      if (end == nullptr || *end != '\0' || !IsDay(day))
        Bad("--date", options_.date, "a day since 1970 as YYYY-MM-DD");
    } else if (name == "--keep") {
      Keep(Value(name));
    } else if (argument == "--shrink") {
      options_.shrink = true;
    } else if (argument == "--quiet") {
      options_.quiet = true;
    } else if (argument == "-h" || argument == "--help") {
      options_.help = true;
    } else {
      options_.error = "unknown option '" + std::string(argument) + "' (see sluice sim --help)";
    }
  }

  std::string Value(std::string_view name) {
    if (attached_) return std::string(*attached_);
    if (next_ < arguments_.size()) return arguments_[next_++];
    options_.error = std::string(name) + " needs a value after it";
    return {};
  }

  void Bad(std::string_view name, std::string_view value, std::string_view expected) {
    if (options_.error.empty())
      options_.error = std::string(name) + " must be " + std::string(expected) + ", not '" +
                       std::string(value) + "'";
  }

  void Seeds(std::string_view name, const std::string& text) {
    size_t dash = text.find('-');
    std::string_view all = text;
    auto first = Number(all.substr(0, dash));
    auto last = dash == std::string::npos ? first : Number(all.substr(dash + 1));
    if (!first || !last || *last < *first) {
      Bad(name, text, "a number, or A-B with B not less than A");
      return;
    }
    options_.first = *first;
    options_.last = *last;
    options_.many = dash != std::string::npos;
  }

  // A profile, k=v,…, or both.
  void TakeFaults(const std::string& text) {
    std::string_view rest = text;
    size_t comma = rest.find(',');
    if (rest.substr(0, comma).find('=') == std::string_view::npos) {
      options_.profile = std::string(rest.substr(0, comma));
      rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    } else {
      options_.profile = "none";
    }
    sim::Levels levels{};
    if (!sim::Draw(options_.profile, 1, &levels)) {
      Bad("--faults", options_.profile, "a profile (" + sim::Profiles() + ") or k=v,…");
      return;
    }
    if (std::string wrong = sim::ParseLevels(rest, &levels); !wrong.empty())
      options_.error = "--faults: " + wrong;
    options_.own_levels = std::string(rest);
  }

  void Time(const std::string& text) {
    constexpr std::pair<std::string_view, uint64_t> kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"min", 60'000}, {"m", 60'000}, {"h", 3'600'000}};
    for (auto [unit, ms] : kUnits) {
      if (!text.ends_with(unit)) continue;
      auto number = Number(std::string_view(text).substr(0, text.size() - unit.size()));
      constexpr uint64_t kMost = 10'000;
      if (!number || *number == 0 || *number > kMost * 3'600'000 / ms) break;
      options_.time_ms = *number * ms;
      return;
    }
    Bad("--time", text, "a time as 500ms, 30s, 10m or 1h, at most 10000h");
  }

  void Keep(const std::string& text) {
    options_.limited = true;
    std::string_view rest = text;
    while (!rest.empty()) {
      size_t comma = rest.find(',');
      auto number = Number(rest.substr(0, comma));
      if (!number) {
        Bad("--keep", text, "numbers of faults with commas between them, or nothing");
        return;
      }
      options_.keep.push_back(*number);
      rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    }
  }

  std::span<char*> arguments_;
  SimOptions options_;
  std::optional<std::string_view> attached_;
  size_t next_ = 0;
};

}  // namespace

SimOptions ParseSim(std::span<char*> arguments) {
  return Parser(arguments).Run();
}

const char* SimHelp() {
  return R"(Usage: sluice sim [options] scenario.js
       sluice sim [options] program.js program.js…

Runs programs on a simulated network, each as a host of the name of its file, with a simulated clock
that jumps when all of them wait. All that happens follows from a seed: latencies, faults, who runs
when, random numbers. A program that does not handle a fault fails with some seed, and with that
seed every time. A scenario names hosts, programs, links and checks (docs/simulate.md).

Options:
  --seed N           the seed (1)
  --seeds A-B        one run after another with each; stops at the first that fails
  --faults PROFILE   which faults a seed draws: none, calm (nothing gets lost or breaks), network
                     (the default), hosts (also crashes), all
  --faults K=V,…     these faults, or after a profile and a comma others than it has:
                     latency, spread, dnsdelay (ms); bandwidth (bytes a second); loss, split, short,
                     fewer, slow, queue, refused, dns, emfile, enobufs (chances of 0 to 1); rst,
                     forget, fin, cut, oneway, task, kill, crash, clock (a second); 0 is none
  --time TIME        of the simulation, as 30s, 10m, 1h (10m); it ends before where nothing is left
                     to happen, or all programs have ended
  --keep N,…         of the faults that are numbered only these happen
  --shrink           look for fewer faults with which the first failure stays
  --trace FILE       write every event to FILE
  --report FILE      write a time line of the last run to FILE, as HTML
  --date YYYY-MM-DD  the day at whose end the simulation begins (today)
  --quiet            print nothing of what the programs print
  -h, --help         print this text

Exit codes: 0 no failure; 1 a failure; 2 a wrong command line.
)";
}

}  // namespace sluice::cli
