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

// Clients has the descriptors of those that are served, who came first at the front.
class Clients {
 public:
  explicit Clients(Crowd crowd) : crowd_(crowd) {}

  // Enter waits for a place.
  void Enter(int client) {
    std::unique_lock lock(mutex_);
    if (clients_.size() >= kMostClients && crowd_ == Crowd::kDropOldest)
      (void)::shutdown(clients_.front(), SHUT_RDWR);  // its thread sees the end
    freed_.wait(lock, [this] { return clients_.size() < kMostClients; });
    clients_.push_back(client);
  }
  // Leave closes it.
  void Leave(int client) {
    std::lock_guard lock(mutex_);
    std::erase(clients_, client);
    sys::Close(client);
    freed_.notify_one();
  }

 private:
  const Crowd crowd_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable freed_;
  std::vector<int> clients_;
};

void Accept(int fd, Crowd crowd, const Service& service, const std::function<void(int)>& serve) {
  auto clients = std::make_shared<Clients>(crowd);
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

std::shared_ptr<Service> StartService(int fd, Crowd crowd, std::function<void(int client)> serve) {
  sys::SetNonBlocking(fd, false);
  auto service = std::make_shared<Service>(fd);
  bool started = StartThread([fd, crowd, service, serve = std::move(serve)] {
    pthread_setname_np(pthread_self(), "control");
    Accept(fd, crowd, *service, serve);
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

void FinishSending(int client) {
  constexpr std::chrono::milliseconds kPatience{1000};
  constexpr size_t kLongest = 64 * 1024;
  (void)sys::ShutdownWrite(client);
  LineReader rest(client, kLongest, kPatience);
  std::string line;
  while (rest.Next(&line)) continue;
}

LineReader::LineReader(int client, size_t most, std::chrono::milliseconds patience)
    : client_(client), most_(most), patience_(patience), began_(std::chrono::steady_clock::now()) {}

// Whether there is time; has read(2) wait no longer.
bool LineReader::MayRead() const {
  using namespace std::chrono;
  if (patience_.count() == 0) return true;
  auto left = duration_cast<microseconds>(began_ + patience_ - steady_clock::now());
  if (left.count() <= 0) return false;
  constexpr int64_t kSecond = 1'000'000;
  timeval limit{static_cast<time_t>(left.count() / kSecond), left.count() % kSecond};
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
    too_long_ = buffer_.size() > most_;
    if (too_long_ || !MayRead()) return false;
    char some[4096];
    ssize_t count = sys::Read(client_, some, sizeof some);
    if (count <= 0) return false;
    buffer_.append(some, static_cast<size_t>(count));
  }
}

}  // namespace sluice::control
