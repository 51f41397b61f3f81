#include "sys/sys.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <ctime>

#include "base/mutant.h"
#include "sim/calls.h"
#include "sys/retry.h"

namespace sluice::sys {
namespace {

// The calls of every message. The C library's functions for them are cancellation points, which in
// a process with threads cost two atomic operations each (some 20 ns); sanitizers know those
// functions alone.
#if defined(SLUICE_SANITIZED)
ssize_t RawReceive(int fd, void* buffer, size_t size, int flags) {
  return ::recv(fd, buffer, size, flags);
}
ssize_t RawSend(int fd, const void* data, size_t size, int flags) {
  return ::send(fd, data, size, flags);
}
int RawEpollWait(int fd, epoll_event* events, int capacity, int timeout) {
  return ::epoll_wait(fd, events, capacity, timeout);
}
#else
ssize_t RawReceive(int fd, void* buffer, size_t size, int flags) {
  return ::syscall(SYS_recvfrom, fd, buffer, size, flags, nullptr, nullptr);
}
ssize_t RawSend(int fd, const void* data, size_t size, int flags) {
  return ::syscall(SYS_sendto, fd, data, size, flags, nullptr, 0);
}
int RawEpollWait(int fd, epoll_event* events, int capacity, int timeout) {
  return static_cast<int>(::syscall(SYS_epoll_pwait, fd, events, capacity, timeout, nullptr, 0));
}
#endif

int AddressOf(int fd, Address* out, int (*call)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  if (call(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return -errno;
  *out = grant::Shown(Address::From(reinterpret_cast<sockaddr*>(&storage), size));
  return 0;
}

}  // namespace

// After EINTR Linux has closed the descriptor all the same: never retry.
int Close(int fd) {
  if (sim::Owns(fd)) return sim::Close(fd);
  return ::close(fd) == 0 ? 0 : -errno;
}

ssize_t Read(int fd, void* buffer, size_t size) {
  if (sim::Owns(fd)) return sim::Read(fd, buffer, size);
  return Retry([&] { return ::read(fd, buffer, size); });
}

ssize_t Write(int fd, const void* data, size_t size) {
  if (sim::Owns(fd)) return sim::Write(fd, data, size);
  if (sim::Active() && (fd == 1 || fd == 2)) return sim::Output(fd, data, size);
  return Retry([&] { return ::write(fd, data, size); });
}

ssize_t WriteVector(int fd, const iovec* parts, int count) {
  return WithoutSigpipe([&] { return ::writev(fd, parts, std::min(count, IOV_MAX)); });
}

int Pipe(int ends[2], size_t wanted) {
  if (sim::Active()) return -ENOSYS;
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
  (void)::fcntl(ends[0], F_SETPIPE_SZ, static_cast<int>(wanted));
  return 0;
}

ssize_t Splice(int from, int to, size_t size) {
  return WithoutSigpipe(
      [&] { return ::splice(from, nullptr, to, nullptr, size, SPLICE_F_NONBLOCK); });
}

int SetNonBlocking(int fd, bool on) {
  if (sim::Owns(fd)) return 0;
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && ::fcntl(fd, F_SETFL, wanted) != 0) return -errno;
  return 0;
}

int SetCloseOnExec(int fd) {
  if (sim::Owns(fd)) return 0;
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? 0 : -errno;
}

int Duplicate(int fd) {
  if (sim::Owns(fd)) return sim::Duplicate(fd);
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  return copy >= 0 ? copy : -errno;
}

void OpenStandard() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is fd itself.
    (void)::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
  }
}

int Reserve::Fill(int count) {
  while (count-- > 0) {
    int fd = EventFd();
    if (fd < 0) {
      Clear();
      return fd;
    }
    fds_.push_back(fd);
  }
  return 0;
}

void Reserve::Clear() {
  for (int fd : fds_) Close(fd);
  fds_.clear();
}

int Socket(int family, int type) {
  if (sim::Active()) return sim::OpenSocket(family, type);
  int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return fd >= 0 ? fd : -errno;
}

int SocketPair(int fds[2]) {
  if (sim::Active()) return sim::SocketPair(fds);
  int result = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds);
  return result == 0 ? 0 : -errno;
}

int Bind(int fd, const grant::AddressGrant& address) {
  if (address.error() != 0) return address.error();
  if (sim::Owns(fd)) return sim::Bind(fd, address.address());
  const Address& at = address.called();
  return ::bind(fd, at.data(), at.size()) == 0 ? 0 : -errno;
}

int Listen(int fd, int backlog) {
  if (sim::Owns(fd)) return sim::Listen(fd, backlog);
  return ::listen(fd, backlog) == 0 ? 0 : -errno;
}

int Accept(int fd, Address* peer) {
  if (sim::Owns(fd)) return sim::Accept(fd, peer);
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  auto* address = peer != nullptr ? reinterpret_cast<sockaddr*>(&storage) : nullptr;
  int result = Retry([&] {
    size = sizeof storage;
    return ::accept4(fd, address, peer != nullptr ? &size : nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  });
  if (result >= 0 && peer != nullptr) *peer = Address::From(address, size);
  return result;
}

int Connect(int fd, const grant::AddressGrant& address) {
  if (address.error() != 0) return address.error();
  if (sim::Owns(fd)) return sim::Connect(fd, address.address());
  const Address& to = address.called();
  if (::connect(fd, to.data(), to.size()) == 0) return 0;
  // An interrupted connect goes on in the background (connect(2), EINTR).
  return errno == EINTR ? -EINPROGRESS : -errno;
}

ssize_t Receive(int fd, void* buffer, size_t size, bool peek) {
  if (sim::Owns(fd)) return sim::Receive(fd, buffer, size, peek);
  return Retry([&] { return RawReceive(fd, buffer, size, MSG_DONTWAIT | (peek ? MSG_PEEK : 0)); });
}

ssize_t Send(int fd, const void* data, size_t size) {
  if (sim::Owns(fd)) return sim::Send(fd, data, size);
  return Retry([&] { return RawSend(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT); });
}

ssize_t SendVector(int fd, const iovec* parts, int count) {
  if (sim::Owns(fd)) return sim::SendVector(fd, parts, count);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts);
  message.msg_iovlen = static_cast<size_t>(std::min(count, IOV_MAX));
  return Retry([&] { return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT); });
}

int ShutdownWrite(int fd) {
  if (sim::Owns(fd)) return sim::ShutdownWrite(fd);
  return ::shutdown(fd, SHUT_WR) == 0 ? 0 : -errno;
}
int LocalAddress(int fd, Address* out) {
  if (sim::Owns(fd)) return sim::LocalAddress(fd, out);
  return AddressOf(fd, out, ::getsockname);
}
int PeerAddress(int fd, Address* out) {
  if (sim::Owns(fd)) return sim::PeerAddress(fd, out);
  return AddressOf(fd, out, ::getpeername);
}

int SocketError(int fd) {
  if (sim::Owns(fd)) return sim::SocketError(fd);
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

ssize_t ReceiveFrom(int fd, void* buffer, size_t size, Address* peer) {
  if (sim::Owns(fd)) return sim::ReceiveFrom(fd, buffer, size, peer);
  sockaddr_storage storage;
  socklen_t length = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  ssize_t count =
      Retry([&] { return ::recvfrom(fd, buffer, size, MSG_DONTWAIT, address, &length); });
  if (count >= 0) *peer = Address::From(address, length);
  return count;
}

ssize_t SendTo(int fd, const void* data, size_t size, const grant::AddressGrant& peer) {
  if (peer.error() != 0) return peer.error();
  if (sim::Owns(fd)) return sim::SendTo(fd, data, size, peer.address());
  const Address& to = peer.address();
  const sockaddr* address = to.family() == 0 ? nullptr : to.data();
  return Retry(
      [&] { return ::sendto(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT, address, to.size()); });
}

int Disconnect(int fd) {
  if (sim::Owns(fd)) return sim::Disconnect(fd);
  sockaddr address{};
  address.sa_family = AF_UNSPEC;
  return ::connect(fd, &address, sizeof address) == 0 ? 0 : -errno;
}

int SetOption(int fd, int level, int option, int value) {
  if (sim::Owns(fd)) return sim::SetOption(fd, level, option, value);
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : -errno;
}

int GetOption(int fd, int level, int option, int* value) {
  if (sim::Owns(fd)) return sim::GetOption(fd, level, option, value);
  socklen_t size = sizeof *value;
  return ::getsockopt(fd, level, option, value, &size) == 0 ? 0 : -errno;
}

static uint64_t Count(int fd, unsigned long request) {
  int bytes = 0;
  return ::ioctl(fd, request, &bytes) == 0 && bytes > 0 ? static_cast<uint64_t>(bytes) : 0;
}

uint64_t Unacknowledged(int fd) {
  return sim::Owns(fd) ? sim::Unacknowledged(fd) : Count(fd, SIOCOUTQ);
}

uint64_t Unread(int fd) {
  return sim::Owns(fd) ? sim::Unread(fd) : Count(fd, FIONREAD);
}

int SetLingerZero(int fd) {
  if (sim::Owns(fd)) return sim::SetLingerZero(fd);
  linger option{1, 0};
  return ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, sizeof option) == 0 ? 0 : -errno;
}

int EpollCreate() {
  if (sim::Active()) return sim::EpollCreate();
  int fd = ::epoll_create1(EPOLL_CLOEXEC);
  return fd >= 0 ? fd : -errno;
}

int EventFd() {
  if (sim::Active()) return sim::EventFd();
  int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd >= 0 ? fd : -errno;
}

int TimerFd() {
  if (sim::Active()) return -ENOSYS;  // its time would be that of the real clock
  int fd = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  return fd >= 0 ? fd : -errno;
}

int SetTimerFd(int fd, uint64_t when_ms) {
  constexpr uint64_t kMs = 1000;
  constexpr uint64_t kNsPerMs = 1'000'000;
  itimerspec setting{};
  setting.it_value.tv_sec = static_cast<time_t>(when_ms / kMs);
  setting.it_value.tv_nsec = static_cast<long>(when_ms % kMs * kNsPerMs);
  return ::timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting, nullptr) == 0 ? 0 : -errno;
}

void SignalEventFd(int fd) {
  static int signals = 0;
  if (Mutant(14) && ++signals % 4 == 0) return;
  uint64_t one = 1;
  // EAGAIN means that the counter is full: the reader will wake anyway.
  (void)Write(fd, &one, sizeof one);
}

void DrainEventFd(int fd) {
  uint64_t count;
  (void)Read(fd, &count, sizeof count);
}

int EpollSet(int epoll_fd, int fd, uint32_t events, uint32_t registered, uint64_t data) {
  if (sim::Owns(epoll_fd)) return sim::EpollSet(epoll_fd, fd, events, registered, data);
  epoll_event event{};
  event.events = events;
  event.data.u64 = data;
  int operation = registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  return ::epoll_ctl(epoll_fd, operation, fd, &event) == 0 ? 0 : -errno;
}

void EpollDelete(int epoll_fd, int fd) {
  if (sim::Owns(epoll_fd)) return sim::EpollDelete(epoll_fd, fd);
  epoll_event event{};
  (void)::epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, &event);
}

int EpollWait(int epoll_fd, epoll_event* events, int capacity, int64_t timeout_ms) {
  if (sim::Owns(epoll_fd)) return sim::EpollWait(epoll_fd, events, capacity, timeout_ms);
  int timeout = timeout_ms < 0 ? -1 : static_cast<int>(std::min<int64_t>(timeout_ms, INT_MAX));
  int count = RawEpollWait(epoll_fd, events, capacity, timeout);
  return count >= 0 ? count : 0;  // EINTR: a turn without events
}

uint64_t MonotonicMs() {
  return MonotonicNs() / 1000000;
}

uint64_t MonotonicNs() {
  if (sim::Active()) return sim::MonotonicNs();
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_nsec);
}

uint64_t MemoryLimit() {
  uint64_t limit = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                   static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    char text[32] = {};
    ssize_t size = ::read(fd, text, sizeof text - 1);
    ::close(fd);
    uint64_t own = 0;
    if (size > 0 && std::from_chars(text, text + size, own).ec == std::errc() && own > 0)
      limit = std::min(limit, own);
  }
  return limit;
}

void Random(void* out, size_t size) {
  auto* bytes = static_cast<uint8_t*>(out);
  for (size_t done = 0; done < size;) {
    ssize_t count = ::getrandom(bytes + done, size - done, 0);
    if (count > 0) {
      done += static_cast<size_t>(count);
    } else if (errno != EINTR) {
      uint64_t guess = MonotonicNs() ^ reinterpret_cast<uintptr_t>(out);
      for (; done < size; ++done, guess = guess * 6364136223846793005u + 1)
        bytes[done] = static_cast<uint8_t>(guess >> 56);
    }
  }
}

}  // namespace sluice::sys
