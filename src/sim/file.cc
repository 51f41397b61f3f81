// Descriptors, eventfds and epoll.
#include <sys/epoll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "sim/calls.h"
#include "sim/world.h"

namespace sluice::sim {
namespace {

void Unregister(Epoll* epoll, const Registration& registration) {
  auto& watchers = registration.file->watchers;
  auto found = std::find(watchers.begin(), watchers.end(), epoll);
  if (found != watchers.end()) watchers.erase(found);
}

uint32_t SocketEvents(const Socket& socket) {
  uint32_t events = socket.error != 0 ? EPOLLERR : 0u;
  if (socket.type == SOCK_DGRAM) {
    if (!socket.datagrams.empty()) events |= EPOLLIN;
    return events | EPOLLOUT;
  }
  switch (socket.state) {
    case State::kFresh:
      return events | EPOLLOUT | EPOLLHUP;
    case State::kListening:
      return events | (socket.queue.empty() ? 0u : EPOLLIN);
    case State::kConnecting:
      return events;
    case State::kClosed:
      return events | EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLRDHUP;
    case State::kConnected:
      break;
  }
  if (!socket.in.empty()) events |= EPOLLIN;
  if (socket.ended) events |= EPOLLIN | EPOLLRDHUP;
  if (socket.ended && socket.shut) events |= EPOLLHUP;
  // As Linux: where a third of the buffer is free.
  size_t used = socket.peer != nullptr ? socket.peer->in.size() : socket.out.size();
  size_t limit = socket.peer != nullptr ? socket.peer->in_limit : socket.out_limit;
  if (socket.shut || used * 3 <= limit * 2) events |= EPOLLOUT;
  return events;
}

}  // namespace

File* Find(int fd) {
  auto index = static_cast<size_t>(fd - kFirstDescriptor);
  auto& files = self->host->files;
  return index < files.size() ? files[index] : nullptr;
}

int Open(File* file) {
  auto& files = self->host->files;
  auto free = std::find(files.begin(), files.end(), nullptr);
  if (free == files.end()) free = files.insert(files.end(), nullptr);
  *free = file;
  ++file->refs;
  return kFirstDescriptor + static_cast<int>(free - files.begin());
}

void LetGo(File* file) {
  if (--file->refs > 0) return;
  for (Epoll* epoll : file->watchers)
    std::erase_if(epoll->registrations, [&](auto& one) { return one.second.file == file; });
  file->watchers.clear();
  switch (file->kind) {
    case FileKind::kEpoll: {
      auto* epoll = static_cast<Epoll*>(file);
      for (auto& [fd, registration] : epoll->registrations) Unregister(epoll, registration);
      for (Thread* thread : world->threads)
        if (thread->epoll == epoll) thread->epoll = nullptr;
      Destroy(epoll);
      break;
    }
    case FileKind::kEvent:
      Destroy(static_cast<EventCounter*>(file));
      break;
    case FileKind::kSocket:
      CloseStream(static_cast<Socket*>(file));
      break;
  }
}

void Changed(File* file) {
  for (Epoll* epoll : file->watchers) epoll->stale = true;
}

uint32_t ReadyEvents(const File* file) {
  switch (file->kind) {
    case FileKind::kEpoll:
      return 0;
    case FileKind::kEvent:
      return EPOLLOUT | (static_cast<const EventCounter*>(file)->count > 0 ? EPOLLIN : 0u);
    case FileKind::kSocket:
      return SocketEvents(*static_cast<const Socket*>(file));
  }
  return 0;
}

bool IsReady(Epoll* epoll) {
  if (!epoll->stale) return false;
  for (auto& [fd, one] : epoll->registrations)
    if ((ReadyEvents(one.file) & (one.events | EPOLLERR | EPOLLHUP)) != 0) return true;
  epoll->stale = false;
  return false;
}

// ---- Calls

int Close(int fd) {
  File* file = Find(fd);
  if (file == nullptr) return -EBADF;
  self->host->files[static_cast<size_t>(fd - kFirstDescriptor)] = nullptr;
  LetGo(file);
  return 0;
}

int Duplicate(int fd) {
  File* file = Find(fd);
  return file != nullptr ? Open(file) : -EBADF;
}

int EpollCreate() {
  return Open(Make<Epoll>(self->host));
}

int EventFd() {
  return Open(Make<EventCounter>(self->host));
}

int EpollSet(int epoll_fd, int fd, uint32_t events, uint32_t registered, uint64_t data) {
  auto* epoll = static_cast<Epoll*>(Find(epoll_fd));
  if (!Owns(fd)) {
    // What is read from outside has an end and nothing else; files are always ready, others never.
    struct stat status;
    if (fstat(fd, &status) != 0) return -EBADF;
    return S_ISREG(status.st_mode) || S_ISCHR(status.st_mode) ? -EPERM : 0;
  }
  File* file = Find(fd);
  if (file == nullptr) return -EBADF;
  epoll->stale = true;
  auto found = epoll->registrations.find(fd);
  if (registered == 0) {
    if (found != epoll->registrations.end()) return -EEXIST;
    epoll->registrations.emplace(fd, Registration{file, events, data});
    file->watchers.push_back(epoll);
    return 0;
  }
  if (found == epoll->registrations.end()) return -ENOENT;
  found->second.events = events;
  found->second.data = data;
  return 0;
}

void EpollDelete(int epoll_fd, int fd) {
  auto* epoll = static_cast<Epoll*>(Find(epoll_fd));
  auto found = epoll->registrations.find(fd);
  if (found == epoll->registrations.end()) return;
  Unregister(epoll, found->second);
  epoll->registrations.erase(found);
}

int EpollWait(int epoll_fd, epoll_event* events, int capacity, int64_t timeout_ms) {
  auto* epoll = static_cast<Epoll*>(Find(epoll_fd));
  self->where = Thread::Where::kWaiting;
  self->epoll = epoll;
  self->deadline =
      timeout_ms < 0 ? UINT64_MAX : world->now + static_cast<uint64_t>(timeout_ms) * kMs;
  Pass();
  self->epoll = nullptr;
  Vector<epoll_event> ready;
  for (auto& [fd, one] : epoll->registrations) {
    uint32_t found = ReadyEvents(one.file) & (one.events | EPOLLERR | EPOLLHUP);
    if (found == 0) continue;
    epoll_event event{};
    event.events = found;
    event.data.u64 = one.data;
    ready.push_back(event);
  }
  // The kernel promises no order.
  for (size_t i = ready.size(); i > 1; --i) std::swap(ready[i - 1], ready[world->random.Below(i)]);
  size_t count = std::min(ready.size(), static_cast<size_t>(capacity));
  std::copy_n(ready.begin(), count, events);
  return static_cast<int>(count);
}

}  // namespace sluice::sim
