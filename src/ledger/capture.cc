#include "ledger/capture.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>

#include "ledger/pcapng.h"
#include "sys/files.h"
#include "sys/sys.h"

namespace sluice {

std::atomic<uint16_t> capture_epoch{0};

namespace {

uint64_t NowUs() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
      duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

// Addresses that packets can have: those of a Unix connection are made up of its number.
std::pair<Address, Address> PacketAddresses(const ConnectionInfo& info) {
  if (info.local.is_ip() && info.local.family() == info.peer.family())
    return {info.local, info.peer};
  constexpr uint64_t kPorts = 64000;
  constexpr uint16_t kFirstPort = 1024;
  auto port = static_cast<uint16_t>(kFirstPort + info.id % kPorts);
  return {*Address::Ip("127.0.0.1", 1), *Address::Ip("127.0.0.1", port)};
}

std::string Comment(const ConnectionInfo& info) {
  std::string text = "connection " + std::to_string(info.id);
  if (!info.local.is_ip()) text += " over " + info.local.text();
  return text;
}

}  // namespace

// A connection that is captured.
struct Capture::Flow {
  Address client;  // who asked for the connection
  Address server;
  bool accepted;          // this side is the server
  uint32_t sent[2] = {};  // sequence numbers of what comes next: of the server, of the client
  std::string held;       // packets that wait for the secrets
  uint64_t held_packets = 0;
  std::string secrets;  // that are not written yet
  bool secrets_written = false;
};

Capture::Capture(CaptureOptions options) : options_(std::move(options)) {}
Capture::~Capture() = default;

// CaptureTable has the captures of the process, and knows which a connection is one of.
class CaptureTable {
 public:
  static CaptureTable& Instance() {
    static CaptureTable* table = new CaptureTable;
    return *table;
  }

  bool Add(const std::shared_ptr<Capture>& capture) {
    std::lock_guard lock(mutex_);
    auto free = std::find(captures_.begin(), captures_.end(), nullptr);
    if (free == captures_.end()) return false;
    *free = capture;
    ++running_;
    Changed();
    return true;
  }
  void Remove(const Capture& capture) {
    std::lock_guard lock(mutex_);
    for (auto& one : captures_)
      if (one.get() == &capture) one.reset();
    Changed();
  }
  size_t active() const {
    std::lock_guard lock(mutex_);
    return captures_.size() -
           static_cast<size_t>(std::count(captures_.begin(), captures_.end(), nullptr));
  }

  // Ended takes note that a capture's file is written.
  void Ended() {
    std::lock_guard lock(mutex_);
    --running_;
    ended_.notify_all();
  }
  void Finish() {
    constexpr std::chrono::seconds kPatience{2};
    std::unique_lock lock(mutex_);
    for (const auto& one : captures_)
      if (one) one->Stop();
    ended_.wait_for(lock, kPatience, [this] { return running_ == 0; });
  }

  // Calls with() for each capture that the connection is one of.
  template <class With>
  void Each(ConnectionRecord& record, With with) {
    if (!record.entered()) return;
    uint16_t epoch = capture_epoch.load(std::memory_order_acquire);
    if (record.capture_epoch_ != epoch) {
      std::array<std::shared_ptr<Capture>, Capture::kMost> captures;
      {
        std::lock_guard lock(mutex_);
        captures = captures_;
      }
      record.captures_ = 0;
      for (size_t i = 0; i < captures.size(); ++i)
        if (captures[i] && captures[i]->Take(record))
          record.captures_ = static_cast<uint8_t>(record.captures_ | 1u << i);
      record.capture_epoch_ = epoch;
    }
    for (size_t i = 0; i < Capture::kMost; ++i) {
      if ((record.captures_ & 1u << i) == 0) continue;
      std::shared_ptr<Capture> capture;
      {
        std::lock_guard lock(mutex_);
        capture = captures_[i];
      }
      if (capture) with(*capture);
    }
  }

 private:
  void Changed() {
    static uint16_t last = 0;
    bool any =
        std::any_of(captures_.begin(), captures_.end(), [](const auto& one) { return !!one; });
    if (++last == 0) ++last;
    capture_epoch.store(any ? last : uint16_t{0}, std::memory_order_release);
  }

  mutable std::mutex mutex_;  // guards what follows; taken before a capture's own
  std::condition_variable ended_;
  size_t running_ = 0;  // whose files are not written yet
  std::array<std::shared_ptr<Capture>, Capture::kMost> captures_;
};

std::shared_ptr<Capture> Capture::Start(CaptureOptions options, Error* error) {
  std::string file = options.file;
  auto fail = [&](int number) {
    *error = Error::System("capture", number, file);
    return nullptr;
  };
  std::shared_ptr<Capture> capture(new Capture(std::move(options)));
  capture->started_ms_ = sys::MonotonicMs();
  pcapng::AppendHead(&capture->waiting_, capture->options_.snap);
  capture->numbers_.bytes = capture->waiting_.size();
  capture->stopping_ = capture->numbers_.bytes >= capture->options_.max_bytes;
  if (Active() == kMost) return fail(EBUSY);
  grant::PathGrant path = grant::ToPath(file, grant::kWrite | grant::kNoFollow);
  int fd = sys::Open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (fd < 0) return fail(-fd);
  auto undo = [&](int number) {
    sys::Close(fd);
    (void)sys::Unlink(path);
    return fail(number);
  };
  if (!CaptureTable::Instance().Add(capture)) return undo(EBUSY);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread([capture, fd] { capture->Run(fd); }).detach();
  } catch (const std::exception&) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (started) return capture;
  CaptureTable::Instance().Remove(*capture);
  CaptureTable::Instance().Ended();
  return undo(EAGAIN);
}

void Capture::Finish() {
  CaptureTable::Instance().Finish();
}

size_t Capture::Active() {
  return CaptureTable::Instance().active();
}

void Capture::Stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_one();
}

CaptureNumbers Capture::numbers() const {
  std::lock_guard lock(mutex_);
  return numbers_;
}

// The thread that writes.
void Capture::Run(int fd) {
  pthread_setname_np(pthread_self(), "capture");
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.max_ms);
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    changed_.wait_until(lock, end, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_ || std::chrono::steady_clock::now() >= end) {
      // Nothing comes any more. What waits for the end of a handshake has all the secrets there
      // are.
      lock.unlock();
      CaptureTable::Instance().Remove(*this);
      lock.lock();
      stopping_ = last = true;
      for (auto& [id, flow] : flows_) ReleaseLocked(*flow);
    }
    std::string text = std::exchange(waiting_, {});
    lock.unlock();
    int error = 0;
    for (size_t done = 0; done < text.size() && error == 0;) {
      ssize_t count = sys::Write(fd, text.data() + done, text.size() - done);
      if (count < 0) error = static_cast<int>(-count);
      if (count > 0) done += static_cast<size_t>(count);
    }
    lock.lock();
    if (error != 0) {
      numbers_.error = error;
      stopping_ = true;
    }
  }
  flows_.clear();
  CaptureNumbers numbers = numbers_;
  lock.unlock();
  sys::Close(fd);
  over_.store(true, std::memory_order_release);
  CaptureTable::Instance().Ended();
  if (options_.ended) options_.ended(numbers);
}

// ---- What loops tell

// Whether the connection is one of them, which it then begins as.
bool Capture::Take(ConnectionRecord& record) {
  ConnectionInfo info = record.Snapshot(false);
  std::lock_guard lock(mutex_);
  if (flows_.contains(info.id)) return true;
  if (stopping_ || (options_.records && info.opened_ms < started_ms_)) return false;
  if (options_.wants && !options_.wants(info)) return false;
  auto flow = std::make_unique<Flow>();
  auto [local, peer] = PacketAddresses(info);
  flow->accepted = info.side == Side::kAccepted;
  flow->server = flow->accepted ? local : peer;
  flow->client = flow->accepted ? peer : local;
  ++numbers_.connections;
  Add(*flow, true, pcapng::kSyn, {}, Comment(info));
  Add(*flow, false, pcapng::kSyn | pcapng::kAck, {});
  Add(*flow, true, pcapng::kAck, {});
  flows_.emplace(info.id, std::move(flow));
  return true;
}

Capture::Flow* Capture::Find(uint64_t id) {
  auto found = flows_.find(id);
  return found != flows_.end() ? found->second.get() : nullptr;
}

// Adds a segment to what waits, or is held.
void Capture::Add(Flow& flow, bool from_client, uint8_t flags, std::span<const uint8_t> data,
                  std::string_view comment) {
  uint32_t& mine = flow.sent[from_client];
  uint32_t other = flow.sent[!from_client];
  bool inbound = from_client == flow.accepted;
  pcapng::Segment segment{from_client ? flow.client : flow.server,
                          from_client ? flow.server : flow.client,
                          mine,
                          (flags & pcapng::kAck) != 0 ? other : 0,
                          flags,
                          inbound,
                          data,
                          comment};
  bool counts = (flags & (pcapng::kSyn | pcapng::kFin)) != 0;
  mine += static_cast<uint32_t>(data.size()) + (counts ? 1 : 0);
  if (waiting_.size() + held_ + data.size() > kMostWaiting) {
    ++numbers_.dropped;
    return;
  }
  std::string packet;
  pcapng::AppendSegment(&packet, segment, NowUs(), options_.snap);
  ++numbers_.packets;
  if (options_.records && !flow.secrets_written) {
    held_ += packet.size();
    flow.held += packet;
  } else {
    Append(std::move(packet));
  }
}

void Capture::Append(std::string&& packets) {
  numbers_.bytes += packets.size();
  waiting_ += packets;
  if (numbers_.bytes >= options_.max_bytes) stopping_ = true;
  changed_.notify_one();
}

void Capture::Bytes(uint64_t id, bool in, std::span<const uint8_t> data, bool secure) {
  std::lock_guard lock(mutex_);
  Flow* flow = Find(id);
  if (flow == nullptr || stopping_) return;
  if (secure) ReleaseLocked(*flow);
  while (!data.empty()) {
    auto piece = data.first(std::min(data.size(), pcapng::kMostData));
    Add(*flow, in == flow->accepted, pcapng::kPush | pcapng::kAck, piece);
    data = data.subspan(piece.size());
  }
}

void Capture::Secret(uint64_t id, std::string_view line) {
  std::lock_guard lock(mutex_);
  Flow* flow = Find(id);
  if (flow == nullptr || stopping_) return;
  flow->secrets.append(line).append("\n");
  if (flow->secrets_written) {  // of a later KeyUpdate: before the records that need it
    std::string block;
    pcapng::AppendSecrets(&block, std::exchange(flow->secrets, {}));
    Append(std::move(block));
  }
}

void Capture::Release(uint64_t id) {
  std::lock_guard lock(mutex_);
  if (Flow* flow = Find(id)) ReleaseLocked(*flow);
}

// Writes what a flow holds, after the secrets that open it.
void Capture::ReleaseLocked(Flow& flow) {
  if (flow.secrets_written) return;
  flow.secrets_written = true;
  std::string block;
  if (!flow.secrets.empty()) pcapng::AppendSecrets(&block, std::exchange(flow.secrets, {}));
  held_ -= flow.held.size();
  block += std::exchange(flow.held, {});
  if (!block.empty()) Append(std::move(block));
}

void Capture::Close(const ConnectionInfo& info) {
  std::lock_guard lock(mutex_);
  Flow* flow = Find(info.id);
  if (flow == nullptr) return;
  if (!stopping_) {
    ReleaseLocked(*flow);
    bool by_peer = info.reason.by == ClosedBy::kPeer;
    bool client_first = by_peer == flow->accepted;
    std::string comment = Comment(info) + ": " + std::string(Name(info.reason.code));
    bool reset =
        info.reason.code == CloseCode::kPeerReset || info.reason.code == CloseCode::kLocalReset;
    if (reset) {
      Add(*flow, client_first, pcapng::kReset | pcapng::kAck, {}, comment);
    } else {
      Add(*flow, client_first, pcapng::kFin | pcapng::kAck, {}, comment);
      Add(*flow, !client_first, pcapng::kFin | pcapng::kAck, {});
      Add(*flow, client_first, pcapng::kAck, {});
    }
  }
  flows_.erase(info.id);
}

void CaptureBytes(ConnectionRecord& record, CaptureLevel level, bool in,
                  std::span<const uint8_t> data, bool secure) {
  CaptureTable::Instance().Each(record, [&](Capture& capture) {
    CaptureLevel wanted = capture.records() ? CaptureLevel::kWire : CaptureLevel::kProgram;
    if (level == wanted || level == CaptureLevel::kBoth)
      capture.Bytes(record.id(), in, data, secure);
  });
}

bool CapturesSecrets(ConnectionRecord& record) {
  bool any = false;
  CaptureTable::Instance().Each(record, [&](Capture& capture) { any = any || capture.records(); });
  return any;
}

void CaptureSecret(ConnectionRecord& record, std::string_view line) {
  CaptureTable::Instance().Each(record, [&](Capture& capture) {
    if (capture.records()) capture.Secret(record.id(), line);
  });
}

void CaptureSecure(ConnectionRecord& record) {
  CaptureTable::Instance().Each(record, [&](Capture& capture) { capture.Release(record.id()); });
}

void CaptureClosed(ConnectionRecord& record, const ConnectionInfo& info) {
  CaptureTable::Instance().Each(record, [&](Capture& capture) { capture.Close(info); });
}

}  // namespace sluice
