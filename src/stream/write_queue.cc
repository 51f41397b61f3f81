#include "stream/write_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/mutant.h"

namespace sluice {
namespace {

constexpr size_t kBlockSize = 4 * 1024;
// Written-out pieces are erased this many at a time, so that a queue that never runs empty stays
// small and erasing stays cheap.
constexpr size_t kCompactAfter = 64;

}  // namespace

void WriteQueue::Append(std::span<const uint8_t> data, bool copy) {
  if (data.empty()) return;
  bytes_ += data.size();
  if (!copy) {
    pieces_.push_back({data.data(), data.size(), 0, nullptr});
    if (Mutant(11) && pieces_.size() > first_ + 2)
      std::swap(pieces_.back(), pieces_[pieces_.size() - 2]);
    return;
  }
  if (first_ < pieces_.size() && pieces_.back().room >= data.size()) {
    Piece& last = pieces_.back();
    std::memcpy(last.owned.get() + last.size, data.data(), data.size());
    last.size += data.size();
    last.room -= data.size();
    return;
  }
  // A lone piece gets just its size; a block is for a queue that grows.
  size_t size = pieces_.empty() ? data.size() : std::max(data.size(), kBlockSize);
  auto owned = std::make_unique_for_overwrite<uint8_t[]>(size);
  std::memcpy(owned.get(), data.data(), data.size());
  const uint8_t* start = owned.get();
  pieces_.push_back({start, data.size(), size - data.size(), std::move(owned)});
}

int WriteQueue::Peek(iovec* parts, int capacity) const {
  int count = 0;
  size_t offset = offset_;
  for (size_t i = first_; i < pieces_.size() && count < capacity; ++i) {
    parts[count].iov_base = const_cast<uint8_t*>(pieces_[i].data + offset);
    parts[count].iov_len = pieces_[i].size - offset;
    offset = 0;
    ++count;
  }
  return count;
}

void WriteQueue::Drop(size_t bytes) {
  SLUICE_CHECK(bytes <= bytes_);
  bytes_ -= bytes;
  while (bytes > 0) {
    Piece& piece = pieces_[first_];
    size_t step = std::min(bytes, piece.size - offset_);
    bytes -= step;
    offset_ += step;
    if (offset_ < piece.size) break;
    piece.owned.reset();
    piece.room = 0;
    offset_ = 0;
    ++first_;
  }
  if (bytes_ == 0) {
    Clear();
  } else if (first_ >= kCompactAfter && first_ >= pieces_.size() / 2) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void WriteQueue::Clear() {
  pieces_.clear();
  first_ = offset_ = bytes_ = 0;
}

void WriteQueue::Carry(std::unique_ptr<SplicePipe> pipe, Ref<Socket> from) {
  SLUICE_CHECK(empty() && pipe->bytes() > 0);
  bytes_ = pipe->bytes();
  carried_ = std::move(pipe);
  source_ = std::move(from);
}

std::unique_ptr<SplicePipe> WriteQueue::DropCarried(size_t bytes) {
  SLUICE_CHECK(carried_ != nullptr && bytes <= bytes_);
  bytes_ -= bytes;
  return carried_->bytes() == 0 ? std::move(carried_) : nullptr;
}

Ref<Socket> WriteQueue::TakeSource() {
  return std::exchange(source_, {});
}

void QueueRest(std::unique_ptr<WriteQueue>& queue, std::span<const std::span<const uint8_t>> parts,
               size_t skip, bool copy) {
  for (auto part : parts) {
    size_t taken = std::min(skip, part.size());
    skip -= taken;
    if (taken == part.size()) continue;
    if (!queue) queue = std::make_unique<WriteQueue>();
    queue->Append(part.subspan(taken), copy);
  }
}

}  // namespace sluice
