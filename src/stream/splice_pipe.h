// Internal. SplicePipe: bytes on their way from one socket to another, within the kernel.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sluice/loop.h"

namespace sluice {

// SplicePipe holds bytes in a pipe of the kernel, where splice(2) moves them from and to sockets
// without copies. In a simulation it holds them in memory. Loop thread.
class SplicePipe {
 public:
  // How many bytes one holds at most, and how many of them a loop has at a time: each is two
  // descriptors, and a user's large pipes together have a limit (pipe(7)).
  static constexpr size_t kCapacity = 1024 * 1024;
  static constexpr int kMost = 16;

  // Take returns an empty one; null: the loop has kMost, or there is no descriptor for it.
  static std::unique_ptr<SplicePipe> Take(Loop& loop);
  // GiveBack keeps an empty one for the loop's next Take.
  static void GiveBack(Loop& loop, std::unique_ptr<SplicePipe> pipe);

  ~SplicePipe();
  SplicePipe(const SplicePipe&) = delete;
  SplicePipe& operator=(const SplicePipe&) = delete;

  // Fill moves what a socket received into the empty pipe; returns how many bytes, 0 at the peer's
  // end, or -errno: -EAGAIN if nothing is there, -EINVAL where the socket cannot be spliced.
  ssize_t Fill(int fd);
  // Empty moves what is in it to a socket; returns how many bytes that took, or -errno.
  ssize_t Empty(int fd);
  // bytes returns how many are in it.
  size_t bytes() const { return bytes_; }

 private:
  explicit SplicePipe(std::shared_ptr<int> count);

  int ends_[2] = {-1, -1};  // what is read, what is written; none in a simulation
  size_t bytes_ = 0;
  std::vector<uint8_t> simulated_;
  std::shared_ptr<int> count_;  // of the loop's pipes
};

}  // namespace sluice
