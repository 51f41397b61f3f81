// Internal. The system calls of sockets, epoll, eventfd and clocks: the only place that sees
// errno and EINTR. Calls return a value, or -errno.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "grant/grant.h"
#include "sluice/address.h"

struct epoll_event;

namespace sluice::sys {

// Descriptors
int Close(int fd);
ssize_t Read(int fd, void* buffer, size_t size);
ssize_t Write(int fd, const void* data, size_t size);
// WriteVector is writev(2) without SIGPIPE, which a pipe or terminal would cause.
ssize_t WriteVector(int fd, const iovec* parts, int count);
// Pipe makes one of non-blocking, close-on-exec ends, to read and to write, that holds so many
// bytes where the system lets it (pipe(7)). Returns 0 or -errno; -ENOSYS in a simulation, which has
// none.
int Pipe(int ends[2], size_t wanted);
// Splice moves up to size bytes from a pipe to a socket, or from a socket to a pipe, within the
// kernel (splice(2)); never blocks, no SIGPIPE. Returns how many, 0 at the end, or -errno.
ssize_t Splice(int from, int to, size_t size);
int SetNonBlocking(int fd, bool on);
int SetCloseOnExec(int fd);
int Duplicate(int fd);  // a close-on-exec copy
// OpenStandard puts /dev/null where descriptor 0, 1 or 2 is closed, so that no socket or file
// becomes one of them and receives what is meant for standard output. Before anything is opened.
void OpenStandard();

// Reserve holds descriptors for code that opens some by itself and cannot go on without: they are
// let go of right before it runs.
class Reserve {
 public:
  Reserve() = default;
  Reserve(Reserve&& other) noexcept : fds_(std::exchange(other.fds_, {})) {}
  Reserve& operator=(Reserve&&) = delete;
  ~Reserve() { Clear(); }
  // Fill takes count descriptors; returns 0, or -errno with none taken.
  int Fill(int count);
  void Clear();

 private:
  std::vector<int> fds_;
};

// Sockets; all new descriptors are non-blocking and close-on-exec.
int Socket(int family, int type);
int SocketPair(int fds[2]);
int Bind(int fd, const grant::AddressGrant& address);
int Listen(int fd, int backlog);
int Accept(int fd, Address* peer);
int Connect(int fd, const grant::AddressGrant& address);  // -EINPROGRESS while it goes on
// Receive and Send are recv(2) and send(2) without SIGPIPE; they never block, whatever the
// descriptor's flags. -ENOTSOCK on a descriptor that is no socket.
ssize_t Receive(int fd, void* buffer, size_t size, bool peek = false);
ssize_t Send(int fd, const void* data, size_t size);
ssize_t SendVector(int fd, const iovec* parts, int count);
// ReceiveFrom and SendTo move one datagram; without a peer SendTo goes where Connect said.
ssize_t ReceiveFrom(int fd, void* buffer, size_t size, Address* peer);
ssize_t SendTo(int fd, const void* data, size_t size, const grant::AddressGrant& peer);
int Disconnect(int fd);  // of a datagram socket
int ShutdownWrite(int fd);
int LocalAddress(int fd, Address* out);
int PeerAddress(int fd, Address* out);
int SocketError(int fd);  // takes SO_ERROR; 0 if none
int SetOption(int fd, int level, int option, int value);
int GetOption(int fd, int level, int option, int* value);
uint64_t Unacknowledged(int fd);  // bytes that were sent (SIOCOUTQ); 0 if that is not known
uint64_t Unread(int fd);          // bytes that came (FIONREAD); 0 if that is not known
int SetLingerZero(int fd);        // close(2) will send RST

// epoll and eventfd
int EpollCreate();
int EventFd();
// TimerFd returns a timerfd(2) of the monotonic clock, or -errno; SetTimerFd sets it to a time of that
// clock, in ms and not 0, and returns 0 or -errno. Simulated time has none: -ENOSYS.
int TimerFd();
int SetTimerFd(int fd, uint64_t when_ms);
void SignalEventFd(int fd);
void DrainEventFd(int fd);
int EpollSet(int epoll_fd, int fd, uint32_t events, uint32_t registered, uint64_t data);
void EpollDelete(int epoll_fd, int fd);
int EpollWait(int epoll_fd, epoll_event* events, int capacity, int64_t timeout_ms);

// Clocks
uint64_t MonotonicMs();
uint64_t MonotonicNs();

// MemoryLimit returns how many bytes of memory the process may have: of the machine, or of its
// control group (cgroups(7)).
uint64_t MemoryLimit();

// Random fills memory with what nobody can guess; with less than that where the system has none.
void Random(void* out, size_t size);

}  // namespace sluice::sys
