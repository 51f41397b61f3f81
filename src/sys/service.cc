#include "sys/service.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace sluice::sys {

int InheritListener(int fd) {
  auto option = [fd](int name, int* value) {
    socklen_t size = sizeof *value;
    return getsockopt(fd, SOL_SOCKET, name, value, &size) == 0;
  };
  // What came through exec(2) has no such flag; whatever has one this process opened itself.
  int close_on_exec = fcntl(fd, F_GETFD);
  if (close_on_exec < 0) return -errno;
  if ((close_on_exec & FD_CLOEXEC) != 0) return -EBADF;
  int type = 0, listens = 0, family = 0;
  if (!option(SO_TYPE, &type) || !option(SO_ACCEPTCONN, &listens) || !option(SO_DOMAIN, &family))
    return -errno;
  if (type != SOCK_STREAM) return -EPROTOTYPE;
  if (listens == 0) return -EINVAL;
  if (family != AF_INET && family != AF_INET6 && family != AF_UNIX) return -EAFNOSUPPORT;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
    return -errno;
  return family;
}

int NotifyService(const std::string& state) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr || *name == '\0') return 0;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string_view path(name);
  if ((path[0] != '/' && path[0] != '@') || path.size() > sizeof address.sun_path) return -EINVAL;
  path.copy(address.sun_path, sizeof address.sun_path);
  if (path[0] == '@') address.sun_path[0] = '\0';
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  ssize_t sent = sendto(fd, state.data(), state.size(), MSG_NOSIGNAL,
                        reinterpret_cast<sockaddr*>(&address), size);
  int result = sent < 0 ? -errno : 0;
  close(fd);
  return result;
}

}  // namespace sluice::sys
