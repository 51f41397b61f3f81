#include "control/service.h"

#include <pthread.h>
#include <sys/time.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr size_t kMostClients = 16;
constexpr time_t kSendSeconds = 10;  // for a client that does not read

bool StartThread(std::function<void()> run) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread(std::move(run)).detach();
  } catch (const std::system_error&) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

// Clients are those that are served, the oldest first.
class Clients {
 public:
  explicit Clients(WhenFull when_full) : when_full_(when_full) {}
  void Enter(int fd) {
    std::unique_lock lock(mutex_);
    if (fds_.size() >= kMostClients && when_full_ == WhenFull::kCutOldest)
      (void)::shutdown(fds_.front(), SHUT_RDWR);
    freed_.wait(lock, [this] { return fds_.size() < kMostClients; });
    fds_.push_back(fd);
  }
  // Leave closes the descriptor, whose number is nobody else's before.
  void Leave(int fd) {
    std::lock_guard lock(mutex_);
    std::erase(fds_, fd);
    sys::Close(fd);
    freed_.notify_one();
  }

 private:
  const WhenFull when_full_;
  std::mutex mutex_;  // guards fds_
  std::condition_variable freed_;
  std::vector<int> fds_;
};

void Accept(int fd, const Service& service, WhenFull when_full,
            const std::function<void(int)>& serve) {
  auto clients = std::make_shared<Clients>(when_full);
  for (;;) {
    int client = sys::Accept(fd, nullptr);
    if (client < 0) {
      if (service.stopped()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // no descriptor is free
      continue;
    }
    sys::SetNonBlocking(client, false);
    timeval limit{kSendSeconds, 0};
    (void)setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    clients->Enter(client);
    auto run = [clients, client, serve] {
      serve(client);
      clients->Leave(client);
    };
    if (!StartThread(run)) clients->Leave(client);
  }
  sys::Close(fd);
}

}  // namespace

void Service::Stop() {
  std::lock_guard lock(mutex_);
  if (stopped_) return;
  stopped_ = true;
  (void)::shutdown(fd_, SHUT_RDWR);  // wakes accept(2)
}

bool Service::stopped() const {
  std::lock_guard lock(mutex_);
  return stopped_;
}

std::shared_ptr<Service> StartService(int fd, WhenFull when_full,
                                      std::function<void(int client)> serve) {
  sys::SetNonBlocking(fd, false);
  auto service = std::make_shared<Service>(fd);
  bool started = StartThread([fd, service, when_full, serve = std::move(serve)] {
    pthread_setname_np(pthread_self(), "control");
    Accept(fd, *service, when_full, serve);
  });
  return started ? service : nullptr;
}

int ListenAt(const grant::AddressGrant& address, Address* bound, Error* error) {
  constexpr int kBacklog = 16;
  int fd = sys::Socket(address.address().family(), SOCK_STREAM);
  int result = fd;
  if (result >= 0) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0) result = sys::Bind(fd, address);
  if (result >= 0) result = sys::Listen(fd, kBacklog);
  if (result >= 0) result = sys::LocalAddress(fd, bound);
  if (result >= 0) return fd;
  *error = Error::System("listen", -result, address.address().text());
  if (fd >= 0) sys::Close(fd);
  return -1;
}

bool Send(int client, std::string_view text) {
  uint64_t until = sys::MonotonicMs() + kSendSeconds * 1000;
  while (!text.empty()) {
    ssize_t sent = ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<size_t>(sent));
    // A byte now and then is not reading.
    if (!text.empty() && sys::MonotonicMs() >= until) return false;
  }
  return true;
}

// Has a read wait until then at most; returns whether there is time left.
bool LineReader::InTime() const {
  if (until_ms_ == kForEver) return true;
  uint64_t now = sys::MonotonicMs();
  if (now >= until_ms_) return false;
  auto left = static_cast<int64_t>(until_ms_ - now);
  timeval limit{left / 1000, left % 1000 * 1000};
  return setsockopt(client_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0;
}

bool LineReader::Next(std::string* line) {
  for (;;) {
    size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      *line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return true;
    }
    if (buffer_.size() > most_ || !InTime()) return false;
    char some[4096];
    ssize_t count = sys::Read(client_, some, sizeof some);
    if (count <= 0) return false;
    buffer_.append(some, static_cast<size_t>(count));
  }
}

}  // namespace sluice::control
