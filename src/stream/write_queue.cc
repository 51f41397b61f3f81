#include <sys/uio.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "sluice/socket.h"

namespace sluice {

void WriteQueue::Append(std::span<const uint8_t> data, bool copy) {
  if (data.empty()) return;
  Piece piece{data.data(), data.size(), nullptr};
  if (copy) {
    piece.owned = std::make_unique_for_overwrite<uint8_t[]>(data.size());
    std::memcpy(piece.owned.get(), data.data(), data.size());
    piece.data = piece.owned.get();
  }
  pieces_.push_back(std::move(piece));
  bytes_ += data.size();
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
    offset_ = 0;
    ++first_;
  }
  if (bytes_ == 0) Clear();
}

void WriteQueue::Clear() {
  pieces_.clear();
  first_ = offset_ = bytes_ = 0;
}

}  // namespace sluice
