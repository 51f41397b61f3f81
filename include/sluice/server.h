// Public. Listener: accepts connections at one address.
#pragma once

#include "sluice/socket.h"

namespace sluice {

class Listener;

// ListenHandler takes what a listener accepts. Not owned by the listener.
class ListenHandler {
 public:
  // A connection was accepted. The handler owns the descriptor now: Socket::Adopt it, pass it to
  // another thread, or close it.
  virtual void OnAccept(Listener& listener, int fd, const Address& peer) = 0;
  // No descriptor is free (EMFILE, ENFILE): accepting rests until one is, and clients wait in
  // the backlog. error says which limit was met.
  virtual void OnStarved(Listener& listener, const Error& error);

 protected:
  ~ListenHandler() = default;
};

struct ListenOptions {
  int backlog = 511;
  bool ipv6_only = false;
  bool reuse_port = false;
};

// Listener owns a listening descriptor. While open it holds itself and, unless SetRef(false),
// keeps Loop::Run going. Loop thread.
class Listener final : public RefCounted, private Watcher {
 public:
  // Listen binds and listens at once; on failure returns null and sets *error. Accepting begins
  // with Start().
  static Ref<Listener> Listen(Loop& loop, const Address& address, const ListenOptions& options,
                              ListenHandler* handler, Error* error);
  // Adopt takes over a descriptor that listens.
  static Ref<Listener> Adopt(Loop& loop, int fd, ListenHandler* handler);

  void Start();
  void Stop();  // stops accepting; clients wait in the backlog
  void Close();
  bool closed() const { return fd_ < 0; }
  int fd() const { return fd_; }
  Address LocalAddress() const;
  void SetRef(bool on);
  Loop& loop() const { return loop_; }
  // A number of the handler's owner.
  uint64_t tag = 0;

 private:
  Listener(Loop& loop, int fd, ListenHandler* handler);
  ~Listener() override;
  void OnReady(uint32_t events) override;
  void OnLoopEnd() override { Close(); }

  Loop& loop_;
  int fd_;
  ListenHandler* handler_;
  bool started_ = false;
  bool starved_ = false;
  bool held_ = false;
};

}  // namespace sluice
