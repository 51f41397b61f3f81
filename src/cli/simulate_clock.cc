// OpenSSL reads the clock by these functions of the C library. Where the command defines them, that
// finds these: in a simulation they tell its time.
#include <sys/time.h>
#include <time.h>

#include "sim/calls.h"

extern "C" {

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
}
