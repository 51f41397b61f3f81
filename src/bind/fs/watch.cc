// Internal. binding('watch'): changes of files and directories, by inotify(7).
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "engine/value.h"
#include "sys/files.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

constexpr uint32_t kEvents = IN_ATTRIB | IN_CREATE | IN_MODIFY | IN_DELETE | IN_DELETE_SELF |
                             IN_MOVE_SELF | IN_MOVED_FROM | IN_MOVED_TO;

// FileWatcher owns an inotify descriptor. It tells its listener of each event: (number of what is
// watched, whether only contents or attributes changed, name within a directory or undefined,
// whether it is a directory); of what is gone, the number alone. It keeps the loop alive unless
// SetRef(false).
class FileWatcher final : public RefCounted, private Watcher {
 public:
  FileWatcher(Engine& engine, int fd, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), fd_(fd), listener_(listener) {
    JSValueProtect(engine.context(), listener);
    Watch(fd, Watcher::kRead);
    Hold(true);
  }
  ~FileWatcher() override {
    Close();
    JSValueUnprotect(engine_.context(), listener_);
  }

  // Add returns a number for the path, or a negative errno value.
  int Add(const std::string& path, bool follow) {
    unsigned use = follow ? grant::kRead : grant::kRead | grant::kNoFollow;
    return sys::WatchPath(fd_, grant::ToPath(path, use), kEvents);
  }
  void Remove(int number) { inotify_rm_watch(fd_, number); }

  void SetRef(bool on) { Hold(on && fd_ >= 0); }
  void Close() {
    if (fd_ < 0) return;
    Hold(false);
    Unwatch(true);
    sys::Close(std::exchange(fd_, -1));
  }

 private:
  void OnReady(uint32_t) override {
    alignas(inotify_event) char buffer[16 * 1024];
    ssize_t count = sys::Read(fd_, buffer, sizeof buffer);
    for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if (fd_ < 0) return;
      (event->mask & IN_IGNORED) == 0 ? Tell(*event) : TellGone(event->wd);
    }
  }

  // What had the number is gone, and is watched no more.
  void TellGone(int number) {
    JSValueRef arguments[] = {JSValueMakeNumber(engine_.context(), number)};
    engine_.Call(listener_, arguments);
  }

  void Tell(const inotify_event& event) {
    JSContextRef context = engine_.context();
    bool change = (event.mask & (IN_ATTRIB | IN_MODIFY)) != 0;
    JSValueRef name = JSValueMakeUndefined(context);
    if (event.len > 0) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(event.name);
      name = MakeBytes(context, std::span(bytes, std::strlen(event.name)));
    }
    JSValueRef arguments[] = {JSValueMakeNumber(context, event.wd),
                              JSValueMakeBoolean(context, change), name,
                              JSValueMakeBoolean(context, (event.mask & IN_ISDIR) != 0)};
    engine_.Call(listener_, arguments);
  }

  void OnLoopEnd() override { Close(); }
  void Hold(bool on) {
    if (on == held_) return;
    held_ = on;
    on ? engine_.loop().Hold() : engine_.loop().Release();
  }

  Engine& engine_;
  int fd_;
  JSObjectRef listener_;
  bool held_ = false;
};

struct WatchState : BindingState {
  explicit WatchState(Engine&) {}
  std::unordered_map<int, Ref<FileWatcher>> watchers;  // by their descriptor
};

Ref<FileWatcher> Find(Call& call) {
  auto& watchers = call.engine().State<WatchState>().watchers;
  auto found = watchers.find(static_cast<int>(call.integer(0)));
  return found != watchers.end() ? found->second : nullptr;
}

// open(listener): a number for the calls below, or a negative errno value.
JSValueRef Open(Call& call) {
  JSObjectRef listener = call.object(0);
  if (call.failed()) return call.undefined();
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return call.number_value(-errno);
  call.engine().State<WatchState>().watchers.insert_or_assign(
      fd, Ref<FileWatcher>(new FileWatcher(call.engine(), fd, listener)));
  return call.number_value(fd);
}

// add(id, path, followLinks): a number for what is watched, or a negative errno value.
JSValueRef Add(Call& call) {
  auto watcher = Find(call);
  std::string path = call.string(1);
  if (call.failed()) return call.undefined();
  return call.number_value(watcher ? watcher->Add(path, call.boolean(2)) : -EBADF);
}

JSValueRef Remove(Call& call) {
  if (auto watcher = Find(call)) watcher->Remove(static_cast<int>(call.integer(1)));
  return call.undefined();
}

JSValueRef SetRef(Call& call) {
  if (auto watcher = Find(call)) watcher->SetRef(call.boolean(1));
  return call.undefined();
}

JSValueRef Close(Call& call) {
  if (auto watcher = Find(call)) watcher->Close();
  call.engine().State<WatchState>().watchers.erase(static_cast<int>(call.integer(0)));
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {{"open", Guarded<Open>},
                                        {"add", Guarded<Add>},
                                        {"remove", Guarded<Remove>},
                                        {"setRef", Guarded<SetRef>},
                                        {"close", Guarded<Close>}};

}  // namespace

void BindWatch(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
