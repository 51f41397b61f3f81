#include "sys/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "sys/sys.h"

namespace sluice::sys {
namespace {

constexpr int kSignals = 65;

int signal_pipe[2] = {-1, -1};
struct sigaction before[kSignals];
bool caught[kSignals];
std::atomic<uint64_t> arrived[kSignals];

// Runs on any thread, between any two instructions. A full pipe loses the signal, which only
// happens with thousands of signals that nobody read.
void Forward(int number) {
  int saved = errno;
  arrived[number].fetch_add(1, std::memory_order_relaxed);
  auto byte = static_cast<uint8_t>(number);
  [[maybe_unused]] ssize_t count = write(signal_pipe[1], &byte, 1);
  errno = saved;
}

}  // namespace

int SignalPipe() {
  if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) != 0) return -errno;
  return signal_pipe[0];
}

int CatchSignal(int number) {
  if (number <= 0 || number >= kSignals) return -EINVAL;
  if (caught[number]) return 0;
  if (int fd = SignalPipe(); fd < 0) return fd;
  struct sigaction action = {};
  action.sa_handler = Forward;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  if (sigaction(number, &action, &before[number]) != 0) return -errno;
  caught[number] = true;
  return 0;
}

int ReleaseSignal(int number) {
  if (number <= 0 || number >= kSignals || !caught[number]) return -EINVAL;
  caught[number] = false;
  return sigaction(number, &before[number], nullptr) != 0 ? -errno : 0;
}

int Kill(pid_t process, int number, const grant::Grant& grant) {
  if (grant.error() != 0) return grant.error();
  return kill(process, number) == 0 ? 0 : -errno;
}

bool IsCaught(int number) {
  return caught[number];
}

uint64_t CaughtSignals(int number) {
  return arrived[number].load(std::memory_order_relaxed);
}

size_t ReadSignals(std::span<uint8_t> numbers) {
  if (signal_pipe[0] < 0) return 0;
  ssize_t count = Read(signal_pipe[0], numbers.data(), numbers.size());
  return count > 0 ? static_cast<size_t>(count) : 0;
}

}  // namespace sluice::sys
