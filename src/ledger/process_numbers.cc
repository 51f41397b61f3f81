#include "ledger/process_numbers.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <mutex>

#include "ledger/json.h"
#include "ledger/registry.h"
#include "sys/sys.h"

namespace sluice {
namespace {

uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t ListDescriptors() {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  uint64_t count = 0;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  constexpr uint64_t kNoDescriptors = 3;  // ".", ".." and the folder's own
  return count > kNoDescriptors ? count - kNoDescriptors : 0;
}

// The kernel tells the number since 6.2 (proc(5)). Before, each descriptor is looked up, which
// takes 10 ms for 10,000 of them: not at every scrape.
uint64_t OpenDescriptors() {
  constexpr uint64_t kFreshMs = 10'000;
  static std::mutex mutex;
  static uint64_t known = 0, listed_ms = 0;
  struct stat status;
  if (stat("/proc/self/fd", &status) == 0 && status.st_size > 0)
    return static_cast<uint64_t>(status.st_size);
  std::lock_guard lock(mutex);
  uint64_t now = sys::MonotonicMs();
  if (listed_ms == 0 || now - listed_ms >= kFreshMs) {
    known = ListDescriptors();
    listed_ms = now;
  }
  return known;
}

}  // namespace

ProcessNumbers ReadProcess() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return {OpenDescriptors(), limit.rlim_cur, ResidentBytes(),
          seconds(usage.ru_utime) + seconds(usage.ru_stime),
          WallClock().At(Registry::Instance().began_ms()) / 1e3};
}

}  // namespace sluice
