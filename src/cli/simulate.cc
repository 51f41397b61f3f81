// Seeds one after another, and what is told of them.
#include "cli/simulate.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>

#include "engine/version.h"

namespace sluice::cli {
namespace {

constexpr uint64_t kTwiceEach = 20;  // of so many seeds one is run twice
constexpr size_t kMostHappened = 30;
constexpr int kBadUsage = 2;  // exit code

// Text is a file without a name, for what is shown only where a run fails.
class Text {
 public:
  Text() : fd_(memfd_create("sluice sim", MFD_CLOEXEC)) {}
  ~Text() {
    if (fd_ >= 0) close(fd_);
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  int fd() const { return fd_; }
  std::string Read() const {
    std::string all(static_cast<size_t>(lseek(fd_, 0, SEEK_END)), '\0');
    ssize_t count = pread(fd_, all.data(), all.size(), 0);
    all.resize(count > 0 ? static_cast<size_t>(count) : 0);
    return all;
  }

 private:
  int fd_;
};

// Whether there may be a file of that name: nobody shall wait for a run that cannot be kept.
bool MayWrite(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "a");
  if (file == nullptr)
    std::fprintf(stderr, "sluice: cannot write %s: %s\n", path.c_str(), std::strerror(errno));
  return file != nullptr && std::fclose(file) == 0;
}

bool WriteFile(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  bool ok = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && ok;
}

std::string Seconds(uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f s", static_cast<double>(ns) / 1e9);
  return text;
}

std::string Today() {
  char text[16];
  time_t now = std::time(nullptr);
  tm day{};
  gmtime_r(&now, &day);
  std::strftime(text, sizeof text, "%Y-%m-%d", &day);
  return text;
}

class Sweep {
 public:
  Sweep(const SimOptions& options, const HostRunner& run) : options_(options), run_(run) {
    if (options_.date.empty()) options_.date = Today();
  }

  int Do() {
    auto began = std::chrono::steady_clock::now();
    for (const std::string& file : {options_.trace, options_.report})
      if (!file.empty() && !MayWrite(file)) return kBadUsage;
    for (uint64_t seed = options_.first;; ++seed) {
      if (!One(seed)) return 1;
      if (seed == options_.last) break;
    }
    bool unreached = options_.many && !AllReached();
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%s: %" PRIu64 " seed%s, %" PRIu64 " events, %s simulated in %.2f s\n",
                unreached ? "FAILED" : "ok", options_.last - options_.first + 1,
                options_.many ? "s" : "", events_, Seconds(time_).c_str(), took.count());
    if (!running_.empty()) std::printf("not ended: %s\n", running_.c_str());
    if (!options_.many) std::printf("trace hash %016" PRIx64 "\n", hash_);
    return unreached ? 1 : 0;
  }

 private:
  Plan PlanFor(uint64_t seed) const {
    Plan plan;
    plan.seed = seed;
    (void)sim::Draw(options_.profile, seed, &plan.levels);
    (void)sim::ParseLevels(options_.own_levels, &plan.levels);
    plan.limited = options_.limited;
    plan.keep = options_.keep;
    return plan;
  }

  // Returns whether the seed passed.
  bool One(uint64_t seed) {
    Plan plan = PlanFor(seed);
    Text output, trace;
    bool live = !options_.many && !options_.quiet;
    plan.output_fd = live ? STDOUT_FILENO : output.fd();
    bool traced = !options_.trace.empty() || !options_.report.empty();
    if (traced) plan.trace_fd = trace.fd();
    Outcome outcome = RunSeed(options_, plan, run_);
    if (outcome.failure.empty() && options_.many && seed % kTwiceEach == 0) {
      Plan again = plan;
      again.trace_fd = -1;
      if (RunSeed(options_, again, run_).hash != outcome.hash)
        outcome.failure = "ERR_SIM_DIVERGED: two runs of this seed differ";
    }
    events_ += outcome.events;
    time_ += outcome.now;
    hash_ = outcome.hash;
    if (!options_.many) running_ = outcome.running;
    for (auto& claim : outcome.claims) {
      auto& [kind, held] = claims_[claim.name];
      kind = claim.kind;
      held += claim.held > 0 ? 1 : 0;
    }
    bool failed = !outcome.failure.empty();
    if (failed && !live && !options_.quiet) std::fputs(output.Read().c_str(), stdout);
    if (failed) {
      Tell(plan, outcome);
      if (options_.shrink) {
        plan = Shrink(options_, plan, outcome, run_);
        if (traced && ftruncate(trace.fd(), 0) == 0) lseek(trace.fd(), 0, SEEK_SET);
        plan.output_fd = output.fd();
        if (traced) plan.trace_fd = trace.fd();
        outcome = RunSeed(options_, plan, run_);
        std::printf("with the fewest faults that were found:\n");
        Tell(plan, outcome);
      }
    }
    return Save(trace, outcome, seed) && !failed;
  }

  bool Save(const Text& trace, const Outcome& outcome, uint64_t seed) {
    if (!options_.trace.empty() && !WriteFile(options_.trace, trace.Read())) {
      std::fprintf(stderr, "sluice: cannot write %s\n", options_.trace.c_str());
      return false;
    }
    if (options_.report.empty()) return true;
    std::string wrong =
        WriteReport(options_.report, trace.Read(), outcome, "seed " + std::to_string(seed));
    if (!wrong.empty()) std::fprintf(stderr, "sluice: %s\n", wrong.c_str());
    return wrong.empty();
  }

  void Tell(const Plan& plan, const Outcome& outcome) const {
    std::string levels = sim::WriteLevels(plan.levels);
    const js::Versions& versions = js::GetVersions();
    std::printf("FAILED: seed %" PRIu64 " after %s: %s\n", plan.seed, Seconds(outcome.now).c_str(),
                outcome.failure.c_str());
    std::printf("  build   sluice %s, JavaScriptCore %s\n  faults  %s\n", versions.sluice,
                versions.jsc.c_str(), levels.empty() ? "none" : levels.c_str());
    size_t count = outcome.happened.size();
    for (size_t i = 0; i < count && i < kMostHappened; ++i) {
      auto& one = outcome.happened[i];
      std::printf("  %-7s %" PRIu64 ": %s %s at %s\n", i == 0 ? "of them" : "", one.number,
                  one.fault.c_str(), one.where.c_str(), Seconds(one.time).c_str());
    }
    if (count > kMostHappened) std::printf("          … %zu in all\n", count);
    std::printf("  again   sluice sim --seed %" PRIu64 " --faults %s --date %s", plan.seed,
                levels.empty() ? "none" : levels.c_str(), options_.date.c_str());
    if (options_.time_ms != SimOptions{}.time_ms)
      std::printf(" --time %" PRIu64 "ms", options_.time_ms);
    if (plan.limited) {
      std::printf(" --keep %s", plan.keep.empty() ? "0" : "");
      for (size_t i = 0; i < plan.keep.size(); ++i)
        std::printf("%s%" PRIu64, i > 0 ? "," : "", plan.keep[i]);
    }
    for (const std::string& program : options_.programs) std::printf(" %s", program.c_str());
    std::printf("\n  trace   %016" PRIx64 "\n", outcome.hash);
  }

  // What should have held with some seed, or been reached.
  bool AllReached() const {
    bool all = true;
    for (auto& [name, state] : claims_) {
      auto [kind, held] = state;
      if (kind == 0) continue;
      std::printf("%s %s: with %" PRIu64 " of %" PRIu64 " seeds\n",
                  kind == 1 ? "sometimes" : "reachable", name.c_str(), held,
                  options_.last - options_.first + 1);
      if (held == 0) all = false;
    }
    return all;
  }

  SimOptions options_;
  const HostRunner& run_;
  uint64_t events_ = 0, time_ = 0, hash_ = 0;
  std::string running_;
  std::map<std::string, std::pair<int, uint64_t>> claims_;
};

}  // namespace

int Simulate(const SimOptions& options, const HostRunner& run) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  return Sweep(options, run).Do();
}

}  // namespace sluice::cli
