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

#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr int kMostClients = 16;
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

// Places counts the clients that are served.
class Places {
 public:
  void Take() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return taken_ < kMostClients; });
    ++taken_;
  }
  void Free() {
    std::lock_guard lock(mutex_);
    --taken_;
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;  // guards taken_
  std::condition_variable freed_;
  int taken_ = 0;
};

void Accept(int fd, const Service& service, const std::function<void(int)>& serve) {
  auto places = std::make_shared<Places>();
  for (;;) {
    places->Take();
    int client = sys::Accept(fd, nullptr);
    if (client < 0) {
      places->Free();
      if (service.stopped()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // no descriptor is free
      continue;
    }
    sys::SetNonBlocking(client, false);
    timeval limit{kSendSeconds, 0};
    (void)setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    auto run = [places, client, serve] {
      serve(client);
      sys::Close(client);
      places->Free();
    };
    if (StartThread(run)) continue;
    sys::Close(client);
    places->Free();
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

std::shared_ptr<Service> StartService(int fd, std::function<void(int client)> serve) {
  sys::SetNonBlocking(fd, false);
  auto service = std::make_shared<Service>(fd);
  bool started = StartThread([fd, service, serve = std::move(serve)] {
    pthread_setname_np(pthread_self(), "control");
    Accept(fd, *service, serve);
  });
  return started ? service : nullptr;
}

int ListenAt(const Address& address, Address* bound, Error* error) {
  constexpr int kBacklog = 16;
  int fd = sys::Socket(address.family(), SOCK_STREAM);
  int result = fd;
  if (result >= 0) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0) result = sys::Bind(fd, address);
  if (result >= 0) result = sys::Listen(fd, kBacklog);
  if (result >= 0) result = sys::LocalAddress(fd, bound);
  if (result >= 0) return fd;
  *error = Error::System("listen", -result, address.text());
  if (fd >= 0) sys::Close(fd);
  return -1;
}

bool Send(int client, std::string_view text) {
  while (!text.empty()) {
    ssize_t sent = ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool LineReader::Next(std::string* line) {
  for (;;) {
    size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      *line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return true;
    }
    if (buffer_.size() > most_) return false;
    char some[4096];
    ssize_t count = sys::Read(client_, some, sizeof some);
    if (count <= 0) return false;
    buffer_.append(some, static_cast<size_t>(count));
  }
}

}  // namespace sluice::control
