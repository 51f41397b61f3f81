// The load: clients of an echo server, plain or over TLS, one thread on epoll.
//   load echo PORT CONNECTIONS BYTES SECONDS   one message a connection on its way at a time
//   load rate PORT CONNECTIONS BYTES SECONDS RATE  so many messages a second in all, each at its
//   time load churn PORT WIDTH SECONDS              connect, 64 bytes there and back, close load
//   idle PORT CONNECTIONS                 opens them
// After these: --tls, --name NAME for the name that TLS asks for, and for churn --resume, which
// resumes one session, and --count N, which ends it after so many connections. For echo --line: the
// message is a line, "PING …", which is answered by "PONG …"; --http: a GET of HTTP/1.1, answered
// by a page. Prints "open" once all connections are there; those of echo, rate or idle have had a
// message back then. Each line of input then measures once, and prints one line of JSON:
// operations, seconds, rate, p50 and p99 in microseconds of all that was measured so far, resumed.
// A latency of rate counts from when the message was due, so that a pause shows in all that came
// into it. The connections stay open until the end of input.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client {
  int fd = -1;
  SSL* ssl = nullptr;
  size_t sent = 0;
  size_t received = 0;
  uint32_t events = 0;
  Clock::time_point start;
  std::deque<Clock::time_point> due;  // of rate: the one on its way, and those that wait for it
  std::string page;                   // of an answer of HTTP
};

int epoll_fd;
uint16_t port;
SSL_CTX* context = nullptr;      // null: plain
SSL_SESSION* session = nullptr;  // the one to resume
bool resume = false;
bool again = true;  // a client whose message came back sends the next
std::string server_name;  // asked for by TLS, if any
std::string message;
std::string reply;
constexpr uint32_t kAddresses = 8;  // from 127.0.0.1 on
std::vector<uint32_t> latencies;  // microseconds
uint64_t operations = 0;
uint64_t most = std::numeric_limits<uint64_t>::max();  // operations
bool http = false;
uint64_t resumed = 0;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "load: %s: %s\n", what, std::strerror(errno));
  if (context != nullptr) ERR_print_errors_fp(stderr);
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

// One address has 28,000 ports, and each stays taken for a minute after its connection: the kernel
// would look for a free one longer than all else takes.
void TakeNextAddress(int fd) {
  static uint32_t count = 0;
  int on = 1;
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + count++ % kAddresses);
  if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
      bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0)
    Fail("bind");
}

void Connect(Client& client) {
  client = Client();
  client.start = Clock::now();
  client.fd = socket(AF_INET, SOCK_STREAM, 0);
  if (client.fd < 0) Fail("socket");
  TakeNextAddress(client.fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(client.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    Fail("connect");
  int on = 1;
  setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (context == nullptr) return;
  client.ssl = SSL_new(context);
  SSL_set_fd(client.ssl, client.fd);
  SSL_set_connect_state(client.ssl);
  if (!server_name.empty()) SSL_set_tlsext_host_name(client.ssl, server_name.c_str());
  if (resume && session != nullptr) {
    // A copy, as OpenSSL uses a session of TLS 1.3 once.
    SSL_SESSION* copy = SSL_SESSION_dup(session);
    SSL_set_session(client.ssl, copy);
    SSL_SESSION_free(copy);
  }
}

void Close(Client& client) {
  if (client.ssl != nullptr) {
    SSL_shutdown(client.ssl);
    SSL_free(client.ssl);
  }
  close(client.fd);
}

// The bytes moved; 0 at the end, -1 for not now.
ssize_t Write(Client& client, const char* data, size_t size) {
  if (client.ssl == nullptr) {
    ssize_t count = send(client.fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN) Fail("send");
    return count;
  }
  size_t count = 0;
  if (SSL_write_ex(client.ssl, data, size, &count) == 1) return static_cast<ssize_t>(count);
  int reason = SSL_get_error(client.ssl, 0);
  if (reason != SSL_ERROR_WANT_WRITE && reason != SSL_ERROR_WANT_READ) Fail("SSL_write");
  return -1;
}

ssize_t Read(Client& client, char* data, size_t size) {
  if (client.ssl == nullptr) {
    ssize_t count = recv(client.fd, data, size, MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN) Fail("recv");
    return count;
  }
  size_t count = 0;
  if (SSL_read_ex(client.ssl, data, size, &count) == 1) return static_cast<ssize_t>(count);
  int reason = SSL_get_error(client.ssl, 0);
  if (reason == SSL_ERROR_ZERO_RETURN) return 0;
  if (reason != SSL_ERROR_WANT_READ) Fail("SSL_read");
  return -1;
}

void Send(Client& client) {
  while (client.sent < message.size()) {
    ssize_t count = Write(client, message.data() + client.sent, message.size() - client.sent);
    if (count < 0) {
      // A handshake waits for the server's bytes.
      bool shaking = client.ssl != nullptr && !SSL_is_init_finished(client.ssl);
      Watch(client, shaking ? EPOLLIN : EPOLLIN | EPOLLOUT);
      return;
    }
    client.sent += static_cast<size_t>(count);
  }
  Watch(client, EPOLLIN);
}

void Begin(Client& client) {
  client.sent = client.received = 0;
  Send(client);
}

// Whether an answer of HTTP is there whole: its head says how long its body is.
bool PageIsWhole(const std::string& page) {
  size_t head = page.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  for (const char* name : {"Content-Length: ", "content-length: "}) {
    size_t at = page.find(name);
    if (at < head) return page.size() >= head + 4 + std::strtoul(page.c_str() + at + 16, nullptr, 10);
  }
  std::fprintf(stderr, "load: an answer without Content-Length\n");
  std::exit(1);
}

void Done(Client& client, bool churn) {
  if (!client.due.empty()) client.start = client.due.front();
  auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - client.start);
  latencies.push_back(static_cast<uint32_t>(took.count()));
  ++operations;
  if (churn) {
    if (resume && SSL_session_reused(client.ssl) == 1) ++resumed;
    if (resume && session == nullptr) session = SSL_get1_session(client.ssl);
    Close(client);
    Connect(client);
  }
  if (!client.due.empty()) {
    client.due.pop_front();
    if (!client.due.empty()) Begin(client);
    return;
  }
  if (!again) return;
  if (!churn) client.start = Clock::now();
  Begin(client);
}

void Receive(Client& client, bool churn) {
  static std::vector<char> buffer(256 * 1024);
  for (;;) {
    ssize_t count = Read(client, buffer.data(), buffer.size());
    if (count < 0) break;
    if (count == 0) {
      errno = ECONNRESET;
      Fail("the server closed a connection");
    }
    auto size = static_cast<size_t>(count);
    if (http) {
      client.page.append(buffer.data(), size);
      if (!PageIsWhole(client.page)) continue;
      client.page.clear();
      Done(client, churn);
      return;
    }
    if (size > reply.size() - client.received ||
        std::memcmp(buffer.data(), reply.data() + client.received, size) != 0) {
      std::fprintf(stderr, "load: the answer is another one\n");
      std::exit(1);
    }
    client.received += size;
    if (client.received == reply.size()) {
      Done(client, churn);
      return;
    }
    if (client.ssl == nullptr) return;
  }
  if (client.sent < message.size()) Send(client);  // the handshake went on
}

void Turn(int timeout_ms, bool churn) {
  epoll_event events[256];
  int count = epoll_wait(epoll_fd, events, 256, timeout_ms);
  for (int i = 0; i < count; ++i) {
    auto& client = *static_cast<Client*>(events[i].data.ptr);
    if (events[i].events & EPOLLOUT) Send(client);
    if (events[i].events & ~static_cast<uint32_t>(EPOLLOUT)) Receive(client, churn);
  }
}

std::vector<std::unique_ptr<Client>> clients;

void Open(size_t width) {
  for (size_t i = 0; i < width; ++i) {
    clients.push_back(std::make_unique<Client>());
    Connect(*clients.back());
  }
}

// Tell prints a line of the measurement's steps at once.
void Tell(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

// Each connection echoes once, so that the server has accepted it and done its handshake.
void EchoOnce(size_t width) {
  again = false;
  for (size_t i = 0; i < width; ++i) {
    Open(1);
    Begin(*clients.back());
    while (operations == i) Turn(-1, false);
  }
}

void Summary(Clock::time_point begin) {
  double took = std::chrono::duration<double>(Clock::now() - begin).count();
  auto percentile = [](double share) -> uint32_t {
    if (latencies.empty()) return 0;
    auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), latencies.begin() + index, latencies.end());
    return latencies[static_cast<size_t>(index)];
  };
  std::ostringstream line;
  line << "{\"operations\":" << operations << ",\"seconds\":" << took
       << ",\"rate\":" << static_cast<double>(operations) / took << ",\"p50\":" << percentile(0.5)
       << ",\"p99\":" << percentile(0.99) << ",\"resumed\":" << resumed << "}";
  Tell(line.str());
}

// Run ends once what is on its way is back, so that it can be called again.
void Run(double seconds, bool churn) {
  auto begin = Clock::now();
  auto length = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  operations = 0;
  again = true;
  for (auto& client : clients) {
    client->start = begin;
    Begin(*client);
  }
  while (Clock::now() < begin + length && operations < most) Turn(100, churn);
  again = false;
  for (uint64_t all = operations + clients.size(); operations < all;) Turn(-1, churn);
  Summary(begin);
}

// An open loop: what is due is sent, or waits for its connection, whatever became of the ones before.
void RunAtRate(double seconds, double rate) {
  auto begin = Clock::now();
  operations = 0;
  auto after = [&](double s) {
    return begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
  };
  again = false;
  uint64_t sent = 0;
  for (auto now = begin; now < after(seconds); now = Clock::now()) {
    for (; after(static_cast<double>(sent) / rate) <= now; ++sent) {
      Client& client = *clients[sent % clients.size()];
      client.due.push_back(after(static_cast<double>(sent) / rate));
      if (client.due.size() == 1) Begin(client);
    }
    Turn(0, false);
  }
  // What has no answer yet took that long at least.
  const auto end = Clock::now();
  for (auto& client : clients)
    for (Clock::time_point due : client->due)
      latencies.push_back(static_cast<uint32_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(end - due).count()));
  Summary(begin);
}

int Usage() {
  std::fprintf(stderr,
               "usage: load echo PORT CONNECTIONS BYTES SECONDS [--tls] [--name NAME] [--line|--http]\n"
               "       load rate PORT CONNECTIONS BYTES SECONDS RATE [--tls] [--name NAME]\n"
               "       load churn PORT WIDTH SECONDS [--tls] [--name NAME] [--resume] [--count N]\n"
               "       load idle PORT CONNECTIONS [--tls] [--name NAME]\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words;
  bool tls = false, line = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "--tls")
      tls = true;
    else if (word == "--resume")
      resume = true;
    else if (word == "--line")
      line = true;
    else if (word == "--http")
      http = true;
    else if (word == "--count" && i + 1 < argc)
      most = std::stoull(argv[++i]);
    else if (word == "--name" && i + 1 < argc)
      server_name = argv[++i];
    else
      words.push_back(word);
  }
  std::string mode = words.empty() ? "" : words[0];
  size_t wanted = mode == "echo" ? 5 : mode == "rate" ? 6 : mode == "churn" ? 4 : mode == "idle" ? 3 : 0;
  if (wanted == 0 || words.size() != wanted || (resume && (!tls || mode != "churn")) ||
      ((line || http) && mode != "echo") || (!server_name.empty() && !tls))
    return Usage();
  signal(SIGPIPE, SIG_IGN);
  epoll_fd = epoll_create1(0);
  port = static_cast<uint16_t>(std::stoi(words[1]));
  auto width = static_cast<size_t>(std::stoi(words[2]));
  if (tls) {
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
  }
  message.resize(mode == "echo" || mode == "rate" ? std::stoul(words[3]) : 64);
  for (size_t i = 0; i < message.size(); ++i) message[i] = static_cast<char>('a' + i % 26);
  if (line && message.size() > 6) message.replace(0, 5, "PING ").back() = '\n';
  if (http) message = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  reply = message;
  if (line) reply[1] = 'O';
  mode == "churn" ? Open(width) : EchoOnce(width);
  latencies.clear();
  Tell("open");
  for (int byte; (byte = std::getchar()) != EOF;) {
    if (byte != '\n') continue;
    if (mode == "rate")
      RunAtRate(std::stod(words[4]), std::stod(words[5]));
    else if (mode != "idle")
      Run(std::stod(words.back()), mode == "churn");
  }
}
