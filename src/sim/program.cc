// What a host's program asks of its machine beside sockets: clocks, names, random numbers, output.
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

// No clock reads 0, which stands for none.
constexpr uint64_t kMonotonicStart = 1000 * kSecond;
// Who waits for a time without letting others run gets there too.
constexpr uint64_t kClockRead = 100;  // ns
constexpr double kMostWorkMs = 3;

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

bool MayWrite(std::string_view path) {
  std::string_view scratch = world->scratch;
  return !scratch.empty() && path.starts_with(scratch) &&
         (path.size() == scratch.size() || path[scratch.size()] == '/') &&
         path.find("/../") == std::string_view::npos && !path.ends_with("/..");
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
