// The limit for TLS: an echo server written by hand on epoll and OpenSSL, one thread, its own
// SSL_read and SSL_write on each descriptor.
//   limit_echo_tls CERT KEY [lean]   prints "port N", then serves until it is killed
// lean sets SSL_MODE_RELEASE_BUFFERS and one ticket, as sluice does.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

int epoll_fd;

struct Connection {
  int fd;
  SSL* ssl;
  std::string queued;  // plain bytes that OpenSSL did not take
};

void Watch(Connection* connection, uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = connection;
  epoll_ctl(epoll_fd, operation, connection->fd, &event);
}

void Close(Connection* connection) {
  SSL_free(connection->ssl);
  close(connection->fd);
  delete connection;
}

// Returns false once the connection is closed.
bool Send(Connection* connection, const char* data, size_t size) {
  while (size > 0) {
    size_t count = 0;
    ERR_clear_error();
    if (SSL_write_ex(connection->ssl, data, size, &count) == 1) {
      data += count;
      size -= count;
      continue;
    }
    if (SSL_get_error(connection->ssl, 0) != SSL_ERROR_WANT_WRITE) {
      Close(connection);
      return false;
    }
    connection->queued.assign(data, size);
    Watch(connection, EPOLLOUT, EPOLL_CTL_MOD);
    return true;
  }
  return true;
}

void Serve(Connection* connection, uint32_t events) {
  if (!connection->queued.empty()) {
    if ((events & EPOLLOUT) == 0) return;
    std::string data = std::move(connection->queued);
    connection->queued.clear();
    Watch(connection, EPOLLIN, EPOLL_CTL_MOD);
    if (!Send(connection, data.data(), data.size())) return;
  }
  static char buffer[64 * 1024];
  while (connection->queued.empty()) {
    size_t count = 0;
    ERR_clear_error();
    if (SSL_read_ex(connection->ssl, buffer, sizeof buffer, &count) != 1) {
      if (SSL_get_error(connection->ssl, 0) != SSL_ERROR_WANT_READ) Close(connection);
      return;
    }
    if (!Send(connection, buffer, count)) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 1;
  signal(SIGPIPE, SIG_IGN);
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context, argv[1]) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM) != 1)
    return 1;
  SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE);
  if (argc > 3) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_num_tickets(context, 1);
  }
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 4096) != 0)
    return 1;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  epoll_fd = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    epoll_event events[256];
    int count = epoll_wait(epoll_fd, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr != nullptr) {
        Serve(static_cast<Connection*>(events[i].data.ptr), events[i].events);
        continue;
      }
      int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
      if (fd < 0) continue;
      int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      auto* connection = new Connection{fd, SSL_new(context), {}};
      SSL_set_fd(connection->ssl, fd);
      SSL_set_accept_state(connection->ssl);
      Watch(connection, EPOLLIN, EPOLL_CTL_ADD);
    }
  }
}
