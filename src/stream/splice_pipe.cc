#include "stream/splice_pipe.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr size_t kSimulated = 64 * 1024;

struct Spare final : LoopState {
  explicit Spare(Loop&) {}
  std::shared_ptr<int> count = std::make_shared<int>(0);
  std::unique_ptr<SplicePipe> pipe;
};

}  // namespace

SplicePipe::SplicePipe(std::shared_ptr<int> count) : count_(std::move(count)) {
  ++*count_;
}

SplicePipe::~SplicePipe() {
  --*count_;
  for (int end : ends_)
    if (end >= 0) sys::Close(end);
}

std::unique_ptr<SplicePipe> SplicePipe::Take(Loop& loop) {
  auto& spare = loop.State<Spare>();
  if (spare.pipe) return std::move(spare.pipe);
  if (*spare.count >= kMost) return nullptr;
  std::unique_ptr<SplicePipe> pipe(new SplicePipe(spare.count));
  int result = sys::Pipe(pipe->ends_, kCapacity);
  if (result < 0 && result != -ENOSYS) return nullptr;
  return pipe;
}

void SplicePipe::GiveBack(Loop& loop, std::unique_ptr<SplicePipe> pipe) {
  SLUICE_CHECK(pipe->bytes_ == 0);
  loop.State<Spare>().pipe = std::move(pipe);
}

ssize_t SplicePipe::Fill(int fd) {
  SLUICE_CHECK(bytes_ == 0);
  ssize_t count;
  if (ends_[0] >= 0) {
    count = sys::Splice(fd, ends_[1], kCapacity);
  } else {
    simulated_.resize(kSimulated);
    count = sys::Receive(fd, simulated_.data(), simulated_.size());
    simulated_.resize(count > 0 ? static_cast<size_t>(count) : 0);
  }
  if (count > 0) bytes_ = static_cast<size_t>(count);
  return count;
}

ssize_t SplicePipe::Empty(int fd) {
  ssize_t count = ends_[0] >= 0 ? sys::Splice(ends_[0], fd, bytes_)
                                : sys::Send(fd, simulated_.data(), simulated_.size());
  if (count <= 0) return count;
  bytes_ -= static_cast<size_t>(count);
  if (!simulated_.empty()) simulated_.erase(simulated_.begin(), simulated_.begin() + count);
  return count;
}

}  // namespace sluice
