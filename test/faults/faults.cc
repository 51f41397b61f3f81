// faults.so: preloaded into a program, it makes the nth call of one function fail.
//
//   SLUICE_FAULT=name:from[:count]   the calls from the from-th on fail, count of them (default 1)
//   SLUICE_FAULT_ERROR=number        with this errno (default EMFILE)
//
// Calls are counted while the file is there that SLUICE_FAULT_WHILE names, or always. That it
// failed one it tells on standard error, once.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

char wanted[32];
long from, count = 1;
int error = EMFILE;
std::atomic<long> calls;
std::atomic<bool> told;
const char* condition;

__attribute__((constructor)) void SetUp() {
  const char* fault = std::getenv("SLUICE_FAULT");
  if (fault == nullptr || std::sscanf(fault, "%31[^:]:%ld:%ld", wanted, &from, &count) < 2)
    wanted[0] = 0;
  if (const char* number = std::getenv("SLUICE_FAULT_ERROR")) error = std::atoi(number);
  condition = std::getenv("SLUICE_FAULT_WHILE");
}

// Whether this call of that function is one that fails.
bool Fails(const char* name) {
  if (wanted[0] == 0 || std::strcmp(name, wanted) != 0) return false;
  int saved = errno;
  bool now = condition == nullptr || access(condition, F_OK) == 0;
  errno = saved;
  if (!now) return false;
  long number = ++calls;
  if (number < from || number >= from + count) return false;
  if (!told.exchange(true)) {
    constexpr char kText[] = "faults: injected\n";
    (void)!write(2, kText, sizeof kText - 1);
  }
  errno = error;
  return true;
}

}  // namespace

#define REAL(name) (reinterpret_cast<decltype(&name)>(dlsym(RTLD_NEXT, #name)))
#define FAIL(name) \
  if (Fails(#name)) return -1

extern "C" {

int socket(int domain, int type, int protocol) {
  FAIL(socket);
  return REAL(socket)(domain, type, protocol);
}
int accept4(int fd, struct sockaddr* address, socklen_t* size, int flags) {
  FAIL(accept4);
  return REAL(accept4)(fd, address, size, flags);
}
// src/sys/sys.cc reads sockets by it.
long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& one : a) one = va_arg(list, long);
  va_end(list);
  if (number == SYS_recvfrom && Fails("recv")) return -1;
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
int epoll_create1(int flags) {
  FAIL(epoll_create1);
  return REAL(epoll_create1)(flags);
}
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event* event) {
  if (operation != EPOLL_CTL_DEL) FAIL(epoll_ctl);
  return REAL(epoll_ctl)(epoll, operation, fd, event);
}
int eventfd(unsigned value, int flags) {
  FAIL(eventfd);
  return REAL(eventfd)(value, flags);
}
int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  FAIL(open);
  return REAL(open)(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  if (Fails("open")) return -1;
  return REAL(open64)(path, flags, mode);
}
int openat(int directory, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  if (Fails("open")) return -1;
  return REAL(openat)(directory, path, flags, mode);
}
int openat64(int directory, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  if (Fails("open")) return -1;
  return REAL(openat64)(directory, path, flags, mode);
}
FILE* fopen(const char* path, const char* mode) {
  if (Fails("open")) return nullptr;
  return REAL(fopen)(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  if (Fails("open")) return nullptr;
  return REAL(fopen64)(path, mode);
}
// The engine ends the process if it gets no address space, and no thread for its collector or its
// compilers.
static bool OfEngine(const void* caller) {
  Dl_info found;
  return dladdr(caller, &found) != 0 && strstr(found.dli_fname, "javascriptcore") != nullptr;
}
void* mmap(void* address, size_t size, int protection, int flags, int fd, off_t offset) {
  if (!OfEngine(__builtin_return_address(0)) && Fails("mmap")) return MAP_FAILED;
  return REAL(mmap)(address, size, protection, flags, fd, offset);
}
int timerfd_create(int clock, int flags) {
  FAIL(timerfd_create);
  return REAL(timerfd_create)(clock, flags);
}
int pipe2(int fds[2], int flags) {
  FAIL(pipe2);
  return REAL(pipe2)(fds, flags);
}
int socketpair(int domain, int type, int protocol, int fds[2]) {
  FAIL(socketpair);
  return REAL(socketpair)(domain, type, protocol, fds);
}
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) {
  if (!OfEngine(__builtin_return_address(0)) && Fails("pthread_create")) return error;
  return REAL(pthread_create)(thread, attributes, run, argument);
}
ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  FAIL(getrandom);
  return REAL(getrandom)(buffer, size, flags);
}

}  // extern "C"
