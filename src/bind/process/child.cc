// Internal. binding('child'): child processes.
#include "sys/child.h"

#include <unordered_map>

#include "engine/value.h"
#include "grant/holdings.h"
#include "grant/run.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// ChildWatcher tells a JavaScript function of a child's end: (code, signal). It keeps the loop
// alive until then, unless SetRef(false).
class ChildWatcher final : public RefCounted, private Watcher {
 public:
  ChildWatcher(Engine& engine, const sys::Child& child, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), child_(child), listener_(listener) {
    JSValueProtect(engine.context(), listener);
    Watch(child.pidfd, Watcher::kRead);
    Hold(true);
  }
  ~ChildWatcher() override {
    Forget();
    JSValueUnprotect(engine_.context(), listener_);
  }

  int Kill(int signal) {
    return child_.pidfd < 0 ? -ESRCH : sys::SignalChild(child_.pidfd, signal);
  }
  void SetRef(bool on) { Hold(on && child_.pidfd >= 0); }

 private:
  void OnReady(uint32_t) override {
    sys::ChildEnd end;
    int error = child_.pidfd < 0 ? -EAGAIN : sys::TakeEnd(child_.pidfd, &end);
    if (error == -EAGAIN) return;
    Forget();
    JSValueRef arguments[] = {JSValueMakeNumber(engine_.context(), end.code),
                              JSValueMakeNumber(engine_.context(), end.signal)};
    engine_.Call(listener_, arguments);
  }
  void OnLoopEnd() override { Forget(); }

  void Forget() {
    if (child_.pidfd < 0) return;
    Hold(false);
    Unwatch(true);
    sys::Close(std::exchange(child_.pidfd, -1));
  }
  void Hold(bool on) {
    if (on == held_) return;
    held_ = on;
    on ? engine_.loop().Hold() : engine_.loop().Release();
  }

  Engine& engine_;
  sys::Child child_;
  JSObjectRef listener_;
  bool held_ = false;
};

struct ChildState : BindingState {
  explicit ChildState(Engine&) {}
  std::unordered_map<pid_t, Ref<ChildWatcher>> children;
};

std::vector<std::string> Strings(Call& call, JSObjectRef list) {
  std::vector<std::string> texts;
  if (list == nullptr) return texts;
  double length = JSValueToNumber(call.context(), Get(call.context(), list, "length"), nullptr);
  for (unsigned i = 0; i < length; ++i)
    texts.push_back(
        Text(call.context(), JSObjectGetPropertyAtIndex(call.context(), list, i, nullptr)));
  return texts;
}

// Arguments from i on: file, arguments, environment, directory, session.
sys::ChildOptions Options(Call& call) {
  sys::ChildOptions options;
  options.file = call.string(0);
  options.arguments = Strings(call, call.object(1));
  options.environment = Strings(call, call.object(2));
  options.directory = call.string(3);
  options.session = call.boolean(4);
  return options;
}

// A descriptor that a child gets: -1 for none.
int MayPass(int fd) {
  return fd < 0 ? 0 : grant::ToDescriptor(fd, grant::kUsable).error();
}

sys::Child Start(sys::ChildOptions& options) {
  std::string program = sys::FindProgram(options);
  if (grant::Restricted()) {
    // A name that is nowhere is refused as one that is not allowed, or it would tell what is there.
    if (program.empty()) program = options.file;
    // As the child sees it.
    if (!options.directory.empty() && !program.starts_with('/'))
      program = options.directory + "/" + program;
    // A child that begins elsewhere tells whether that is there.
    if (!options.directory.empty()) {
      grant::PathGrant directory = grant::ToPath(options.directory, grant::kRead);
      if (directory.error() != 0) return {directory.error()};
      if (directory.pinned()) options.directory = directory.real();
    }
  }
  grant::PathGrant grant = grant::ToRun(program, options.environment);
  grant::Inherit(options.environment);
  return sys::StartChild(options, grant);
}

// spawn(file, arguments, environment, directory, session, descriptors, user, group, exited): the
// child's number or a negative errno value. descriptors are the parent's by the child's number, -1
// for none; user and group are -1 for those of the parent. exited(code, signal) is called once,
// never from within.
JSValueRef Spawn(Call& call) {
  sys::ChildOptions options = Options(call);
  for (const std::string& fd : Strings(call, call.object(5)))
    options.descriptors.push_back(std::atoi(fd.c_str()));
  options.user = call.integer(6);
  options.group = call.integer(7);
  JSObjectRef exited = call.object(8);
  if (call.failed()) return call.undefined();
  for (int fd : options.descriptors) {
    if (int error = MayPass(fd)) return call.number_value(error);
  }
  sys::Child child = Start(options);
  if (child.pid < 0) return call.number_value(child.pid);
  call.engine().State<ChildState>().children.insert_or_assign(
      child.pid, Ref<ChildWatcher>(new ChildWatcher(call.engine(), child, exited)));
  return call.number_value(child.pid);
}

// replace(file, arguments, environment): runs a program in place of this one; a negative errno
// value where it cannot.
JSValueRef Replace(Call& call) {
  sys::ChildOptions options;
  options.file = call.string(0);
  options.arguments = Strings(call, call.object(1));
  options.environment = Strings(call, call.object(2));
  if (call.failed()) return call.undefined();
  grant::PathGrant grant = grant::ToRun(options.file, options.environment);
  grant::Inherit(options.environment);
  return call.number_value(sys::ReplaceProcess(options, grant));
}

ChildWatcher* Find(Call& call) {
  auto& children = call.engine().State<ChildState>().children;
  auto found = children.find(static_cast<pid_t>(call.integer(0)));
  return found != children.end() ? found->second.get() : nullptr;
}

// forget(pid): after its end.
JSValueRef Forget(Call& call) {
  call.engine().State<ChildState>().children.erase(static_cast<pid_t>(call.integer(0)));
  return call.undefined();
}

// kill(pid, signal): 0 or a negative errno value.
JSValueRef Kill(Call& call) {
  ChildWatcher* child = Find(call);
  return call.number_value(child ? child->Kill(static_cast<int>(call.integer(1))) : -ESRCH);
}

JSValueRef SetRef(Call& call) {
  if (ChildWatcher* child = Find(call)) child->SetRef(call.boolean(1));
  return call.undefined();
}

// pair(): two connected descriptors that close in children, or a negative errno value.
JSValueRef Pair(Call& call) {
  int fds[2];
  if (int error = sys::SocketPair(fds); error < 0) return call.number_value(error);
  // The child's end blocks, as programs expect of their standard descriptors.
  sys::SetNonBlocking(fds[1], false);
  for (int fd : fds) grant::Hold(fd, grant::kAllRights);
  JSValueRef values[] = {call.number_value(fds[0]), call.number_value(fds[1])};
  return call.array_value(values);
}

// close(fd)
JSValueRef Close(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  if (int error = grant::ToClose(fd).error()) return call.number_value(error);
  grant::Forget(fd);
  return call.number_value(sys::Close(fd));
}

// run(file, arguments, environment, directory, session, kinds, user, group, input, timeoutMs,
// maxBytes, killSignal): runs a child to its end. kinds are by the child's number: a descriptor, -1
// for /dev/null, -2 for a pipe; the first pipe gets the input if its number is 0. Returns a
// negative errno value, or [pid, code, signal, error, output...], an output for each pipe beyond 0.
JSValueRef Run(Call& call) {
  sys::ChildOptions options = Options(call);
  sys::RunOptions run;
  std::vector<int> theirs;
  int error = 0;
  for (const std::string& kind : Strings(call, call.object(5))) {
    int fd = std::atoi(kind.c_str());
    if (error == 0 && fd >= 0) error = MayPass(fd);
    if (fd == -2 && error == 0) {
      int fds[2];
      error = sys::SocketPair(fds);
      if (error < 0) break;
      sys::SetNonBlocking(fds[1], false);
      if (options.descriptors.empty())
        run.input_at = fds[0];
      else
        run.outputs.push_back(fds[0]);
      theirs.push_back(fds[1]);
      fd = fds[1];
    }
    options.descriptors.push_back(fd);
  }
  options.user = call.integer(6);
  options.group = call.integer(7);
  run.timeout_ms = call.integer(9);
  run.max_bytes = static_cast<size_t>(call.integer(10));
  run.kill_signal = static_cast<int>(call.integer(11));
  run.input = call.bytes(8);
  sys::Child child;
  child.pid = error;
  if (error == 0 && !call.failed()) child = Start(options);
  for (int fd : theirs) sys::Close(fd);
  if (child.pid <= 0) {
    if (run.input_at >= 0) sys::Close(run.input_at);
    for (int fd : run.outputs) sys::Close(fd);
    return call.number_value(child.pid);
  }
  sys::RunResult result = sys::RunChild(child, std::move(run));
  JSContextRef context = call.context();
  const JSValueRef numbers[] = {call.number_value(child.pid), call.number_value(result.end.code),
                                call.number_value(result.end.signal),
                                call.number_value(result.error)};
  JSObjectRef values = JSObjectMakeArray(context, std::size(numbers), numbers, call.exception());
  // The array keeps each while the next one is made.
  auto index = static_cast<unsigned>(std::size(numbers));
  for (const std::string& output : result.outputs)
    JSObjectSetPropertyAtIndex(
        context, values, index++,
        MakeBytes(context,
                  std::span(reinterpret_cast<const uint8_t*>(output.data()), output.size())),
        call.exception());
  return values;
}

constexpr FunctionEntry kFunctions[] = {
    {"spawn", Guarded<Spawn>}, {"replace", Guarded<Replace>}, {"forget", Guarded<Forget>},
    {"kill", Guarded<Kill>},   {"setRef", Guarded<SetRef>},   {"pair", Guarded<Pair>},
    {"close", Guarded<Close>}, {"run", Guarded<Run>},
};

}  // namespace

void BindChild(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
