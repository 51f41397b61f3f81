#include "stream/proxy_gate.h"

#include <algorithm>
#include <cerrno>

#include "ledger/loop_ledger.h"
#include "sluice/server.h"
#include "stream/proxy_header.h"
#include "sys/sys.h"

namespace sluice {
bool ProxyRule::Add(std::string_view network) {
  if (network == "unix") {
    unix_peers = true;
    return true;
  }
  auto range = AddressRange::Parse(network);
  if (range) ranges.push_back(*range);
  return range.has_value();
}

bool ProxyRule::Trusts(const Address& peer) const {
  if (!peer.is_ip()) return unix_peers;
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const AddressRange& range) { return range.Contains(peer); });
}

// Waiting is one descriptor whose header is not complete. Its bytes are looked at before they are
// taken out of the socket, so that what follows the header stays there.
class ProxyGate::Waiting final : public RefCounted, private Watcher {
 public:
  Waiting(ProxyGate& gate, Loop& loop, int fd, const Address& peer, const ConnectionOrigin& origin)
      : Watcher(loop, *this), gate_(gate), loop_(loop), fd_(fd), peer_(peer), origin_(origin) {}

  // Place notes where the gate has it.
  void Place(std::list<Ref<Waiting>>::iterator place) { place_ = place; }

  // Read goes on with what has arrived.
  void Read() {
    ProxyReading reading;
    reading.wanted = kFirst;
    for (;;) {
      bytes_.resize(std::max(have_ + 1, reading.wanted));
      auto room = std::span(bytes_).subspan(have_);
      ssize_t count = sys::Receive(fd_, room.data(), room.size(), true);
      if (count == -EAGAIN) return Await();
      if (count <= 0) return Fail();
      auto seen = std::span<const uint8_t>(bytes_).first(have_ + static_cast<size_t>(count));
      ProxyHeader header;
      reading = ReadProxyHeader(seen, gate_.rule_.limits, &header);
      if (reading.state == ProxyReading::State::kBad) return Fail();
      while (have_ < reading.size) {
        count = sys::Receive(fd_, bytes_.data() + have_, reading.size - have_);
        if (count <= 0) return Fail();  // it was there just now
        have_ += static_cast<size_t>(count);
      }
      if (reading.state == ProxyReading::State::kDone) return Pass(std::move(header));
    }
  }

  // Drop closes the descriptor, if it is here; nobody hears of it.
  void Drop() {
    if (fd_ < 0) return;
    int fd = Leave();
    NoteUnborn(fd, {}, peer_, CloseReason::Of(CloseCode::kLocalDestroy), origin_);
    sys::Close(fd);
  }

 private:
  static constexpr size_t kFirst = 232;  // what a header of version 2 with Unix addresses needs

  void OnReady(uint32_t) override { Read(); }
  void OnLoopEnd() override { Drop(); }

  void Await() {
    if (timer_) return;
    timer_ = std::make_unique<Timer>(loop_, [self = Ref<Waiting>(this)] { self->Fail(); });
    timer_->SetAfter(gate_.rule_.timeout_ms);
    Watch(fd_, Watcher::kRead);
  }

  // Leave has nothing more happen here.
  int Leave() {
    timer_.reset();
    Unwatch();
    return std::exchange(fd_, -1);
  }

  void Fail() {
    Ref<Waiting> self(this);
    gate_.waiting_.erase(place_);
    gate_.Refuse(Leave(), peer_, origin_);
  }

  // The listener's handler may close the listener, and the gate with it.
  void Pass(ProxyHeader header) {
    Ref<Waiting> self(this);
    Ref<Listener> listener(&gate_.listener_);
    gate_.waiting_.erase(place_);
    int fd = Leave();
    header.peer = PackedIp(peer_);
    if (!header.local) peer_ = header.source;
    origin_.proxied = std::make_shared<const ProxyHeader>(std::move(header));
    listener->Give(fd, peer_, origin_);
  }

  ProxyGate& gate_;
  Loop& loop_;
  int fd_;
  Address peer_;
  ConnectionOrigin origin_;
  std::vector<uint8_t> bytes_;
  size_t have_ = 0;  // of bytes_, taken out of the socket
  std::unique_ptr<Timer> timer_;
  std::list<Ref<Waiting>>::iterator place_;
};

ProxyGate::ProxyGate(Listener& listener, ProxyRule rule)
    : listener_(listener), rule_(std::move(rule)) {}

ProxyGate::~ProxyGate() {
  for (const auto& one : waiting_) one->Drop();
}

void ProxyGate::Take(int fd, const Address& peer, const ConnectionOrigin& origin) {
  if (!rule_.Trusts(peer)) {
    Refuse(fd, peer, origin);
    return;
  }
  auto* waiting = new Waiting(*this, listener_.loop(), fd, peer, origin);
  waiting_.emplace_front(waiting);
  waiting->Place(waiting_.begin());
  waiting->Read();
}

void ProxyGate::Refuse(int fd, const Address& peer, const ConnectionOrigin& origin) {
  ConnectionOrigin known = origin;
  if (known.account == nullptr) known.account = listener_.refusals().get();
  if (known.account != nullptr) known.account->Refuse(Refusal::kProxyHeader);
  NoteUnborn(fd, {}, peer, CloseReason::Of(CloseCode::kProxyHeader), known);
  sys::SetLingerZero(fd);
  sys::Close(fd);
}

}  // namespace sluice
