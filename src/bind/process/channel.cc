// Internal. binding('channel'): messages and descriptors between this process and another.
#include <cerrno>
#include <deque>
#include <unordered_map>

#include "engine/value.h"
#include "grant/holdings.h"
#include "sys/pass.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// How many times one channel is read before the others have their turn.
constexpr int kReadBudget = 16;

// Channel owns one end of a pair of Unix sockets. Its listener is told of what arrives, (bytes,
// descriptors), of the end or a failure, (undefined, errno value or 0), and of progress where
// Write() left bytes waiting, (null, count of bytes sent so far). It keeps the loop alive unless
// SetRef(false), and while bytes wait.
class Channel final : public RefCounted, private Watcher {
 public:
  Channel(Engine& engine, int fd, JSObjectRef listener)
      : Watcher(engine.loop(), *this), engine_(engine), fd_(fd), listener_(listener) {
    JSValueProtect(engine.context(), listener);
    Update();
  }
  ~Channel() override {
    Close();
    JSValueUnprotect(engine_.context(), listener_);
  }

  void SetRef(bool on) {
    ref_wanted_ = on;
    Update();
  }

  // Finish closes the channel once what waits is sent; it tells nothing any more. Returns whether
  // it is closed by now.
  bool Finish() {
    if (waiting_.empty()) Close();
    finishing_ = true;
    ended_ = true;
    Update();
    return fd_ < 0;
  }

  void Close() {
    if (fd_ < 0) return;
    for (const Chunk& chunk : waiting_)
      if (chunk.descriptor >= 0) sys::Close(chunk.descriptor);
    waiting_.clear();
    Hold(false);
    Unwatch(true);
    sys::Close(std::exchange(fd_, -1));
  }

  // Write takes a copy of descriptor, unless it is -1. Returns the count of all bytes that were
  // given so far, or a negative errno value.
  double Write(std::span<const uint8_t> bytes, int descriptor) {
    if (fd_ < 0) return -EBADF;
    size_t done = 0;
    if (waiting_.empty()) {
      ssize_t sent = sys::SendWith(fd_, bytes.data(), bytes.size(), descriptor);
      if (sent < 0 && sent != -EAGAIN) return static_cast<double>(sent);
      if (sent > 0) done = static_cast<size_t>(sent);
    }
    sent_ += static_cast<double>(done);
    if (done < bytes.size()) {
      int copy = -1;
      if (descriptor >= 0 && done == 0) {
        copy = sys::Duplicate(descriptor);
        if (copy < 0) return copy;
      }
      waiting_.push_back({{bytes.begin() + static_cast<ptrdiff_t>(done), bytes.end()}, 0, copy});
      Update();
    }
    given_ += static_cast<double>(bytes.size());
    return given_;
  }
  double sent() const { return sent_; }

 private:
  struct Chunk {
    std::vector<uint8_t> bytes;
    size_t done;
    int descriptor;
  };

  void Update() {
    if (fd_ < 0) return;
    Watch(fd_, (ended_ ? 0 : Watcher::kRead) | (waiting_.empty() ? 0 : Watcher::kWrite));
    Hold((ref_wanted_ && !ended_) || !waiting_.empty());
  }
  void Hold(bool on) {
    if (on == held_) return;
    held_ = on;
    on ? engine_.loop().Hold() : engine_.loop().Release();
  }

  void Tell(JSValueRef first, JSValueRef second) {
    JSValueRef arguments[] = {first, second};
    engine_.Call(listener_, arguments);
  }

  void OnReady(uint32_t events) override {
    if ((events & Watcher::kWrite) != 0) SendWaiting();
    for (int i = 0; i < kReadBudget && fd_ >= 0 && !ended_; ++i) {
      engine_.DeliverDeferred();
      if (fd_ < 0 || !Receive()) return;
    }
  }

  bool Receive() {
    JSContextRef context = engine_.context();
    uint8_t* buffer = engine_.loop().scratch();
    std::vector<int> descriptors;
    ssize_t count = sys::ReceiveWith(fd_, buffer, Loop::kScratchSize, &descriptors);
    if (count == -EAGAIN) return false;
    if (count <= 0) {
      // A peer that ended with messages of ours unread is an end as any other.
      ended_ = true;
      Update();
      Tell(JSValueMakeUndefined(context),
           JSValueMakeNumber(context, count == -ECONNRESET ? 0 : static_cast<double>(count)));
      return false;
    }
    std::vector<JSValueRef> numbers;
    for (int fd : descriptors) {
      grant::Hold(fd, grant::kAllRights);
      numbers.push_back(JSValueMakeNumber(context, fd));
    }
    JSValueRef list = JSValueMakeUndefined(context);
    if (!numbers.empty())
      list = JSObjectMakeArray(context, numbers.size(), numbers.data(), nullptr);
    Tell(MakeBytes(context, std::span(buffer, static_cast<size_t>(count))), list);
    return true;
  }

  void SendWaiting() {
    bool progress = false;
    while (fd_ >= 0 && !waiting_.empty()) {
      Chunk& first = waiting_.front();
      ssize_t sent = sys::SendWith(fd_, first.bytes.data() + first.done,
                                   first.bytes.size() - first.done, first.descriptor);
      if (sent == -EAGAIN) break;
      if (first.descriptor >= 0) sys::Close(std::exchange(first.descriptor, -1));
      progress = true;
      // What a peer that has gone does not take is given up; the end is told by reading.
      size_t taken = sent < 0 ? first.bytes.size() - first.done : static_cast<size_t>(sent);
      first.done += taken;
      sent_ += static_cast<double>(taken);
      if (first.done == first.bytes.size()) waiting_.pop_front();
    }
    Update();
    if (finishing_) {
      if (waiting_.empty()) Forget();
      return;
    }
    JSContextRef context = engine_.context();
    if (progress) Tell(JSValueMakeNull(context), JSValueMakeNumber(context, sent_));
  }

  void OnLoopEnd() override { Close(); }
  void Forget();

  Engine& engine_;
  int fd_;
  JSObjectRef listener_;
  std::deque<Chunk> waiting_;
  double given_ = 0;  // bytes, over all
  double sent_ = 0;
  bool ref_wanted_ = true;
  bool held_ = false;
  bool ended_ = false;
  bool finishing_ = false;
};

struct ChannelState : BindingState {
  explicit ChannelState(Engine&) {}
  std::unordered_map<int, Ref<Channel>> channels;
};

void Channel::Forget() {
  int fd = fd_;
  Close();
  engine_.State<ChannelState>().channels.erase(fd);
}

Ref<Channel> Find(Call& call) {
  auto& channels = call.engine().State<ChannelState>().channels;
  auto found = channels.find(static_cast<int>(call.integer(0)));
  return found != channels.end() ? found->second : nullptr;
}

// open(fd, listener): takes a connected Unix socket over; 0 or a negative errno value.
JSValueRef Open(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  JSObjectRef listener = call.object(1);
  if (call.failed()) return call.undefined();
  if (int error = grant::ToDescriptor(fd, grant::kUsable).error()) return call.number_value(error);
  if (int error = sys::SetCloseOnExec(fd); error < 0) return call.number_value(error);
  grant::Forget(fd);
  call.engine().State<ChannelState>().channels.insert_or_assign(
      fd, Ref<Channel>(new Channel(call.engine(), fd, listener)));
  return call.number_value(0);
}

// write(fd, bytes, descriptor): the count of all bytes given so far, or a negative errno value.
JSValueRef Write(Call& call) {
  auto channel = Find(call);
  std::span<uint8_t> bytes = call.bytes(1);
  if (call.failed()) return call.undefined();
  if (!channel) return call.number_value(-EBADF);
  int descriptor = static_cast<int>(call.integer(2));
  if (descriptor >= 0) {
    if (int error = grant::ToDescriptor(descriptor, grant::kUsable).error())
      return call.number_value(error);
  }
  return call.number_value(channel->Write(bytes, descriptor));
}

// sent(fd): how many bytes the system took so far.
JSValueRef Sent(Call& call) {
  auto channel = Find(call);
  return call.number_value(channel ? channel->sent() : 0);
}

JSValueRef SetRef(Call& call) {
  if (auto channel = Find(call)) channel->SetRef(call.boolean(1));
  return call.undefined();
}

// close(fd): what was written goes first.
JSValueRef Close(Call& call) {
  auto channel = Find(call);
  if (!channel || !channel->Finish()) return call.undefined();
  call.engine().State<ChannelState>().channels.erase(static_cast<int>(call.integer(0)));
  return call.undefined();
}

// discard(fd): closes a descriptor that came and that nobody wants.
JSValueRef Discard(Call& call) {
  int fd = static_cast<int>(call.integer(0));
  if (int error = grant::ToClose(fd).error()) return call.number_value(error);
  grant::Forget(fd);
  return call.number_value(sys::Close(fd));
}

constexpr FunctionEntry kFunctions[] = {
    {"open", Guarded<Open>},     {"write", Guarded<Write>}, {"sent", Guarded<Sent>},
    {"setRef", Guarded<SetRef>}, {"close", Guarded<Close>}, {"discard", Guarded<Discard>},
};

}  // namespace

void BindChannel(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
