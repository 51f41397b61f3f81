// Public. Listener: accepts connections at one address.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "sluice/admission.h"
#include "sluice/drain.h"
#include "sluice/proxy.h"
#include "sluice/socket.h"

namespace sluice {

class Listener;
class ProxyGate;
class ServerDrain;

// RefusedConnections are those that an Admission refused for one reason since it was told last.
struct RefusedConnections {
  Refusal reason = Refusal::kTotal;  // why
  uint64_t count = 0;                // how many
  std::vector<Address> peers;        // the first eight
};

// ListenHandler takes what a listener accepts. Not owned by the listener.
class ListenHandler {
 public:
  // A connection was accepted. The handler owns the descriptor now: Socket::Adopt it, pass it to
  // another thread, or close it.
  virtual void OnAccept(Listener& listener, int fd, const Address& peer) = 0;
  // Accepting rests, and clients wait in the backlog: no descriptor is free (EMFILE, ENFILE), or
  // accept(2) failed as error says. The listener tries again when this loop frees a descriptor and
  // every 100 ms; each failed try is reported.
  virtual void OnStarved(Listener& listener, const Error& error);
  // Connections were refused (Listener::SetAdmission); of each reason at most once a second.
  virtual void OnRefused(Listener& listener, const RefusedConnections& refused);

 protected:
  ~ListenHandler() = default;
};

// How a listener is opened.
struct ListenOptions {
  int backlog = 511;        // how many connections wait to be accepted (listen(2))
  bool ipv6_only = false;   // "::" takes no IPv4
  bool reuse_port = false;  // SO_REUSEPORT: the kernel spreads connections over several listeners
};

// Listener owns a listening descriptor. While open it holds itself and, unless SetRef(false),
// keeps Loop::Run going. Loop thread.
class Listener final : public RefCounted, private Watcher {
 public:
  // Listen binds and listens at once; on failure returns null and sets *error. Accepting begins
  // with Start().
  static Ref<Listener> Listen(Loop& loop, const Address& address, const ListenOptions& options,
                              ListenHandler* handler, Error* error);
  // Adopt takes over a descriptor (>= 0) that listens.
  static Ref<Listener> Adopt(Loop& loop, int fd, ListenHandler* handler);

  // Start accepts connections.
  void Start();
  // Stop lets clients wait in the backlog.
  void Stop();
  // TakeWaiting accepts all that the backlog has, as long as no descriptor is missing.
  void TakeWaiting();
  // Take does with a connected descriptor, that somebody else accepted, as with those that it
  // accepts; once closed it closes the descriptor.
  void Take(int fd);
  // Close ends listening; no callback follows. A Unix socket's path stays.
  void Close();
  // Drain has the server leave: accepting goes on for options.grace; then what waits in the backlog
  // is accepted and the listener closed; each connection that it accepted gets a time of its own,
  // is told (StreamHandler::OnGoAway) and ends; what is open at the deadline is reset. done, which
  // may be empty, is called when none is open any more; until then Loop::Run goes on. Asked for
  // again, the deadline may only come nearer. If the loop ends first, done is not called. False and
  // *error: EINVAL for options that are out of range, EBADF if it is closed and has no connections.
  bool Drain(const DrainOptions& options, DrainDone done, Error* error);
  // draining returns whether it leaves, and is not done.
  bool draining() const;
  // closed returns whether the listener was closed.
  bool closed() const { return fd_ < 0; }
  // fd returns the descriptor, -1 when closed.
  int fd() const { return fd_; }
  // LocalAddress tells the port if 0 was asked for.
  Address LocalAddress() const;
  // SetRef says whether the open listener keeps Loop::Run going; it does at first.
  void SetRef(bool on);
  // SetGroup names the group whose connections it accepts, for Ledger::AcceptQueues().
  void SetGroup(std::string_view group);
  // set_account says where what it accepts is counted. Start() gives it an account of its own if it
  // has none.
  void set_account(std::shared_ptr<Account> account) { account_ = std::move(account); }
  // account returns what set_account gave.
  const std::shared_ptr<Account>& account() const { return account_; }
  // SetAdmission has admission decide about what is accepted, after its PROXY header; null: all is
  // taken, as at first. It need not be this listener's alone.
  void SetAdmission(std::shared_ptr<Admission> admission);
  // admission returns what SetAdmission gave.
  const std::shared_ptr<Admission>& admission() const { return admission_; }
  // set_limits gives limits to what is accepted from now on; null: none.
  void set_limits(std::shared_ptr<const ConnectionLimits> limits) { limits_ = std::move(limits); }
  // set_refusals says where refused connections are counted, if not where accepted ones are.
  void set_refusals(std::shared_ptr<Account> account) { refusals_ = std::move(account); }
  // refusals returns that, or account(); null if neither was set.
  const std::shared_ptr<Account>& refusals() const { return refusals_ ? refusals_ : account_; }
  // ExpectProxyHeaders has every connection begin with a PROXY header from a peer that rule trusts;
  // the handler gets it with the client's address, before anything is known of TLS. All others are
  // refused. Before Start().
  void ExpectProxyHeaders(ProxyRule rule);
  // headers_awaited returns how many accepted descriptors have not sent their header yet.
  size_t headers_awaited() const;
  // loop returns the loop that it listens on.
  Loop& loop() const { return loop_; }
  // A number of the handler's owner.
  uint64_t tag = 0;

 private:
  Listener(Loop& loop, int fd, ListenHandler* handler);
  ~Listener() override;
  void OnReady(uint32_t events) override;
  void OnWatchFailed(int error) override { Rest(error); }
  void OnLoopEnd() override { Close(); }
  friend class ProxyGate;
  bool AcceptOne();
  void Begin(int fd, const Address& peer);
  void Give(int fd, const Address& peer, ConnectionOrigin& origin);
  void Rest(int error);
  struct Refused;
  void Refuse(int fd, const Address& peer, Refusal reason);
  void TellRefusals();
  void WaitForPlace();
  void HaveAccount();

  Loop& loop_;
  int fd_;
  ListenHandler* handler_;
  std::shared_ptr<Account> account_;
  std::shared_ptr<Admission> admission_;
  std::shared_ptr<const ConnectionLimits> limits_;
  std::unique_ptr<Refused> refused_;  // with an admission
  std::shared_ptr<Account> refusals_;
  std::unique_ptr<ProxyGate> gate_;
  std::weak_ptr<ServerDrain> drain_;
  bool started_ = false;
  bool starved_ = false;
  bool held_ = false;
};

}  // namespace sluice
