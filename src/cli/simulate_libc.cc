// Functions of the C library by which other libraries read clocks and random numbers. Where the
// command defines them, those libraries find these: in a simulation they tell what it says.
#include <dlfcn.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <cstring>

#include "cli/simulate.h"
#include "sim/calls.h"

namespace {

template <class Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// What the engine measures by the clock is no matter of the simulation.
int SimulatedClock(clockid_t id, timespec* out) {
  static auto* const real = Real<int(clockid_t, timespec*)>("clock_gettime");
  if (!sluice::sim::LibraryCall::Active()) return real(id, out);
  uint64_t ns = sluice::sim::MonotonicNs();
  out->tv_sec = static_cast<time_t>(ns / 1'000'000'000);
  out->tv_nsec = static_cast<long>(ns % 1'000'000'000);
  return 0;
}

int FirstClock(clockid_t id, timespec* out);

// Outside of a simulation a call costs one jump.
std::atomic<int (*)(clockid_t, timespec*)> clock_function = FirstClock;

int FirstClock(clockid_t id, timespec* out) {
  auto* real = Real<int(clockid_t, timespec*)>("clock_gettime");
  clock_function.store(real, std::memory_order_relaxed);
  return real(id, out);
}

ssize_t ReadRandom(void*, char* buffer, size_t size) {
  sluice::sim::RandomBytes(buffer, size);
  return static_cast<ssize_t>(size);
}

}  // namespace

namespace sluice::cli {

void SimulateClocks() {
  clock_function.store(SimulatedClock, std::memory_order_relaxed);
}

}  // namespace sluice::cli

extern "C" {

int clock_gettime(clockid_t id, timespec* out) {
  return clock_function.load(std::memory_order_relaxed)(id, out);
}

time_t time(time_t* out) {
  timespec now{};
  if (sluice::sim::Active() && sluice::sim::IsProgram()) {
    now.tv_sec = static_cast<time_t>(sluice::sim::WallMs() / 1000);
  } else {
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
  }
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(timeval* out, void*) {
  timespec now{};
  if (sluice::sim::Active() && sluice::sim::IsProgram()) {
    auto us = static_cast<int64_t>(sluice::sim::WallMs() * 1000);
    now.tv_sec = us / 1'000'000;
    now.tv_nsec = us % 1'000'000 * 1000;
  } else {
    clock_gettime(CLOCK_REALTIME, &now);
  }
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

// c-ares makes the numbers of its questions of what it reads by one of those that follow.
std::FILE* fopen(const char* path, const char* mode) {
  static auto* const real = Real<std::FILE*(const char*, const char*)>("fopen");
  if (!sluice::sim::LibraryCall::Active() || std::strcmp(path, "/dev/urandom") != 0)
    return real(path, mode);
  return fopencookie(nullptr, "r", {ReadRandom, nullptr, nullptr, nullptr});
}

ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  static auto* const real = Real<ssize_t(void*, size_t, unsigned)>("getrandom");
  return sluice::sim::LibraryCall::Active() ? ReadRandom(nullptr, static_cast<char*>(buffer), size)
                                            : real(buffer, size, flags);
}

int getentropy(void* buffer, size_t size) {
  static auto* const real = Real<int(void*, size_t)>("getentropy");
  if (!sluice::sim::LibraryCall::Active()) return real(buffer, size);
  ReadRandom(nullptr, static_cast<char*>(buffer), size);
  return 0;
}

// Called by what was built with a C library that has it, from glibc 2.36 on.
void arc4random_buf(void* buffer, size_t size) {
  static auto* const real = Real<void(void*, size_t)>("arc4random_buf");
  if (!sluice::sim::LibraryCall::Active()) return real(buffer, size);
  ReadRandom(nullptr, static_cast<char*>(buffer), size);
}
}
