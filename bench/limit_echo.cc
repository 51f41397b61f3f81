// The limit: an echo server written by hand on epoll, one thread, nothing but the system calls.
//   limit_echo [port]   prints "port N", then serves until it is killed
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>

namespace {

int epoll_fd;
std::unordered_map<int, std::string> queued;  // what the kernel did not take

void Watch(int fd, uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll_fd, operation, fd, &event);
}

void Close(int fd) {
  queued.erase(fd);
  close(fd);
}

void Flush(int fd) {
  auto entry = queued.find(fd);
  if (entry == queued.end()) return;
  ssize_t count = send(fd, entry->second.data(), entry->second.size(), MSG_NOSIGNAL);
  if (count > 0) entry->second.erase(0, static_cast<size_t>(count));
  if (!entry->second.empty()) return;
  queued.erase(entry);
  Watch(fd, EPOLLIN, EPOLL_CTL_MOD);
}

void Echo(int fd) {
  static char buffer[1024 * 1024];
  ssize_t count = recv(fd, buffer, sizeof buffer, 0);
  if (count <= 0) {
    if (count == 0 || errno != EAGAIN) Close(fd);
    return;
  }
  ssize_t sent = send(fd, buffer, static_cast<size_t>(count), MSG_NOSIGNAL);
  if (sent == count) return;
  if (sent < 0 && errno != EAGAIN) {
    Close(fd);
    return;
  }
  if (sent < 0) sent = 0;
  queued[fd].append(buffer + sent, static_cast<size_t>(count - sent));
  Watch(fd, EPOLLOUT, EPOLL_CTL_MOD);  // reads rest until the peer took everything
}

}  // namespace

int main(int argc, char** argv) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 511) != 0) {
    std::perror("limit_echo");
    return 1;
  }
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  epoll_fd = epoll_create1(0);
  Watch(listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    epoll_event events[256];
    int count = epoll_wait(epoll_fd, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        for (int client; (client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;)
          Watch(client, EPOLLIN, EPOLL_CTL_ADD);
      } else if (events[i].events & EPOLLOUT) {
        Flush(fd);
      } else {
        Echo(fd);
      }
    }
  }
}
