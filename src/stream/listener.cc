#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/mutant.h"
#include "ledger/registry.h"
#include "sluice/server.h"
#include "stream/proxy_gate.h"
#include "stream/refusals.h"
#include "stream/server_drain.h"
#include "sys/sys.h"

namespace sluice {
namespace {

// A flood of connections gets this many accepts of a turn, so that those which are open go on.
constexpr int kAcceptsPerEvent = 64;
// Those that the admission refuses cost the kernel some 15 µs each and are nobody's progress: a
// server that they saturate gives others eight times as many turns.
constexpr int kRefusalsPerEvent = 8;
constexpr int kMostWaiting = 65536;  // connections in a backlog (listen(2))

}  // namespace

void ListenHandler::OnStarved(Listener&, const Error&) {}
void ListenHandler::OnRefused(Listener&, const RefusedConnections&) {}

Listener::Listener(Loop& loop, int fd, ListenHandler* handler)
    : Watcher(loop, *this), loop_(loop), fd_(fd), handler_(handler) {
  SLUICE_CHECK(fd >= 0);
  ref();  // while open; Close lets go
  SetRef(true);
  SetGroup("");
}

Listener::~Listener() {
  SLUICE_CHECK(fd_ < 0);
}

Ref<Listener> Listener::Listen(Loop& loop, const Address& address, const ListenOptions& options,
                               ListenHandler* handler, Error* error) {
  int fd = sys::Socket(address.family(), SOCK_STREAM);
  int result = fd;
  if (result >= 0 && address.is_ip()) {
    result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (result == 0 && options.reuse_port) result = sys::SetOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (result == 0 && address.family() == AF_INET6)
      result = sys::SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6_only ? 1 : 0);
  }
  if (result >= 0) result = sys::Bind(fd, grant::ToBind(address));
  if (result >= 0) result = sys::Listen(fd, options.backlog);
  if (result < 0) {
    if (fd >= 0) sys::Close(fd);
    *error = Error::System("listen", -result, address.text());
    return {};
  }
  return Ref<Listener>(new Listener(loop, fd, handler));
}

Ref<Listener> Listener::Adopt(Loop& loop, int fd, ListenHandler* handler) {
  sys::SetNonBlocking(fd, true);
  return Ref<Listener>(new Listener(loop, fd, handler));
}

void Listener::SetGroup(std::string_view group) {
  if (fd_ >= 0) Registry::Instance().Listening(fd_, group);
}

// Its connections are known by their account.
void Listener::HaveAccount() {
  if (account_ || fd_ < 0) return;
  Transport transport = LocalAddress().is_ip() ? Transport::kTcp : Transport::kUnix;
  account_ = LoopLedger::Of(loop_).NewAccount({{}, 0, 0, Side::kAccepted, transport});
}

void Listener::Start() {
  HaveAccount();
  started_ = true;
  if (fd_ >= 0 && !starved_) Watch(fd_, Watcher::kRead);
}

void Listener::Stop() {
  started_ = false;
  if (fd_ >= 0) Watch(fd_, 0);
}

void Listener::OnReady(uint32_t) {
  if (refused_) refused_->of_event = 0;
  for (int i = 0; i < kAcceptsPerEvent && fd_ >= 0 && started_; ++i) {
    if (admission_ && admission_->MustWait()) {
      WaitForPlace();
      return;
    }
    if (!AcceptOne() || (refused_ && refused_->of_event >= kRefusalsPerEvent)) return;
  }
}

void Listener::TakeWaiting() {
  Ref<Listener> keep(this);
  // More than a backlog can hold only where clients come faster than they are accepted.
  for (int i = 0; i < kMostWaiting && fd_ >= 0; ++i)
    if (!AcceptOne()) return;
}

// AcceptOne returns whether it is worth to try again.
bool Listener::AcceptOne() {
  Address peer;
  int result = sys::Accept(fd_, &peer);
  if (result >= 0 && Mutant(12) && result % 5 == 4) return true;
  if (result >= 0) {
    Begin(result, peer);
    return true;
  }
  if (result != -EAGAIN) Registry::Instance().AcceptFailed(fd_, -result);
  // The connection is gone already, or its network failed (accept(2)): look at the next one.
  if (result == -ECONNABORTED || result == -EPROTO || result == -ENETDOWN ||
      result == -ENOPROTOOPT || result == -EHOSTDOWN || result == -ENONET ||
      result == -EHOSTUNREACH || result == -ENETUNREACH || result == -EPERM)
    return true;
  if (result != -EAGAIN) Rest(-result);
  return false;
}

void Listener::Begin(int fd, const Address& peer) {
  ConnectionOrigin origin;
  origin.opened_ms = loop_.now();
  origin.account = account_.get();
  origin.limits = limits_;
  gate_ ? gate_->Take(fd, peer, origin) : Give(fd, peer, origin);
}

void Listener::Take(int fd) {
  Ref<Listener> keep(this);
  Address peer;
  (void)sys::PeerAddress(fd, &peer);
  if (fd_ < 0) {
    NoteUnborn(fd, {}, peer, CloseReason::Of(CloseCode::kLocalDestroy), {});
    sys::Close(fd);
    return;
  }
  sys::SetNonBlocking(fd, true);
  Begin(fd, peer);
}

void Listener::Give(int fd, const Address& peer, ConnectionOrigin& origin) {
  if (admission_) {
    if (auto refused = admission_->Admit(peer, loop_.now(), &origin.place)) {
      Refuse(fd, peer, *refused);
      return;
    }
  }
  if (origin.id == 0) origin.id = NextConnectionId();
  LoopLedger& ledger = LoopLedger::Of(loop_);
  ledger.Expect(fd, origin);
  handler_->OnAccept(*this, fd, peer);
  LeavePlace(ledger.Arrived(fd).place);  // nobody made a connection of it
}

void Listener::ExpectProxyHeaders(ProxyRule rule) {
  gate_ = std::make_unique<ProxyGate>(*this, std::move(rule));
}

size_t Listener::headers_awaited() const {
  return gate_ ? gate_->waiting() : 0;
}

// Whatever the failure, the descriptor stays ready: without a rest the loop would spin.
void Listener::Rest(int error) {
  if (fd_ < 0 || starved_) return;
  starved_ = true;
  LoopLedger::Of(loop_).Tell(EventKind::kAcceptFailed, 0, 0, static_cast<uint64_t>(error));
  Watch(fd_, 0);
  loop_.WaitForDescriptor([self = Ref<Listener>(this)] {
    self->starved_ = false;
    if (self->fd_ >= 0 && self->started_) self->Watch(self->fd_, Watcher::kRead);
  });
  handler_->OnStarved(*this, Error::System("accept", error, LocalAddress().text()));
}

void Listener::Close() {
  if (fd_ < 0) return;
  gate_.reset();
  Unwatch(true);
  Registry::Instance().NotListening(fd_);
  refused_.reset();
  admission_.reset();
  sys::Close(fd_);
  fd_ = -1;
  SetRef(false);
  loop_.NotifyDescriptorFreed();
  unref();
}

bool Listener::Drain(const DrainOptions& options, DrainDone done, Error* error) {
  if (!ServerDrain::Check(options, error)) return false;
  if (auto drain = ServerDrain::Of(drain_)) {
    drain->Hasten(options, std::move(done));
    return true;
  }
  HaveAccount();
  if (fd_ < 0 && (!account_ || account_->open() == 0)) {
    *error = Error::System("drain", EBADF);
    return false;
  }
  ServerDrain::Server server{Ref<Listener>(this), account_->key().group, {account_}, {}, {}, {}};
  server.open = [account = account_] { return account->open(); };
  server.close = [this] { Close(); };
  server.others = [](const SpreadOrders&) {};
  drain_ = ServerDrain::Begin(std::move(server), options, std::move(done));
  return true;
}

bool Listener::draining() const {
  return ServerDrain::Of(drain_) != nullptr;
}

Address Listener::LocalAddress() const {
  Address address;
  if (fd_ >= 0) (void)sys::LocalAddress(fd_, &address);
  return address;
}

void Listener::SetRef(bool on) {
  bool hold = on && fd_ >= 0;
  if (hold == held_) return;
  held_ = hold;
  hold ? loop_.Hold() : loop_.Release();
}

}  // namespace sluice
