// Internal. binding('iosched'): turns of the loop from within JavaScript, and events of a
// program's own descriptors.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

#include "engine/value.h"
#include "grant/holdings.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// One event of a program: its own duplicate of a descriptor, and what is waited for.
class EventWatcher final : public RefCounted, private Watcher {
 public:
  EventWatcher(Engine& engine, int fd, uint32_t interest, JSObjectRef callback)
      : Watcher(engine.loop(), *this), engine_(engine), fd_(fd), callback_(callback) {
    JSValueProtect(engine.context(), callback);
    Watch(fd, interest);
    engine.loop().Hold();
  }

  void Close() {
    if (fd_ < 0) return;
    Unwatch();  // the program's descriptor keeps the file open, and so in epoll
    sys::Close(fd_);
    fd_ = -1;
    JSValueUnprotect(engine_.context(), callback_);
    engine_.loop().Release();
  }

 private:
  ~EventWatcher() override { Close(); }
  void OnReady(uint32_t) override {
    if (fd_ >= 0) engine_.Call(callback_, {});
  }
  void OnLoopEnd() override { Close(); }

  Engine& engine_;
  int fd_;
  JSObjectRef callback_;
};

class IoschedState final : public BindingState {
 public:
  explicit IoschedState(Engine&) {}
  ~IoschedState() override {
    for (auto& event : events)
      if (event) event->Close();
  }
  std::vector<Ref<EventWatcher>> events;
};

// poll(timeoutMs): one turn; -1 sets no limit
JSValueRef Poll(Call& call) {
  double timeout = call.number(0);
  if (call.failed()) return call.undefined();
  int64_t limit = timeout < 0 ? -1 : call.integer(0);
  call.engine().Poll(limit, call.exception());
  if (call.engine().ending()) return call.Terminate();
  return call.undefined();
}

// watch(fd, 0 read | 1 write | 2 except, callback) → number, or -errno
JSValueRef Watch(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  int64_t type = call.integer(1);
  JSObjectRef callback = call.object(2);
  if (call.failed()) return call.undefined();
  if (int error = grant::ToDescriptor(fd, grant::kUsable).error()) return call.number_value(error);
  if (fd < 0 || fcntl(fd, F_GETFD) < 0) return call.number_value(-EBADF);
  uint32_t interest = type == 0 ? EPOLLIN : type == 1 ? EPOLLOUT : EPOLLPRI;
  // One descriptor may be in a loop's epoll once: a duplicate makes room for any number.
  int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return call.number_value(-errno);
  auto& events = call.engine().State<IoschedState>().events;
  auto place = std::find_if(events.begin(), events.end(), [](auto& one) { return !one; });
  if (place == events.end()) place = events.emplace(events.end());
  *place = Ref<EventWatcher>(new EventWatcher(call.engine(), own, interest, callback));
  return call.number_value(static_cast<double>(place - events.begin()));
}

JSValueRef Unwatch(Call& call) {
  auto& events = call.engine().State<IoschedState>().events;
  auto index = static_cast<size_t>(call.integer(0));
  if (index < events.size() && events[index]) {
    events[index]->Close();
    events[index] = nullptr;
  }
  return call.undefined();
}

// ready(reads, writes, excepts) → the same three lists with the ready ones, without waiting
JSValueRef Ready(Call& call) {
  std::vector<pollfd> fds;
  std::vector<size_t> ends;
  constexpr short kEvents[] = {POLLIN, POLLOUT, POLLPRI};
  for (size_t list = 0; list < 3; ++list) {
    JSObjectRef array = call.object(list);
    if (array == nullptr) return call.undefined();
    double length =
        JSValueToNumber(call.context(), Get(call.context(), array, "length"), call.exception());
    for (unsigned i = 0; i < length && !call.failed(); ++i) {
      JSValueRef value = JSObjectGetPropertyAtIndex(call.context(), array, i, call.exception());
      double fd = JSValueToNumber(call.context(), value, call.exception());
      bool valid = fd >= 0 && fd <= INT_MAX;  // poll(2) passes over negative ones
      if (valid && grant::ToDescriptor(static_cast<int>(fd), grant::kUsable).error() != 0)
        valid = false;
      fds.push_back({valid ? static_cast<int>(fd) : -1, kEvents[list], 0});
    }
    ends.push_back(fds.size());
  }
  if (call.failed()) return call.undefined();
  (void)::poll(fds.data(), fds.size(), 0);
  JSValueRef lists[3];
  size_t next = 0;
  for (size_t list = 0; list < 3; ++list) {
    std::vector<JSValueRef> ready;
    for (; next < ends[list]; ++next)
      if (fds[next].revents != 0) ready.push_back(call.number_value(fds[next].fd));
    lists[list] = call.array_value(ready);
  }
  return call.array_value(lists);
}

constexpr FunctionEntry kFunctions[] = {
    {"watch", Guarded<Watch>},
    {"unwatch", Guarded<Unwatch>},
    {"ready", Guarded<Ready>},
};

}  // namespace

void BindIosched(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("poll", MakeFunction(binder.context(), "poll", Last(Waiting<Poll>)));
}

}  // namespace sluice::js
