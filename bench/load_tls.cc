// Load for a TLS echo server: what an idle connection costs, bulk echo, handshakes.
//   load_tls PORT PID idle|bulk|full|resumed [version 12|13] [seconds]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
int port;
SSL_CTX* context;
SSL_SESSION* session;
std::atomic<int> made{0};

int Dial() {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
  return fd;
}

SSL* Connect(SSL_SESSION* resume) {
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, Dial());
  if (resume != nullptr) {
    // A copy: OpenSSL uses a session of TLS 1.3 once.
    SSL_SESSION* copy = SSL_SESSION_dup(resume);
    SSL_set_session(ssl, copy);
    SSL_SESSION_free(copy);
  }
  if (SSL_connect(ssl) != 1) std::exit(1);
  return ssl;
}

void Echo(SSL* ssl, size_t size) {
  std::vector<char> data(size, 'x');
  SSL_write(ssl, data.data(), static_cast<int>(size));
  for (size_t have = 0; have < size;) {
    int count = SSL_read(ssl, data.data(), static_cast<int>(size));
    if (count <= 0) std::exit(1);
    have += static_cast<size_t>(count);
  }
}

void Disconnect(SSL* ssl) {
  SSL_shutdown(ssl);
  close(SSL_get_fd(ssl));
  SSL_free(ssl);
}

long Resident(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string line;
  while (std::getline(status, line))
    if (line.rfind("VmRSS:", 0) == 0) return std::atol(line.c_str() + 6) * 1024;
  return 0;
}

double CpuSeconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  unsigned long user = 0, system = 0;
  std::sscanf(text.c_str() + text.rfind(')') + 2,
              "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void Idle(int pid) {
  std::vector<SSL*> warm;
  for (int i = 0; i < 50; ++i) warm.push_back(Connect(nullptr));
  for (SSL* ssl : warm) Echo(ssl, 100);
  long before = Resident(pid);
  std::vector<SSL*> all;
  for (int i = 0; i < 3000; ++i) {
    all.push_back(Connect(nullptr));
    Echo(all.back(), 100);
  }
  std::printf("idle: %ld bytes per connection\n", (Resident(pid) - before) / 3000);
}

void Bulk(int pid, double seconds) {
  std::atomic<uint64_t> bytes{0};
  double cpu = CpuSeconds(pid);
  auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      SSL* ssl = Connect(nullptr);
      while (Clock::now() < end) {
        Echo(ssl, 256 * 1024);
        bytes += 256 * 1024;
      }
      Disconnect(ssl);
    });
  }
  for (auto& thread : threads) thread.join();
  cpu = CpuSeconds(pid) - cpu;
  double megabytes = static_cast<double>(bytes) / 1e6;
  std::printf("bulk: %.0f MB/s echoed, %.0f MB per second of the server's CPU\n",
              megabytes / seconds, megabytes / cpu);
}

void Handshakes(int pid, double seconds, bool resume) {
  double cpu = CpuSeconds(pid);
  int count = 0, reused = 0;
  auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end) {
    SSL* ssl = Connect(resume ? session : nullptr);
    reused += SSL_session_reused(ssl);
    Echo(ssl, 1);
    Disconnect(ssl);
    ++count;
  }
  cpu = CpuSeconds(pid) - cpu;
  std::printf("%s: %.0f/s, %.0f per second of the server's CPU (%d of %d resumed)\n",
              resume ? "resumed" : "full", count / seconds, count / cpu, reused, count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 1;
  signal(SIGPIPE, SIG_IGN);
  port = std::atoi(argv[1]);
  int pid = std::atoi(argv[2]);
  std::string mode = argv[3];
  context = SSL_CTX_new(TLS_client_method());
  if (argc > 4 && std::string(argv[4]) == "12")
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  double seconds = argc > 5 ? std::atof(argv[5]) : 4;
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, [](SSL*, SSL_SESSION* fresh) {
    if (session != nullptr) return 0;
    session = fresh;
    return 1;
  });
  SSL* first = Connect(nullptr);
  Echo(first, 1);
  if (mode == "idle") Idle(pid);
  if (mode == "bulk") Bulk(pid, seconds);
  if (mode == "full") Handshakes(pid, seconds, false);
  if (mode == "resumed") Handshakes(pid, seconds, true);
}
