// One run of a simulation: a process for each host, and this one, which starts and ends them.
#include <fcntl.h>
#include <openssl/rand.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>

#include "base/check.h"
#include "base/libc.h"
#include "cli/simulate.h"
#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::cli {
namespace {

using sim::Host;
using sim::HostState;
using sim::world;

// Real time without a turn of any loop after which a program is taken to hang.
constexpr int kStuckMs = 60'000;

int FillRandom(unsigned char* bytes, int size) {
  sim::RandomBytes(bytes, static_cast<size_t>(size));
  return 1;
}

int Seeded() {
  return 1;
}

// OpenSSL takes its random numbers from the seed. Its newer way would be a provider for each
// library context; this one holds for all.
void SeedOpenSsl() {
  static RAND_METHOD method{};
  method.bytes = method.pseudorand = FillRandom;
  method.status = Seeded;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  RAND_set_rand_method(&method);
#pragma GCC diagnostic pop
}

// The end of a day: what was made on it, as certificates, is valid then.
double DateMs(const std::string& date) {
  tm day{};
  strptime(date.c_str(), "%Y-%m-%d", &day);
  constexpr double kDayMs = 24 * 3600 * 1000;
  return static_cast<double>(timegm(&day)) * 1000 + kDayMs;
}

class Run {
 public:
  Run(const SimOptions& options, const Plan& plan, const HostRunner& run)
      : options_(options), plan_(plan), run_(run) {}

  Outcome Do() {
    Prepare();
    Continue();
    while (!over_) Wait();
    Finish();
    return Collect();
  }

 private:
  void Prepare() {
    sim::Arena::Open();
    world = sim::Make<sim::World>(plan_.seed, plan_.levels, options_.time_ms * sim::kMs);
    world->secrets = sim::Random(plan_.seed ^ 0x5eed);
    world->date = DateMs(options_.date);
    world->trace.fd = plan_.trace_fd;
    world->output_fd = plan_.output_fd;
    world->wake_fd = wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    SLUICE_CHECK(wake_ >= 0);
    std::string scratch = (std::filesystem::temp_directory_path() / "sluice-sim-XXXXXX").string();
    if (mkdtemp(scratch.data()) != nullptr) world->scratch = sim::String(scratch);
    if (plan_.limited) {
      world->faults.Allow(0);
      for (uint64_t number : plan_.keep) world->faults.Allow(number);
    }
    for (const std::string& program : options_.programs) {
      Host* host = sim::NewHost(std::filesystem::path(program).stem().string());
      host->arguments.emplace_back(program);
      world->wishes.push_back({sim::Wish::Kind::kStart, host});
    }
    for (size_t i = 0; i < sim::kFaults; ++i) sim::Occasion(static_cast<sim::Fault>(i));
  }

  // Gives the token on, with what is wished before. Where somebody has it, nothing of the world may
  // be looked at.
  void Continue() {
    do {
      GrantWishes();
      if (sim::Pass()) return;
    } while (!world->over);
    over_ = true;
  }

  void GrantWishes() {
    while (!world->wishes.empty()) {
      sim::Wish wish = world->wishes.front();
      world->wishes.pop_front();
      if (wish.kind == sim::Wish::Kind::kKill)
        End(wish.host);
      else if (wish.host->state != HostState::kUp && wish.host->real == 0)
        Start(wish.host);
    }
  }

  void Start(Host* host) {
    host->state = HostState::kUp;
    host->expected = false;
    ++host->runs;
    world->trace.Add("start", "%s", host->name.c_str());
    sim::Thread* thread = sim::NewThread();
    thread->host = host;
    thread->main = true;
    std::fflush(nullptr);
    pid_t pid = fork();
    SLUICE_CHECK(pid >= 0);
    if (pid == 0) Become(host, thread);
    host->real = pid;
    pidfds_[host] = libc::PidfdOpen(pid, 0);
  }

  [[noreturn]] void Become(Host* host, sim::Thread* thread) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = ::open("/dev/null", O_RDONLY);
    if (null > 0) dup2(null, 0);
    // Times are printed as of no place in particular.
    setenv("TZ", "UTC", 1);
    for (auto& [name, value] : host->environment) setenv(name.c_str(), value.c_str(), 1);
    // What a host wrote stays when it starts again; no other sees it.
    std::string folder = std::string(world->scratch) + "/" + std::string(host->name);
    std::error_code ignored;
    std::filesystem::create_directory(folder, ignored);
    setenv("TMPDIR", folder.c_str(), 1);
    std::vector<std::string> arguments;
    for (auto& one : host->arguments) arguments.emplace_back(one);
    sim::EnterThread(thread);
    SeedOpenSsl();
    SimulateClocks();
    std::_Exit(run_(arguments));
  }

  void End(Host* host) {
    if (host->real == 0) return;
    kill(host->real, SIGKILL);
    Reap(host);
  }

  void Reap(Host* host) {
    int status = 0;
    while (waitpid(host->real, &status, 0) < 0 && errno == EINTR) {
    }
    close(pidfds_[host]);
    pidfds_.erase(host);
    host->real = 0;
    host->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void Wait() {
    std::vector<pollfd> fds{{wake_, POLLIN, 0}};
    std::vector<Host*> hosts;
    for (auto& [host, fd] : pidfds_) {
      fds.push_back({fd, POLLIN, 0});
      hosts.push_back(host);
    }
    uint64_t before = world->turns;
    int ready = poll(fds.data(), fds.size(), kStuckMs);
    if (ready == 0 && world->turns == before) {
      Host* host = world->running != nullptr ? world->running->host : nullptr;
      sim::Fail("the program of " + (host != nullptr ? std::string(host->name) : "a host") +
                " does not come back to its loop");
      over_ = true;
      return;
    }
    for (size_t i = 0; i < hosts.size(); ++i)
      if (fds[i + 1].revents != 0) OnExit(hosts[i]);
    if ((fds[0].revents & POLLIN) == 0) return;
    uint64_t count;
    if (::read(wake_, &count, sizeof count) == sizeof count) Continue();
  }

  // The process of a host ended, by itself, while it had the token.
  void OnExit(Host* host) {
    Reap(host);
    world->trace.Add("exit", "%s code %d", host->name.c_str(), host->code);
    sim::Stop(host, false);
    if (host->code != 0)
      sim::Fail(std::string(host->name) +
                (host->code > 128 ? " was ended by signal " + std::to_string(host->code - 128)
                                  : " ended with exit code " + std::to_string(host->code)));
    Continue();
  }

  void Finish() {
    for (Host* host : world->hosts) {
      bool running = host->state == HostState::kUp;
      if (running) running_ += (running_.empty() ? "" : ", ") + std::string(host->name);
      // A fault may have brought back what had ended.
      if (host->must_end && running && host->runs == 1 && world->failure.empty())
        world->failure = host->name + sim::String(" has not ended");
    }
    while (!pidfds_.empty()) End(pidfds_.begin()->first);
    world->trace.Flush();
    close(wake_);
    std::error_code ignored;
    if (!world->scratch.empty())
      std::filesystem::remove_all(std::filesystem::path(std::string(world->scratch)), ignored);
  }

  Outcome Collect() {
    Outcome outcome;
    outcome.failure = std::string(world->failure);
    outcome.hash = world->trace.hash();
    outcome.events = world->trace.events();
    outcome.turns = world->turns;
    outcome.now = world->now;
    outcome.running = running_;
    for (auto& one : world->faults.occurred())
      outcome.happened.push_back(
          {one.number, one.time, sim::NameOf(one.fault), std::string(one.where)});
    for (auto& [name, check] : world->checks)
      outcome.claims.push_back(
          {std::string(name), static_cast<int>(check.kind), check.reached, check.held});
    world = nullptr;
    return outcome;
  }

  const SimOptions& options_;
  const Plan& plan_;
  const HostRunner& run_;
  int wake_ = -1;
  bool over_ = false;
  std::string running_;
  std::map<Host*, int> pidfds_;
};

}  // namespace

Outcome RunSeed(const SimOptions& options, const Plan& plan, const HostRunner& run) {
  return Run(options, plan, run).Do();
}

}  // namespace sluice::cli
