// Public. Socket: a TCP or Unix stream socket, or any other descriptor that reads and writes.
#pragma once

#include <sys/types.h>

#include <memory>

#include "sluice/stream.h"

namespace sluice {

class SplicePipe;
class WriteQueue;

// Socket owns its descriptor. See Stream for what each call means.
class Socket final : public Stream, private Watcher, private ConnectionRecord {
 public:
  // Connect starts a connection; OnConnect follows, never from within the call. local, if not null,
  // is bound first. On failure of the call itself returns null and sets *error; OnConnect does not
  // follow then. origin: how the ledger's record of it begins. bound: a descriptor that connects,
  // in the place of a new one, and is the call's from then on; -1 for none.
  static Ref<Socket> Connect(Loop& loop, const Address& peer, const Address* local,
                             StreamHandler* handler, Error* error,
                             const ConnectionOrigin& origin = {}, int bound = -1);
  // Adopt takes over a connected descriptor (>= 0). Sockets keep their flags and are used without
  // blocking; other descriptors are made non-blocking. The ledger knows what a listener of this
  // library accepted; of another one it takes origin.
  static Ref<Socket> Adopt(Loop& loop, int fd, StreamHandler* handler,
                           const Address* peer = nullptr, const ConnectionOrigin& origin = {});

  using ConnectionRecord::Note;
  using Stream::Write;

  void Resume() override;
  void Pause() override;
  size_t TryWrite(std::span<const uint8_t> data) override;
  bool Write(std::span<const std::span<const uint8_t>> parts, bool copy) override;
  size_t queued() const override;
  void Shutdown() override;
  void Close() override;
  void Reset() override;
  bool closed() const override { return fd_ < 0; }
  int fd() const override { return fd_; }
  Address LocalAddress() const override;
  Address PeerAddress() const override;
  void SetIdleTimeout(uint64_t ms) override;
  void SetRef(bool on) override;
  ConnectionRecord* record() override { return id() != 0 ? this : nullptr; }

  // connecting returns whether OnConnect is still to come.
  bool connecting() const { return connecting_; }
  // SetNoDelay sends small writes at once (TCP_NODELAY). Returns 0 or an errno value.
  int SetNoDelay(bool on);
  // SetKeepAlive lets the kernel probe a silent peer; delay_seconds is the silence before the first
  // probe, interval_seconds that between two of them, and count how many may stay unanswered; 0 for
  // the system's default (tcp(7)). Returns 0 or an errno value.
  int SetKeepAlive(bool on, unsigned delay_seconds, unsigned interval_seconds = 0,
                   unsigned count = 0);
  // The type of service of IPv4 packets, or the traffic class of IPv6 ones (ip(7), ipv6(7)); 0 to
  // 255.
  int SetTypeOfService(int value);
  // GetTypeOfService sets *value to it; returns 0 or an errno value.
  int GetTypeOfService(int* value) const;
  // proxied returns what a load balancer told of the connection, or null; LocalAddress() and
  // PeerAddress() are those that it named.
  const ProxyHeader* proxied() const { return proxied_.get(); }
  // Carry has OnCarry asked before each read, from the next one on, whether what arrived shall go
  // to another socket as it is; it goes there within the kernel then (splice(2)), in order with
  // what that socket was given to write, and no OnData tells of it. The other socket takes no more
  // than fits: what it could not send yet waits in its queue, up to 1 MiB, and this one reads
  // nothing until that is gone. It ends by itself when less than 16 KiB arrive at once or where it
  // cannot be done: one of both is no socket, encrypted, captured or has limits, the other one has
  // bytes queued. `SLUICE_SPLICE=0` in the environment leaves it out.
  void Carry();
  // Release gives the descriptor to the caller, open, and forgets it; no callback follows. -1, with
  // all as it was: it is closed, connects, or has bytes queued.
  int Release();

 private:
  Socket(Loop& loop, int fd, StreamHandler* handler);
  ~Socket() override;
  void OnReady(uint32_t events) override;
  void OnWatchFailed(int error) override;
  void OnLoopEnd() override { Close(); }
  void Abandon(bool reset) override;
  Stream& own() override { return *this; }
  void Fill(ConnectionInfo& info, bool tcp) const override;
  uint64_t Unacknowledged(uint64_t* sent) const override;
  uint64_t Unread() const override;
  uint64_t Moved();
  void DidRead(size_t count);
  void DidWrite(size_t count);
  void CaptureRead(std::span<const uint8_t> data);
  void CaptureWritten(std::span<const struct iovec> parts, ssize_t written);
  void FinishConnect(int number);
  bool ReadSome();
  bool CarrySome();
  bool Carries() const;
  bool TakesCarried() const;
  void TakeCarried(std::unique_ptr<SplicePipe> pipe, Socket& from);
  void CarryOn();
  bool FlushCarried();
  void HungUp(uint32_t events);
  void Flush();
  void FinishShutdown();
  void Fail(const char* operation, int number);
  void FailWrite(int number);
  void FailLater(int number);
  size_t SendNow(const struct iovec* parts, int count);
  void UpdateInterest();
  void UpdateHold();
  void CloseDescriptor(bool reset);
  void CheckIdle();
  ssize_t Send(const struct iovec* parts, int count);

  int fd_;
  bool is_socket_ = true;
  bool connecting_ = false;
  bool reading_ = false;
  bool ended_ = false;         // the peer's end was reported
  bool parked_ = false;        // hung up while not reading: out of epoll until Resume
  bool drain_wanted_ = false;  // a Write left bytes queued
  bool carries_ = false;       // OnCarry is asked before each read
  bool carry_waits_ = false;   // what it carried waits in the queue of another one
  bool shutdown_wanted_ = false;
  bool shutdown_done_ = false;
  bool ref_wanted_ = true;
  bool held_ = false;           // counted in Loop::alive
  bool idle_reported_ = false;  // OnIdle ran since the last byte
  uint8_t read_size_ = 0;       // index of how much the next read asks for
  int pending_error_ = 0;       // a failed write, to be reported
  PackedIp peer_;               // as far as it is known without asking the kernel
  std::shared_ptr<const ProxyHeader> proxied_;
  std::unique_ptr<WriteQueue> queue_;
  uint64_t idle_ms_ = 0;
  uint64_t idle_from_ = 0;  // from when silence counts, beside the last bytes
  std::unique_ptr<Timer> idle_timer_;
};

}  // namespace sluice
