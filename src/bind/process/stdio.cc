// Internal. binding('stdio'): the standard descriptors: writes that wait, reads that do not,
// terminals.
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <unordered_map>

#include "engine/value.h"
#include "grant/holdings.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// ---- Input

// Input reads a pipe, socket or terminal whenever there is something. It asks poll(2) before each
// read instead of setting O_NONBLOCK, which other processes with the same open file would see.
// It keeps the loop alive while it reads, unless SetRef(false). It does not own the descriptor.
class Input final : public RefCounted, private Watcher {
 public:
  Input(Engine& engine, int fd, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), fd_(fd), listener_(listener) {
    JSValueProtect(engine.context(), listener);
  }
  ~Input() override {
    Stop();
    JSValueUnprotect(engine_.context(), listener_);
  }

  void Start() {
    if (reading_) return;
    reading_ = true;
    Watch(fd_, Watcher::kRead);
    Hold();
  }
  void Stop() {
    if (!reading_) return;
    reading_ = false;
    Unwatch();
    Hold();
  }
  void SetRef(bool on) {
    ref_wanted_ = on;
    Hold();
  }

 private:
  void Hold() {
    bool hold = reading_ && ref_wanted_;
    if (hold == held_) return;
    held_ = hold;
    hold ? engine_.loop().Hold() : engine_.loop().Release();
  }

  void OnReady(uint32_t) override {
    engine_.DeliverDeferred();
    if (!reading_) return;
    pollfd ready{fd_, POLLIN, 0};
    if (poll(&ready, 1, 0) == 0) return;
    constexpr size_t kSize = Loop::kScratchSize;
    uint8_t* buffer = engine_.loop().scratch();
    ssize_t count = sys::Read(fd_, buffer, kSize);
    if (count == -EAGAIN) return;
    if (count == -EIO) count = 0;  // a terminal whose other end is gone
    if (count <= 0) Stop();
    JSValueRef argument = count > 0
                              ? Bytes(buffer, static_cast<size_t>(count))
                              : JSValueMakeNumber(engine_.context(), static_cast<double>(count));
    engine_.Call(listener_, {&argument, 1});
  }
  void OnLoopEnd() override { Stop(); }

  JSValueRef Bytes(const uint8_t* data, size_t size) {
    void* copy = std::malloc(size);
    if (copy == nullptr) throw std::bad_alloc();
    std::memcpy(copy, data, size);
    return JSObjectMakeArrayBufferWithBytesNoCopy(
        engine_.context(), copy, size, [](void* bytes, void*) { std::free(bytes); }, nullptr,
        nullptr);
  }

  Engine& engine_;
  int fd_;
  JSObjectRef listener_;
  bool reading_ = false;
  bool ref_wanted_ = true;
  bool held_ = false;
};

struct InputState : BindingState {
  explicit InputState(Engine&) {}
  std::unordered_map<int64_t, Ref<Input>> inputs;
  int64_t next = 1;
};

// open(fd, function): a number for the calls below. The function gets an ArrayBuffer of what
// was read, 0 at the end, or a negative errno value.
JSValueRef Open(Call& call) {
  JSObjectRef listener = call.object(1);
  int fd = static_cast<int>(call.integer(0));
  if (call.failed()) return call.undefined();
  if (int error = grant::ToDescriptor(fd, grant::kReadable).error())
    return call.number_value(error);
  auto& state = call.engine().State<InputState>();
  state.inputs.emplace(state.next, Ref<Input>(new Input(call.engine(), fd, listener)));
  return call.number_value(static_cast<double>(state.next++));
}

Ref<Input> Find(Call& call) {
  auto& inputs = call.engine().State<InputState>().inputs;
  auto found = inputs.find(call.integer(0));
  return found != inputs.end() ? found->second : nullptr;
}

JSValueRef Start(Call& call) {
  if (auto input = Find(call)) input->Start();
  return call.undefined();
}
JSValueRef Stop(Call& call) {
  if (auto input = Find(call)) input->Stop();
  return call.undefined();
}
JSValueRef SetRef(Call& call) {
  if (auto input = Find(call)) input->SetRef(call.boolean(1));
  return call.undefined();
}
JSValueRef Close(Call& call) {
  if (auto input = Find(call)) input->Stop();
  call.engine().State<InputState>().inputs.erase(call.integer(0));
  return call.undefined();
}

// read(fd, bytes): how many bytes a file gave, 0 at its end, or a negative errno value.
JSValueRef ReadNow(Call& call) {
  std::span<uint8_t> bytes = call.bytes(1);
  int fd = static_cast<int>(call.integer(0));
  if (call.failed()) return call.undefined();
  if (int error = grant::ToDescriptor(fd, grant::kReadable).error())
    return call.number_value(error);
  return call.number_value(static_cast<double>(sys::Read(fd, bytes.data(), bytes.size())));
}

// ---- Output

int WriteAll(int fd, const uint8_t* data, size_t size) {
  while (size > 0) {
    ssize_t count = sys::Write(fd, data, size);
    if (count == -EAGAIN) {
      // Somebody made the open file non-blocking: wait as a blocking write would.
      pollfd ready{fd, POLLOUT, 0};
      poll(&ready, 1, -1);
      continue;
    }
    if (count < 0) return static_cast<int>(count);
    data += count;
    size -= static_cast<size_t>(count);
  }
  return 0;
}

// write(fd, string | bytes): 0 once everything is written, or a negative errno value.
JSValueRef Write(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  int result = 0;
  if (int error = grant::ToDescriptor(fd, grant::kWritable).error())
    return call.number_value(error);
  if (call.is_string(1)) {
    std::string text = call.string(1);
    result = WriteAll(fd, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  } else {
    std::span<uint8_t> bytes = call.bytes(1);
    if (call.failed()) return call.undefined();
    result = WriteAll(fd, bytes.data(), bytes.size());
  }
  return call.number_value(result);
}

// ---- Kinds and terminals

// kind(fd): 'TTY', 'FILE', 'PIPE' (also sockets), or 'NONE' for a descriptor that is not open.
JSValueRef Kind(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  struct stat status;
  if (grant::ToDescriptor(fd, grant::kUsable).error() != 0) return call.string_value("NONE");
  if (isatty(fd)) return call.string_value("TTY");
  if (fstat(fd, &status) != 0) return call.string_value("NONE");
  bool piped = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
  return call.string_value(piped ? "PIPE" : "FILE");
}

// windowSize(fd): [columns, rows], or a negative errno value.
JSValueRef WindowSize(Call& call) {
  winsize size;
  if (ioctl(static_cast<int>(call.integer(0)), TIOCGWINSZ, &size) != 0)
    return call.number_value(-errno);
  JSValueRef parts[] = {call.number_value(size.ws_col), call.number_value(size.ws_row)};
  return call.array_value(parts);
}

// The modes of the terminal before the first setRawMode(…, true). A process has one terminal.
termios saved_modes;
int raw_fd = -1;

// setRawMode(fd, on): 0 or a negative errno value.
JSValueRef SetRawMode(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  if (!call.boolean(1)) {
    if (raw_fd != fd) return call.number_value(0);
    raw_fd = -1;
    return call.number_value(tcsetattr(fd, TCSADRAIN, &saved_modes) != 0 ? -errno : 0);
  }
  termios modes;
  if (tcgetattr(fd, &modes) != 0) return call.number_value(-errno);
  if (raw_fd < 0) saved_modes = modes;
  // As cfmakeraw(3), but output keeps its newline processing: programs write '\n'.
  modes.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  modes.c_oflag |= ONLCR;
  modes.c_cflag |= CS8;
  modes.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN | ISIG);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  if (tcsetattr(fd, TCSADRAIN, &modes) != 0) return call.number_value(-errno);
  raw_fd = fd;
  return call.number_value(0);
}

constexpr FunctionEntry kFunctions[] = {
    {"open", Guarded<Open>},
    {"start", Guarded<Start>},
    {"stop", Guarded<Stop>},
    {"setRef", Guarded<SetRef>},
    {"close", Guarded<Close>},
    {"read", Guarded<ReadNow>},
    {"write", Guarded<Write>},
    {"kind", Guarded<Kind>},
    {"windowSize", Guarded<WindowSize>},
    {"setRawMode", Guarded<SetRawMode>},
};

}  // namespace

void BindStdio(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
