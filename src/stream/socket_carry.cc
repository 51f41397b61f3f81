// How a socket carries what arrives to another one, within the kernel.
#include <cerrno>
#include <utility>

#include "base/switch.h"
#include "ledger/capture.h"
#include "sluice/socket.h"
#include "stream/splice_pipe.h"
#include "stream/write_queue.h"

namespace sluice {
namespace {

// Less than this at once costs more by a pipe, which takes a call more for it, than copied.
constexpr ssize_t kLeastCarried = 16 * 1024;

// Whether that failure is the connection's, and not that of a system that does not splice it.
bool OfConnection(int number) {
  return number != EINVAL && number != ENOSYS && number != EPERM && number != EOPNOTSUPP &&
         number != ENOMEM;
}

bool Wanted() {
  static const bool wanted = !TurnedOff("SLUICE_SPLICE");
  return wanted;
}

}  // namespace

void Socket::Carry() {
  carries_ = Wanted();
}

// Whether bytes may pass without being seen here.
bool Socket::Carries() const {
  return fd_ >= 0 && is_socket_ && above() == nullptr && limits() == nullptr && !Capturing();
}

bool Socket::TakesCarried() const {
  return Carries() && !connecting_ && pending_error_ == 0 && queued() == 0 && !shutdown_wanted_;
}

// In the place of a read; returns whether it was one, else the read follows.
bool Socket::CarrySome() {
  Ref<Socket> to(handler_->OnCarry(*this));
  if (fd_ < 0 || !reading_ || ended_) return true;
  auto pipe = to && Carries() && to->TakesCarried() ? SplicePipe::Take(loop_) : nullptr;
  if (!pipe) {
    carries_ = false;
    return false;
  }
  ssize_t count = pipe->Fill(fd_);
  if (count > 0) {
    if (count < kLeastCarried) carries_ = false;
    DidRead(static_cast<size_t>(count));
    to->TakeCarried(std::move(pipe), *this);
    return true;
  }
  SplicePipe::GiveBack(loop_, std::move(pipe));
  carries_ = false;
  // The end is told by the read that follows; so is what a failed write left to be read, and what
  // comes after an urgent byte, at which splice(2) stops. Another failure was taken off the socket.
  if (count == 0 || count == -EAGAIN || pending_error_ != 0 ||
      !OfConnection(static_cast<int>(-count)))
    return false;
  Fail("read", static_cast<int>(-count));
  return true;
}

void Socket::TakeCarried(std::unique_ptr<SplicePipe> pipe, Socket& from) {
  while (pipe->bytes() > 0) {
    ssize_t written = pipe->Empty(fd_);
    if (written < 0) {
      if (written != -EAGAIN) {
        FailLater(static_cast<int>(-written));
        return;
      }
      break;
    }
    DidWrite(static_cast<size_t>(written));
  }
  if (pipe->bytes() == 0) {
    SplicePipe::GiveBack(loop_, std::move(pipe));
    return;
  }
  size_t rest = pipe->bytes();
  if (!queue_) queue_ = std::make_unique<WriteQueue>();
  queue_->Carry(std::move(pipe), Ref<Socket>(&from));
  AddWaiting(rest);
  TellQueued(rest);
  drain_wanted_ = true;
  from.carry_waits_ = true;
  from.UpdateInterest();
  UpdateInterest();
}

// Returns whether the pipe at the front of the queue went out.
bool Socket::FlushCarried() {
  ssize_t written = queue_->carried()->Empty(fd_);
  if (written == -EAGAIN) return false;
  if (written < 0) {
    FailWrite(static_cast<int>(-written));
    return false;
  }
  DidWrite(static_cast<size_t>(written));
  TakeWaiting(static_cast<uint64_t>(written));
  if (auto empty = queue_->DropCarried(static_cast<size_t>(written)))
    SplicePipe::GiveBack(loop_, std::move(empty));
  return true;
}

// What this one carried is gone, or given up.
void Socket::CarryOn() {
  carry_waits_ = false;
  if (fd_ < 0) return;
  if (!ended_) parked_ = false;
  UpdateInterest();
}

}  // namespace sluice
