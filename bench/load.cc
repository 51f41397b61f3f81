// The load: clients of an echo server, one thread on epoll.
//   load echo PORT CONNECTIONS BYTES SECONDS   one message a connection on its way at a time
//   load idle PORT CONNECTIONS                 opens them, prints "open", waits for end of input
//   load churn PORT WIDTH SECONDS              connect, 64 bytes there and back, close
// Prints one line of JSON: operations, seconds, rate, p50 and p99 in microseconds.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client {
  int fd = -1;
  size_t sent = 0;
  size_t received = 0;
  uint32_t events = 0;
  Clock::time_point start;
};

int epoll_fd;
uint16_t port;
std::vector<char> message;
std::vector<uint32_t> latencies;  // microseconds
uint64_t operations = 0;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

void Watch(Client& client, uint32_t events) {
  if (client.events == events) return;
  epoll_event event{};
  event.events = events;
  event.data.ptr = &client;
  int operation = client.events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (epoll_ctl(epoll_fd, operation, client.fd, &event) != 0) Fail("epoll_ctl");
  client.events = events;
}

void Connect(Client& client) {
  client = Client();
  client.fd = socket(AF_INET, SOCK_STREAM, 0);
  if (client.fd < 0) Fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(client.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    Fail("connect");
  int on = 1;
  setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Send(Client& client) {
  while (client.sent < message.size()) {
    ssize_t count = send(client.fd, message.data() + client.sent, message.size() - client.sent,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
      if (errno != EAGAIN) Fail("send");
      Watch(client, EPOLLIN | EPOLLOUT);
      return;
    }
    client.sent += static_cast<size_t>(count);
  }
  Watch(client, EPOLLIN);
}

void Begin(Client& client) {
  client.sent = client.received = 0;
  client.start = Clock::now();
  Send(client);
}

void Receive(Client& client, bool churn) {
  static std::vector<char> buffer(256 * 1024);
  ssize_t count = recv(client.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count == 0) {
    errno = ECONNRESET;
    Fail("the server closed a connection");
  }
  if (count < 0) {
    if (errno == EAGAIN) return;
    Fail("recv");
  }
  if (std::memcmp(buffer.data(), message.data() + client.received,
                  std::min<size_t>(static_cast<size_t>(count), message.size() - client.received)) != 0) {
    std::fprintf(stderr, "load: the echo differs\n");
    std::exit(1);
  }
  client.received += static_cast<size_t>(count);
  if (client.received < message.size()) return;
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - client.start);
  latencies.push_back(static_cast<uint32_t>(took.count()));
  ++operations;
  if (churn) {
    close(client.fd);
    Connect(client);
  }
  Begin(client);
}

void Run(size_t width, double seconds, bool churn) {
  for (size_t i = 0; i < message.size(); ++i) message[i] = static_cast<char>('a' + i % 26);
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < width; ++i) {
    clients.push_back(std::make_unique<Client>());
    Connect(*clients.back());
  }
  auto begin = Clock::now();
  auto end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (auto& client : clients) Begin(*client);
  while (Clock::now() < end) {
    epoll_event events[256];
    int count = epoll_wait(epoll_fd, events, 256, 100);
    for (int i = 0; i < count; ++i) {
      auto& client = *static_cast<Client*>(events[i].data.ptr);
      if (events[i].events & EPOLLOUT) Send(client);
      if (events[i].events & ~static_cast<uint32_t>(EPOLLOUT)) Receive(client, churn);
    }
  }
  double took = std::chrono::duration<double>(Clock::now() - begin).count();
  auto percentile = [](double share) -> uint32_t {
    if (latencies.empty()) return 0;
    auto index = static_cast<size_t>(share * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), latencies.begin() + static_cast<std::ptrdiff_t>(index), latencies.end());
    return latencies[index];
  };
  std::printf("{\"operations\":%llu,\"seconds\":%.3f,\"rate\":%.1f,\"p50\":%u,\"p99\":%u}\n",
              static_cast<unsigned long long>(operations), took,
              static_cast<double>(operations) / took, percentile(0.5), percentile(0.99));
}

}  // namespace

int main(int argc, char** argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if ((mode == "echo" && argc != 6) || (mode == "idle" && argc != 4) || (mode == "churn" && argc != 5) ||
      (mode != "echo" && mode != "idle" && mode != "churn")) {
    std::fprintf(stderr, "usage: load echo PORT CONNECTIONS BYTES SECONDS\n"
                         "       load idle PORT CONNECTIONS\n"
                         "       load churn PORT WIDTH SECONDS\n");
    return 2;
  }
  epoll_fd = epoll_create1(0);
  port = static_cast<uint16_t>(std::atoi(argv[2]));
  auto width = static_cast<size_t>(std::atoi(argv[3]));
  if (mode == "idle") {
    std::vector<Client> clients(width);
    for (auto& client : clients) Connect(client);
    std::printf("open\n");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
  }
  message.resize(mode == "churn" ? 64 : static_cast<size_t>(std::atoi(argv[4])));
  Run(width, std::atof(argv[mode == "churn" ? 4 : 5]), mode == "churn");
}
