// The linker leads the library's system calls through the counters here (test/unit/CMakeLists.txt).
#include "calls.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include <cstdlib>
#include <new>

using sluice::test::calls;

namespace sluice::test {
Calls calls;
}

// NOLINTBEGIN: the names are the linker's.
extern "C" {
int __real_epoll_wait(int, epoll_event*, int, int);
int __wrap_epoll_wait(int fd, epoll_event* events, int size, int timeout) {
  ++calls.waits;
  return __real_epoll_wait(fd, events, size, timeout);
}
long __real_syscall(long, long, long, long, long, long, long);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
  ++(number == SYS_epoll_pwait ? calls.waits
     : number == SYS_recvfrom  ? calls.reads
     : number == SYS_sendto    ? calls.writes
                               : calls.others);
  return __real_syscall(number, a, b, c, d, e, f);
}
int __real_epoll_ctl(int, int, int, epoll_event*);
int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  ++calls.controls;
  return __real_epoll_ctl(epoll, operation, fd, event);
}
ssize_t __real_read(int, void*, size_t);
ssize_t __wrap_read(int fd, void* buffer, size_t size) {
  ++calls.reads;
  return __real_read(fd, buffer, size);
}
ssize_t __wrap_recv(int fd, void* buffer, size_t size, int flags) {
  ++calls.reads;
  return __real_recv(fd, buffer, size, flags);
}
ssize_t __real_write(int, const void*, size_t);
ssize_t __wrap_write(int fd, const void* data, size_t size) {
  ++calls.writes;
  return __real_write(fd, data, size);
}
ssize_t __real_writev(int, const iovec*, int);
ssize_t __wrap_writev(int fd, const iovec* parts, int count) {
  ++calls.writes;
  return __real_writev(fd, parts, count);
}
ssize_t __wrap_send(int fd, const void* data, size_t size, int flags) {
  ++calls.writes;
  return __real_send(fd, data, size, flags);
}
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
  ++calls.writes;
  return __real_sendmsg(fd, message, flags);
}
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __wrap_accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  ++calls.others;
  return __real_accept4(fd, address, size, flags);
}
int __wrap_close(int fd) {
  ++calls.others;
  return __real_close(fd);
}
int __real_timerfd_settime(int, int, const itimerspec*, itimerspec*);
int __wrap_timerfd_settime(int fd, int flags, const itimerspec* value, itimerspec* old) {
  ++calls.others;
  return __real_timerfd_settime(fd, flags, value, old);
}
int __real_eventfd(unsigned, int);
int __wrap_eventfd(unsigned value, int flags) {
  ++calls.others;
  return __real_eventfd(value, flags);
}
}
// NOLINTEND

// Not inlined: g++ would see a plain free() of what came from operator new, and warn.
[[gnu::noinline]] void* operator new(size_t size) {
  ++calls.allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](size_t size) {
  return operator new(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
void operator delete(void* memory, size_t) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, size_t) noexcept {
  operator delete(memory);
}
