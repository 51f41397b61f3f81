// What a host's program asks of its machine beside sockets: clocks, names, random numbers, output.
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

namespace fs = std::filesystem;

// No clock reads 0, which stands for none.
constexpr uint64_t kMonotonicStart = 1000 * kSecond;
// Who waits for a time without letting others run gets there too.
constexpr uint64_t kClockRead = 100;  // ns
constexpr double kMostWorkMs = 3;

// Where a path leads: .. and links in it are followed as the system does it, and if follow a link
// that it is itself. What is not there need not be.
fs::path RealPath(fs::path path, bool follow, std::error_code& error) {
  constexpr int kMostLinks = 40;
  for (int i = 0; i < kMostLinks && !error; ++i) {
    path = fs::absolute(path, error);
    fs::path name = path.filename();
    if (name.empty() || name == "." || name == "..") return fs::weakly_canonical(path, error);
    fs::path folder = fs::weakly_canonical(path.parent_path(), error);
    if (error) break;
    path = folder / name;
    std::error_code missing;
    if (!follow || !fs::is_symlink(fs::symlink_status(path, missing))) return path;
    path = folder / fs::read_symlink(path, error);
  }
  if (!error) error = std::make_error_code(std::errc::too_many_symbolic_link_levels);
  return {};
}

void Print(Host* host, std::string_view line) {
  char head[96] = "";
  if (world->names_output && world->line != host)
    std::snprintf(head, sizeof head, "%5" PRIu64 ".%06" PRIu64 " %s | ", world->now / kSecond,
                  world->now / kUs % 1'000'000, host->name.c_str());
  std::string text = world->line != nullptr && world->line != host ? "\n" : "";
  text += head;
  text += line;
  world->line = line.ends_with('\n') ? nullptr : host;
  [[maybe_unused]] ssize_t done = ::write(world->output_fd, text.data(), text.size());
}

}  // namespace

thread_local bool LibraryCall::active_ = false;

bool IsProgram() {
  return self != nullptr;
}

// A thread of a library, which is no task's, must not change anything.
uint64_t MonotonicNs() {
  if (self != nullptr) world->now += kClockRead;
  return kMonotonicStart + world->now;
}

double WallMs() {
  if (self != nullptr) world->now += kClockRead;
  double since = static_cast<double>(world->now) / kMs;
  int64_t offset = self != nullptr ? self->host->clock_offset : 0;
  return world->date + since + static_cast<double>(offset);
}

ssize_t Output(int fd, const void* data, size_t size) {
  std::string_view text(static_cast<const char*>(data), size);
  Host* host = self->host;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    Print(host, line);
    auto shown = static_cast<int>(std::min<size_t>(line.size() - (line.back() == '\n'), 300));
    world->trace.Add("print", "%s %d %.*s", host->name.c_str(), fd, shown, line.data());
  }
  return static_cast<ssize_t>(size);
}

std::string HostName() {
  return std::string(self->host->name);
}

int ProcessId() {
  return self->host->process;
}

double RandomUnit() {
  return world->secrets.Unit();
}

void RandomBytes(void* buffer, size_t size) {
  auto* bytes = static_cast<unsigned char*>(buffer);
  while (size > 0) {
    uint64_t number = world->secrets.Next();
    size_t count = std::min(size, sizeof number);
    std::memcpy(bytes, &number, count);
    bytes += count;
    size -= count;
  }
}

uint64_t WorkDelay() {
  uint64_t delay = std::exchange(world->name_delay, 0);
  return delay + static_cast<uint64_t>(world->random.Unit() * kMostWorkMs);
}

bool MayWrite(std::string_view path, bool follow) {
  if (world->scratch.empty() || path.empty() || path.find('\0') != path.npos) return false;
  std::error_code error;
  std::string scratch = fs::canonical(std::string_view(world->scratch), error).string();
  if (error) return false;
  std::string real = RealPath(path, follow, error).string();
  return !error && (real == scratch || real.starts_with(scratch + '/'));
}

std::string FaultLevels() {
  Levels levels{};
  for (size_t i = 0; i < kFaults; ++i) levels[i] = world->faults.level(static_cast<Fault>(i));
  return WriteLevels(levels);
}

uint64_t Seed() {
  return world->seed;
}

}  // namespace sluice::sim
