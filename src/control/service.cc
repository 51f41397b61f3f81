#include "control/service.h"

#include <pthread.h>
#include <sys/time.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr size_t kMostClients = 16;
constexpr std::chrono::milliseconds kAskMs{200};  // in which a client is not cut off
constexpr time_t kSendSeconds = 10;               // for a client that does not read

// The thread ends where there is no memory for what it does.
bool StartThread(std::function<void()> run) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread([run = std::move(run)] {
      try {
        run();
      } catch (const std::bad_alloc&) {
      }
    }).detach();
  } catch (const std::exception&) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

// A client that is served.
struct Client {
  int fd;
  const std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  std::atomic<bool> answering = false;
};
thread_local Client* served = nullptr;  // by this thread

// Clients has those that are served, who came first at the front.
class Clients {
 public:
  explicit Clients(Crowd crowd) : crowd_(crowd) {}

  // Enter waits for a place. Throws std::bad_alloc.
  Client* Enter(int fd) {
    std::unique_lock lock(mutex_);
    auto room = [this] { return clients_.size() < kMostClients; };
    while (!room()) {
      auto idle = std::find_if(clients_.begin(), clients_.end(),
                               [](const auto& one) { return !one->answering; });
      if (crowd_ == Crowd::kWait || idle == clients_.end()) {
        freed_.wait(lock);
      } else if (!freed_.wait_until(lock, (*idle)->since + kAskMs, room)) {
        (void)::shutdown((*idle)->fd, SHUT_RDWR);  // its thread sees it
        freed_.wait(lock, room);
      }
    }
    clients_.push_back(std::make_unique<Client>(fd));
    return clients_.back().get();
  }
  // Leave closes it.
  void Leave(Client* client) {
    std::lock_guard lock(mutex_);
    sys::Close(client->fd);
    std::erase_if(clients_, [client](const auto& one) { return one.get() == client; });
    freed_.notify_one();
  }

 private:
  const Crowd crowd_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Client>> clients_;
};

// Place is one that is served, until the end of the place.
class Place {
 public:
  explicit Place(std::shared_ptr<Clients> clients) : clients_(std::move(clients)) {}
  ~Place() {
    if (client_ != nullptr) clients_->Leave(client_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  void Enter(int fd) { client_ = clients_->Enter(fd); }
  void Serve(const std::function<void(int)>& serve) {
    served = client_;
    serve(client_->fd);
  }

 private:
  std::shared_ptr<Clients> clients_;
  Client* client_ = nullptr;
};

// Whether it has a place, which closes it at the end.
bool Admit(int fd, const std::shared_ptr<Clients>& clients,
           const std::function<void(int)>& serve) try {
  auto place = std::make_shared<Place>(clients);
  std::function<void()> run = [place, serve] { place->Serve(serve); };
  place->Enter(fd);
  StartThread(std::move(run));
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

void Accept(int fd, Crowd crowd, const Service& service, const std::function<void(int)>& serve) {
  auto clients = std::make_shared<Clients>(crowd);
  for (;;) {
    int accepted = sys::Accept(fd, nullptr);
    if (accepted < 0) {
      if (service.stopped()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // no descriptor is free
      continue;
    }
    sys::SetNonBlocking(accepted, false);
    timeval limit{kSendSeconds, 0};
    (void)setsockopt(accepted, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (!Admit(accepted, clients, serve)) sys::Close(accepted);
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
  constexpr int kBacklog = 128;
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

void Answering(bool now) {
  if (served != nullptr) served->answering = now;
}

void FinishSending(int client) {
  Answering(false);
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
