#include "sluice/socket.h"

#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"
#include "base/mutant.h"
#include "ledger/capture.h"
#include "ledger/loop_ledger.h"
#include "stream/write_queue.h"
#include "sys/sys.h"

namespace sluice {
namespace {

// A peer that sends without end gets this many reads of a turn, or this many bytes, then the others
// have theirs.
constexpr int kReadsPerEvent = 8;
constexpr size_t kBytesPerEvent = 1024 * 1024;
// How much of what arrived before a failed write is read after it: more than fits into a receive
// buffer, so that only a peer that still sends meets it.
constexpr int kReadsAfterFailure = 1024;
constexpr int kPartsPerWrite = 64;
// What a read asks for. One that fills its buffer makes the next one larger; the kernel and both
// ends do less for a byte when many of them move at once.
constexpr size_t kReadSizes[] = {4 * 1024, Loop::kScratchSize, 1024 * 1024};

Transport TransportOf(const Address& address) {
  return address.is_ip() ? Transport::kTcp : Transport::kUnix;
}

}  // namespace

Socket::Socket(Loop& loop, int fd, StreamHandler* handler)
    : Stream(loop, handler), Watcher(loop, *this), fd_(fd), idle_from_(loop.now()) {
  SLUICE_CHECK(fd >= 0);
  ref();  // while open; CloseDescriptor lets go
}

Socket::~Socket() {
  SLUICE_CHECK(fd_ < 0);
}

Ref<Socket> Socket::Connect(Loop& loop, const Address& peer, const Address* local,
                            StreamHandler* handler, Error* error, const ConnectionOrigin& origin,
                            int bound) {
  int fd = bound;
  auto fail = [&](const char* operation, int number, const Address& address) {
    *error = Error::System(operation, -number, address.text());
    NoteUnborn(fd, {{}, 0, LoopLedger::Of(loop).task(), Side::kMade, TransportOf(peer)}, peer,
               CloseReason::Failed(-number), origin);
    if (fd >= 0) sys::Close(fd);
    return Ref<Socket>();
  };
  if (fd < 0) fd = sys::Socket(peer.family(), SOCK_STREAM);
  if (fd < 0) return fail("connect", fd, peer);
  if (local != nullptr) {
    (void)sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (int result = sys::Bind(fd, grant::ToBind(*local)); result < 0)
      return fail("bind", result, *local);
  }
  int result = sys::Connect(fd, grant::ToConnect(peer));
  if (result < 0 && result != -EINPROGRESS) return fail("connect", result, peer);
  Ref<Socket> socket(new Socket(loop, fd, handler));
  socket->connecting_ = true;
  socket->peer_ = PackedIp(peer);
  socket->Enter(loop, Side::kMade, TransportOf(peer), origin);
  socket->UpdateInterest();
  return socket;
}

Ref<Socket> Socket::Adopt(Loop& loop, int fd, StreamHandler* handler, const Address* peer,
                          const ConnectionOrigin& origin) {
  Ref<Socket> socket(new Socket(loop, fd, handler));
  ConnectionOrigin known = LoopLedger::Of(loop).Arrived(fd);
  Address found;
  if (peer != nullptr) {
    socket->peer_ = PackedIp(*peer);
    found = *peer;
  } else {
    struct stat status;
    socket->is_socket_ = fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    sys::SetNonBlocking(fd, true);
    if (socket->is_socket_) (void)sys::PeerAddress(fd, &found);
  }
  const ConnectionOrigin& begun = known.id != 0 ? known : origin;
  socket->proxied_ = begun.proxied;
  if (socket->is_socket_) socket->Enter(loop, Side::kAccepted, TransportOf(found), begun);
  socket->UpdateInterest();
  return socket;
}

// A byte moved: returns the time.
uint64_t Socket::Moved() {
  // Who has no limit does not pay for the clock.
  uint64_t now = idle_ms_ > 0 ? loop_.Refresh() : loop_.now();
  if (idle_reported_) {
    idle_reported_ = false;
    idle_timer_->SetAt(now + idle_ms_);
  }
  return now;
}

void Socket::DidRead(size_t count) {
  bytes_read_ += count;
  if (above() == nullptr) account().bytes_in.Add(count);
  NoteIn(Moved());
}

void Socket::DidWrite(size_t count) {
  bytes_written_ += count;
  if (above() == nullptr) account().bytes_out.Add(count);
  NoteOut(Moved());
}

size_t Socket::queued() const {
  return queue_ ? queue_->bytes() : 0;
}

void Socket::UpdateInterest() {
  if (fd_ < 0) return;
  uint32_t interest = Watcher::kErrors;
  if (connecting_ || (queued() > 0 && !Mutant(6))) interest |= Watcher::kWrite;
  if (!connecting_ && reading_ && !ended_ && !carry_waits_) interest |= Watcher::kRead;
  if (parked_ && interest == Watcher::kErrors) interest = 0;
  Watch(fd_, interest);
  UpdateHold();
}

void Socket::Resume() {
  if (reading_) return;
  reading_ = true;
  if (!ended_) parked_ = false;
  UpdateInterest();
}

void Socket::Pause() {
  reading_ = carry_waits_ = false;
  UpdateInterest();
}

void Socket::OnReady(uint32_t events) {
  if (fd_ < 0) return;
  if (connecting_) {
    FinishConnect(sys::SocketError(fd_));
    return;
  }
  if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0 && queued() > 0) {
    Flush();
    if (fd_ < 0) return;
  }
  if (reading_ && !ended_ && !carry_waits_) {
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
    uint64_t limit = bytes_read_ + kBytesPerEvent;
    int reads = 1;
    while (ReadSome() && reads < kReadsPerEvent && bytes_read_ < limit) ++reads;
  } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    HungUp(events);
  }
}

void Socket::OnWatchFailed(int error) {
  if (fd_ < 0) return;
  connecting_ ? FinishConnect(error) : Fail("epoll_ctl", error);
}

void Socket::FinishConnect(int number) {
  if (number != 0) {
    Error error = Error::System("connect", number, peer_.unpack().text());
    Note(number == ETIMEDOUT ? CloseReason::Of(CloseCode::kConnectTimeout)
                             : CloseReason::Failed(number));
    StreamHandler* handler = handler_;
    CloseDescriptor(false);
    handler->OnConnect(*this, error);
    return;
  }
  connecting_ = false;
  idle_from_ = Moved();
  Connected();
  UpdateInterest();
  handler_->OnConnect(*this, Error());
  // What was written and asked for meanwhile.
  if (fd_ >= 0 && queued() > 0) Flush();
  if (fd_ >= 0 && queued() == 0 && shutdown_wanted_ && !shutdown_done_) FinishShutdown();
}

// One read; returns whether there may be more to read now.
bool Socket::ReadSome() {
  if (carries_ && CarrySome()) return false;
  if (fd_ < 0 || !reading_ || ended_) return false;
  std::span<uint8_t> buffer = handler_->OnBuffer(*this, kReadSizes[read_size_]);
  if (fd_ < 0 || !reading_ || ended_) return false;
  if (buffer.empty()) {
    Fail("read", ENOBUFS);
    return false;
  }
  ssize_t count = is_socket_ ? sys::Receive(fd_, buffer.data(), buffer.size())
                             : sys::Read(fd_, buffer.data(), buffer.size());
  if (count == -EAGAIN) return false;
  // After a failed write a dead connection reads as ended; its error is what is reported.
  if (count <= 0 && pending_error_ != 0) return false;
  if (count == 0 || (count == -EIO && !is_socket_)) {  // a terminal whose other end is gone: EIO
    ended_ = true;
    if (above() == nullptr) Note(CloseReason::Of(CloseCode::kPeerEnd));
    UpdateInterest();
    handler_->OnEnd(*this);
    return false;
  }
  if (count < 0) {
    Fail("read", static_cast<int>(-count));
    return false;
  }
  DidRead(static_cast<size_t>(count));
  if (Capturing()) CaptureRead(buffer.first(static_cast<size_t>(count)));
  bool full = static_cast<size_t>(count) == buffer.size();
  if (full) {
    bool asked = buffer.size() >= kReadSizes[read_size_];
    if (asked && read_size_ + 1u < std::size(kReadSizes)) ++read_size_;
  } else {
    while (read_size_ > 0 && static_cast<size_t>(count) < kReadSizes[read_size_ - 1]) --read_size_;
  }
  if (Mutant(5) && count % 64 == 1) handler_->OnData(*this, buffer.first(1));
  handler_->OnData(*this, buffer.first(static_cast<size_t>(count)));
  return full && fd_ >= 0 && reading_ && !ended_;
}

// Errors and hang-ups while nobody reads. Bytes that arrived before a reset stay readable on
// Linux, so while there are any, the news waits until Resume.
void Socket::HungUp(uint32_t events) {
  if (ended_ && is_socket_ && (events & EPOLLERR) != 0) {
    // After the peer's end, reading goes on to say so; a reset that follows shows here alone, under
    // the name that a writer would get (EPIPE).
    int number = sys::SocketError(fd_);
    if (number != 0) {
      Fail("read", number == EPIPE ? ECONNRESET : number);
      return;
    }
  }
  uint8_t byte;
  ssize_t count = is_socket_ ? sys::Receive(fd_, &byte, 1, true) : 0;
  if (count < 0 && count != -EAGAIN) {
    Fail("read", static_cast<int>(-count));
    return;
  }
  parked_ = true;
  UpdateInterest();
}

ssize_t Socket::Send(const iovec* parts, int count) {
  if (is_socket_) {
    return count == 1 ? sys::Send(fd_, parts[0].iov_base, parts[0].iov_len)
                      : sys::SendVector(fd_, parts, count);
  }
  return sys::WriteVector(fd_, parts, count);
}

size_t Socket::TryWrite(std::span<const uint8_t> data) {
  if (fd_ < 0 || connecting_ || pending_error_ != 0 || queued() > 0 || data.empty()) return 0;
  iovec part{const_cast<uint8_t*>(data.data()), data.size()};
  return SendNow(&part, 1);
}

// Returns how many bytes the kernel took; a failure is reported later.
size_t Socket::SendNow(const iovec* parts, int count) {
  ssize_t written = Send(parts, count);
  if (written >= 0) {
    DidWrite(static_cast<size_t>(written));
    if (Capturing()) CaptureWritten({parts, static_cast<size_t>(count)}, written);
    return static_cast<size_t>(written) - (Mutant(8) && written > 1000 ? 1 : 0);
  }
  if (written != -EAGAIN) FailLater(static_cast<int>(-written));
  return 0;
}

void Socket::FailLater(int number) {
  pending_error_ = number;
  loop_.Post([self = Ref<Socket>(this)] {
    if (!self->closed()) self->FailWrite(self->pending_error_);
  });
}

bool Socket::Write(std::span<const std::span<const uint8_t>> parts, bool copy) {
  if (fd_ < 0) return false;
  if (above() == nullptr && pending_error_ == 0 && Refuses(parts)) {
    pending_error_ = ECONNABORTED;
    return false;
  }
  size_t skip = 0;  // bytes of parts that the kernel took
  if (queued() == 0 && !connecting_ && pending_error_ == 0) {
    iovec vector[kPartsPerWrite];
    int count = 0;
    for (auto part : parts) {
      if (part.empty()) continue;
      if (count == kPartsPerWrite) break;
      vector[count++] = {const_cast<uint8_t*>(part.data()), part.size()};
    }
    if (count > 0) skip = SendNow(vector, count);
  }
  size_t before = queued();
  QueueRest(queue_, parts, skip, copy);
  if (queued() == 0) return true;
  AddWaiting(queued() - before);
  if (before == 0) TellQueued(queued());
  drain_wanted_ = true;
  UpdateInterest();
  return false;
}

void Socket::Flush() {
  if (pending_error_ != 0) return;  // its report is posted
  while (queued() > 0) {
    if (queue_->carried() != nullptr) {
      if (!FlushCarried()) return;
      continue;
    }
    iovec parts[kPartsPerWrite];
    int count = queue_->Peek(parts, kPartsPerWrite);
    size_t offered = 0;
    for (int i = 0; i < count; ++i) offered += parts[i].iov_len;
    ssize_t written = Send(parts, count);
    if (written == -EAGAIN) return;
    if (written < 0) {
      FailWrite(static_cast<int>(-written));
      return;
    }
    DidWrite(static_cast<size_t>(written));
    if (Capturing()) CaptureWritten({parts, static_cast<size_t>(count)}, written);
    TakeWaiting(static_cast<uint64_t>(written));
    queue_->Drop(static_cast<size_t>(written) - (Mutant(1) && written > 1 ? 1 : 0));
    if (static_cast<size_t>(written) < offered) return;
  }
  Ref<Socket> source = queue_->TakeSource();
  queue_.reset();
  TellDrained();
  UpdateInterest();
  if (source) source->CarryOn();
  if (drain_wanted_) {
    drain_wanted_ = false;
    for (int i = Mutant(2) ? 0 : Mutant(3) ? 2 : 1; i > 0 && fd_ >= 0; --i)
      handler_->OnDrain(*this);
  }
  if (fd_ >= 0 && queued() == 0 && shutdown_wanted_ && !shutdown_done_) FinishShutdown();
}

void Socket::Shutdown() {
  if (fd_ < 0 || shutdown_wanted_) return;
  shutdown_wanted_ = true;
  if (above() == nullptr) Note(CloseReason::Of(CloseCode::kLocalEnd));
  if ((queued() > 0 && !Mutant(4)) || connecting_) return;
  // OnShutdown never runs inside the call that asks for it.
  (void)sys::ShutdownWrite(fd_);
  shutdown_done_ = true;
  loop_.Post([self = Ref<Socket>(this)] {
    if (!self->closed()) self->handler_->OnShutdown(*self);
  });
}

void Socket::FinishShutdown() {
  // ENOTCONN: the peer is gone, which reading reports.
  (void)sys::ShutdownWrite(fd_);
  shutdown_done_ = true;
  handler_->OnShutdown(*this);
}

void Socket::Fail(const char* operation, int number) {
  Ref<Socket> keep(this);
  Error error = Error::System(operation, number);
  StreamHandler* handler = handler_;
  Note(CloseReason::Failed(number));
  CloseDescriptor(false);
  handler->OnError(*this, error);
}

// What the peer sent before it went is still there (Linux keeps it after RST) and comes first. A
// paused stream is told at once: it may be paused until its bytes are written.
void Socket::FailWrite(int number) {
  pending_error_ = number;
  Ref<Socket> keep(this);
  for (int i = 0; i < kReadsAfterFailure && fd_ >= 0 && is_socket_ && reading_ && !ended_; ++i)
    if (!ReadSome()) break;
  if (fd_ >= 0 && !Mutant(10)) Fail("write", number);
}

void Socket::Abandon(bool reset) {
  if (fd_ < 0) return;
  // What the kernel holds for a peer that does not take it would be held on.
  CloseCode code = reason().code;
  reset |= code == CloseCode::kWriteLimit || code == CloseCode::kWriteStall;
  if (reset && is_socket_) sys::SetLingerZero(fd_);
  connecting_ ? FinishConnect(ECONNABORTED) : Fail("read", ECONNABORTED);
}

void Socket::Close() {
  CloseDescriptor(false);
}
void Socket::Reset() {
  Note(CloseReason::Of(CloseCode::kLocalReset));
  CloseDescriptor(true);
}

void Socket::CloseDescriptor(bool reset) {
  if (fd_ < 0) return;
  Finish();
  if (reset && is_socket_) sys::SetLingerZero(fd_);
  Unwatch(!Mutant(7));
  if (!Mutant(7)) sys::Close(fd_);
  fd_ = -1;
  Ref<Socket> source = queue_ ? queue_->TakeSource() : Ref<Socket>();
  queue_.reset();
  idle_timer_.reset();
  UpdateHold();
  if (source) source->CarryOn();
  loop_.NotifyDescriptorFreed();
  unref();
}

int Socket::Release() {
  if (fd_ < 0 || connecting_ || queued() > 0) return -1;
  Note(CloseReason::Of(CloseCode::kMoved));
  Finish();
  Unwatch();
  int fd = fd_;
  fd_ = -1;
  idle_timer_.reset();
  UpdateHold();
  unref();
  return fd;
}

void Socket::SetRef(bool on) {
  ref_wanted_ = on;
  UpdateHold();
}

// Nothing can come of an open socket that neither reads nor has anything to send.
void Socket::UpdateHold() {
  bool hold = ref_wanted_ && fd_ >= 0 && (connecting_ || (reading_ && !ended_) || queued() > 0);
  if (hold == held_) return;
  held_ = hold;
  hold ? loop_.Hold() : loop_.Release();
}

}  // namespace sluice
