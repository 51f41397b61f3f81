// Internal. WriteQueue: what a stream could not write yet.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sluice/socket.h"
#include "stream/splice_pipe.h"

namespace sluice {

// WriteQueue holds what the kernel did not take yet, as pieces of memory that are its own or
// borrowed. Loop thread.
class WriteQueue {
 public:
  bool empty() const { return bytes_ == 0; }
  size_t bytes() const { return bytes_; }
  // Append adds data at the end: a copy of it, or the caller's memory, which must stay until it is
  // dropped. Small copies share a block.
  void Append(std::span<const uint8_t> data, bool copy);
  // Peek fills parts with the first bytes and returns how many entries were filled.
  int Peek(iovec* parts, int capacity) const;
  // Drop takes bytes from the front; at most bytes().
  void Drop(size_t bytes);
  void Clear();

  // Carry makes a pipe the first of an empty queue: what is in it came from a socket that reads
  // nothing more while it waits here.
  void Carry(std::unique_ptr<SplicePipe> pipe, Ref<Socket> from);
  // carried returns that pipe while it holds bytes, or null: they go before those of Peek.
  SplicePipe* carried() const { return carried_.get(); }
  // DropCarried takes note that the kernel took so many bytes of it; returns the pipe once empty.
  std::unique_ptr<SplicePipe> DropCarried(size_t bytes);
  // TakeSource returns the socket that waits for the queue, once.
  Ref<Socket> TakeSource();

 private:
  struct Piece {
    const uint8_t* data;
    size_t size;
    size_t room;  // bytes of owned behind the data
    std::unique_ptr<uint8_t[]> owned;
  };
  std::vector<Piece> pieces_;
  size_t first_ = 0;   // index of the first piece that is not written out
  size_t offset_ = 0;  // bytes of it that are
  size_t bytes_ = 0;
  std::unique_ptr<SplicePipe> carried_;
  Ref<Socket> source_;
};

// QueueRest appends what comes after the first skip bytes of parts; it makes the queue if there is
// any.
void QueueRest(std::unique_ptr<WriteQueue>& queue, std::span<const std::span<const uint8_t>> parts,
               size_t skip, bool copy);

}  // namespace sluice
