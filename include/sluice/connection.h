// Public. What is known of a connection: why it ended, and what it does now.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/address.h"

namespace sluice {

class Account;
class Admission;
class CaptureTable;
struct ProxyHeader;
class Loop;
class LoopLedger;
class Stream;

// Who ended a connection.
enum class ClosedBy : uint8_t { kNobody, kPeer, kLocal, kNetwork, kRuntime };

// What ended a connection. Code() says who that is.
enum class CloseCode : uint8_t {
  kNone,              // nothing did
  kPeerEnd,           // peer: it ended its side first (FIN, close_notify)
  kPeerReset,         // peer: RST
  kLocalEnd,          // local: Shutdown() first
  kLocalDestroy,      // local: Close()
  kLocalReset,        // local: Reset()
  kIdleTimeout,       // local: closed because no byte moved for the time that was set
  kConnectTimeout,    // network: no answer to the attempt to connect
  kConnectRefused,    // peer: nobody listens there
  kConnectAbandoned,  // runtime: another attempt of the same connection was faster
  kHandshakeTimeout,  // local: the TLS handshake took longer than it may
  kHandshakeFailed,   // local: this side broke the TLS handshake off
  kTlsAlert,          // peer: it sent a fatal alert
  kTlsTruncated,      // peer: its end came without close_notify
  kTlsError,          // local: a record that cannot be, after the handshake
  kNetTimeout,        // network: the peer acknowledged nothing, or answered no probe (ETIMEDOUT)
  kNetUnreachable,    // network: no way to the peer
  kIoError,           // runtime: any other failure of the system
  kAdmission,         // runtime: a limit or a list of the server
  kWriteLimit,        // runtime: too many bytes waited to be written
  kWriteStall,        // runtime: the peer took nothing of what waited
  kFirstByteTimeout,  // runtime: no first byte came in the time for it
  kLifetime,          // runtime: it was open as long as a connection may
  kProxyHeader,       // runtime: the PROXY header that must come first is missing or bad
  kDrain,             // local: the server leaves, and ended it in its turn
  kDrainDeadline,     // local: reset when a server that leaves could wait no longer
  kControl,           // local: somebody closed it from outside, as `sluice close` does
  kMoved,             // local: the descriptor was given to another process or owner
  kTaskEnd,           // runtime: its task, or the loop, ended
  kTaskKilled,        // runtime: its task was ended by another, by its memory's limit or a failure
  kLimitFds,          // runtime: no descriptor or number was left for it
  kLimitMemory,       // runtime: no memory (ENOMEM, ENOBUFS)
  kProcessExit,       // runtime: the process ended
};
// How many codes there are, kNone among them.
constexpr size_t kCloseCodes = static_cast<size_t>(CloseCode::kProcessExit) + 1;

// CloseReason is set once, by the first cause; later ones change nothing.
struct CloseReason {
  ClosedBy by = ClosedBy::kNobody;    // who caused it
  CloseCode code = CloseCode::kNone;  // what did

  // Of returns the reason with the one who causes that code.
  static CloseReason Of(CloseCode code);
  // Failed returns what a failure of the system with this errno value means.
  static CloseReason Failed(int number);
  // Whether there is one.
  explicit operator bool() const { return code != CloseCode::kNone; }
};

// Name returns "peer", "local", "network", "runtime", or "" for nobody.
std::string_view Name(ClosedBy by);
// Name returns "peer-end", "idle-timeout" and so on, "" for kNone.
std::string_view Name(CloseCode code);
// CloseCodeOf returns the code of that name, kNone if there is none.
CloseCode CloseCodeOf(std::string_view name);

// Whether a connection was accepted or made here.
enum class Side : uint8_t { kAccepted, kMade };
// What carries a connection. It is what the server or client was opened for: one that turns to TLS
// later stays kTcp.
enum class Transport : uint8_t { kTcp, kTls, kUnix };

// TcpInfo is a part of TCP_INFO (tcp(7)). Times in microseconds, others in segments, or bytes where
// the name says so.
struct TcpInfo {
  uint8_t state = 0;                    // TCP_ESTABLISHED and so on
  uint32_t rtt = 0;                     // smoothed round trip
  uint32_t rtt_var = 0;                 // how much it varies
  uint32_t min_rtt = 0;                 // the shortest round trip
  uint32_t retransmits = 0;             // since the connection began
  uint64_t bytes_retransmitted = 0;     // since the connection began
  uint32_t congestion_window = 0;       // segments that may be under way
  uint32_t unacked = 0;                 // under way
  uint32_t sacked = 0;                  // that the peer has although one before is missing
  uint32_t lost = 0;                    // of those under way, taken for lost
  uint32_t not_sent_bytes = 0;          // queued in the kernel
  uint64_t delivery_rate = 0;           // bytes a second
  uint64_t busy = 0;                    // with data to send
  uint64_t receive_window_limited = 0;  // of that, waiting for the peer to read
  uint64_t send_buffer_limited = 0;     // of that, waiting for this side to write
  uint32_t out_of_order = 0;            // segments received so
  uint32_t last_received_ms = 0;        // before the moment of the call, in ms
};

// TlsFacts are what a finished handshake agreed on.
struct TlsFacts {
  std::string version;      // "TLSv1.3"
  std::string cipher;       // OpenSSL's name
  std::string group;        // of the key exchange, "" for none
  bool resumed = false;     // by a session of before
  std::string server_name;  // that the client asked for, "" for none
  std::string alpn;         // the protocol, "" for none
  std::string peer;         // the common name of its certificate, "" for none
};

// ConnectionInfo is a snapshot of one connection. Times are those of Loop::now(), in ms; 0 for what
// did not happen.
struct ConnectionInfo {
  uint64_t id = 0;                        // of the process; no other connection has it
  uint64_t account = 0;                   // the number of where it is counted: of a server
  int task = 0;                           // 0: of the C++ library
  std::string group;                      // of servers, "" for none
  int member = 0;                         // of the group
  Side side = Side::kAccepted;            // accepted or made
  Transport transport = Transport::kTcp;  // what carries it
  Address local;                          // as of getsockname(2)
  Address peer;                           // as of getpeername(2)
  uint64_t opened_ms = 0;                 // accepted, or the attempt began
  uint64_t connected_ms = 0;              // the attempt succeeded; as opened_ms for accepted ones
  uint64_t handshake_started_ms = 0;      // of TLS
  uint64_t secure_ms = 0;                 // the handshake was done
  uint64_t first_in_ms = 0;               // the first byte came
  uint64_t first_out_ms = 0;              // the first byte went
  uint64_t last_in_ms = 0;                // the last byte came
  uint64_t last_out_ms = 0;               // the last byte went
  uint64_t closed_ms = 0;                 // it ended
  uint64_t bytes_in = 0;                  // of the program
  uint64_t bytes_out = 0;                 // likewise
  uint64_t wire_bytes_in = 0;             // from the kernel: more where TLS is between
  uint64_t wire_bytes_out = 0;            // likewise
  uint64_t queued = 0;                    // bytes that wait to be written
  CloseReason reason;                     // none while it is open
  std::optional<TlsFacts> tls;            // once a handshake was done
  std::optional<TcpInfo> tcp;             // where it was asked for
};

// AdmissionPlace is what a connection holds that an Admission let in, until its record ends.
struct AdmissionPlace {
  Admission* admission = nullptr;  // null: none was asked; lives while the place is held
  uint32_t entry = 0;              // of its address, 0 for none
  bool exempt = false;             // no limit holds for it
};

// ConnectionLimits end a connection that exceeds them. 0 is no limit; times in ms.
struct ConnectionLimits {
  uint64_t handshake = 0;    // of TLS, as a server
  uint64_t first_byte = 0;   // until the program's first byte comes, of TLS after the handshake
  uint64_t idle = 0;         // without a byte in either direction
  uint64_t lifetime = 0;     // from its begin
  uint64_t write_stall = 0;  // in which the peer acknowledges nothing while bytes wait
  uint64_t soft_bytes = 0;   // that wait longer than soft_ms
  uint64_t soft_ms = 0;      // see soft_bytes
  uint64_t hard_bytes = 0;   // that may wait at all: Stream::Write refuses what does not fit

  // none returns whether there is no limit.
  bool none() const {
    return (handshake | first_byte | idle | lifetime | write_stall | soft_bytes | hard_bytes) == 0;
  }
};

// What a connection begins with: a number of the process that nothing else has, where it is
// counted, and when it was accepted. Zeros leave each to the ledger.
struct ConnectionOrigin {
  uint64_t id = 0;                                   // of NextConnectionId()
  uint64_t opened_ms = 0;                            // of Loop::now()
  Account* account = nullptr;                        // outlives the connection
  std::shared_ptr<const ProxyHeader> proxied{};      // what a load balancer told of it
  AdmissionPlace place{};                            // given back at its end
  std::shared_ptr<const ConnectionLimits> limits{};  // null: none
  std::atomic<uint64_t>* under_way = nullptr;        // one less once the account has counted it
};

// NextConnectionId returns a number that no other connection of the process has; count of them
// are taken at once. Any thread.
uint64_t NextConnectionId(uint64_t count = 1);

// ConnectionRecord is the ledger's record of a connection, from its descriptor's birth to its end.
// It lives in what owns the descriptor. Loop thread.
class ConnectionRecord {
 public:
  // What knows more of a connection than its descriptor: a TLS stream.
  class Above {
   public:
    // Describe adds to info what it knows.
    virtual void Describe(ConnectionInfo& info) const = 0;
    // ReadyAt returns when the program's bytes could come, 0 for not yet.
    virtual uint64_t ReadyAt() const = 0;
    // HasRead returns whether some came.
    virtual bool HasRead() const = 0;
    // stream returns it.
    virtual Stream& stream() = 0;
    // Ending is called once when the connection is about to leave the ledger, with the cause noted:
    // what counts on it, or holds what it was given, says so and gives it back.
    virtual void Ending() = 0;

   protected:
    ~Above() = default;
  };

  ConnectionRecord();
  ConnectionRecord(const ConnectionRecord&) = delete;
  ConnectionRecord& operator=(const ConnectionRecord&) = delete;

  // id returns the number of the connection, 0 for what is none.
  uint64_t id() const { return id_; }
  // reason returns the first cause of the end, none while there is none.
  CloseReason reason() const { return reason_; }
  // Note sets the cause, if there is none yet.
  void Note(CloseReason reason) {
    if (!reason_) reason_ = reason;
  }
  // last_moved returns when a byte last came or went, in ms of Loop::now(); the begin before any.
  uint64_t last_moved() const { return std::max({last_in_, last_out_, opened_}); }
  // unread returns how many bytes the kernel has that will be read; 0 while nothing is read.
  uint64_t unread() const { return Unread(); }
  // entered returns whether the connection is open: its record is in a ledger.
  bool entered() const { return slot_ != kNoSlot; }
  // End ends the connection, whose handler hears of it as of a failure, ECONNABORTED; reset: by RST
  // on TCP.
  void End(CloseReason reason, bool reset = false) {
    Note(reason);
    given_up_ = true;
    Abandon(reset);
  }
  // given_up returns whether End was called: a limit, a server that leaves or somebody from outside
  // wants its end.
  bool given_up() const { return given_up_; }
  // stream returns the stream that a program has: where TLS is over a socket, that of TLS.
  Stream& stream() { return above_ != nullptr ? above_->stream() : own(); }
  // SetLimits gives it limits, others, or none (null).
  void SetLimits(std::shared_ptr<const ConnectionLimits> limits);
  // limits returns them, null for none.
  const ConnectionLimits* limits() const;
  // Refuses returns whether so many bytes more may not wait to be written (hard_bytes). The
  // connection ends in a later turn then, and whoever asked sends nothing any more until it does.
  bool Refuses(std::span<const std::span<const uint8_t>> parts);
  // waiting returns how many bytes wait to be written, those of Hold among them.
  uint64_t waiting() const { return waiting_; }
  // Hold tells how many bytes whoever writes holds back until the stream takes them: they count for
  // limits as those in its queue. Returns whether that is too much of a task, group or process.
  bool Hold(uint64_t bytes);
  // Snapshot returns what is known now; with TCP_INFO if tcp.
  ConnectionInfo Snapshot(bool tcp) const;

  // What follows is for transports.

  // account returns where the connection is counted; never null.
  Account& account() const { return *account_; }
  // place returns what Admission gave it.
  const AdmissionPlace& place() const;
  // set_above names what describes the connection further and counts its bytes; null: nothing.
  void set_above(Above* above) { above_ = above; }
  // above returns what set_above named.
  const Above* above() const { return above_; }
  // AddWaiting and TakeWaiting count bytes of a stream's queue.
  void AddWaiting(uint64_t bytes);
  // Likewise.
  void TakeWaiting(uint64_t bytes);
  // Finish takes the record out of the ledger, with the descriptor still open: kLocalDestroy if no
  // cause was noted. Again: nothing.
  void Finish();

 protected:
  virtual ~ConnectionRecord();
  // Enter begins the record in loop's ledger.
  void Enter(Loop& loop, Side side, Transport transport, const ConnectionOrigin& origin);
  // Connected notes that the attempt succeeded.
  void Connected();
  // Abandon has the owner of the descriptor give the connection up, and tell its handler; reset: by
  // RST on TCP.
  virtual void Abandon(bool reset) = 0;
  // own returns the owner of the descriptor.
  virtual Stream& own() = 0;
  // Fill adds what the owner of the descriptor knows: addresses and bytes; with TCP_INFO if tcp.
  virtual void Fill(ConnectionInfo& info, bool tcp) const = 0;

  // Unacknowledged returns how many bytes the kernel has that the peer did not acknowledge, and
  // sets *sent to how many it was given in all.
  virtual uint64_t Unacknowledged(uint64_t* sent) const = 0;

  // Unread is what unread() says.
  virtual uint64_t Unread() const = 0;

  // NoteIn and NoteOut note that bytes were read or written at the time now.
  void NoteIn(uint64_t now) {
    last_in_ = now;
    if (first_in_ == 0) first_in_ = Offset(now);
  }
  // Likewise.
  void NoteOut(uint64_t now) {
    last_out_ = now;
    if (first_out_ == 0) first_out_ = Offset(now);
  }
  // TellQueued tells the ring of events that bytes wait to be written, TellDrained that none do any
  // more.
  void TellQueued(uint64_t bytes) const;
  void TellDrained() const;  // see TellQueued
  uint64_t last_in_ = 0;     // ms of the loop; of any byte, also of a handshake
  uint64_t last_out_ = 0;    // likewise

 private:
  friend class LoopLedger;
  friend class CaptureTable;
  struct Limiter;
  struct Rare;
  uint32_t Offset(uint64_t now) const;
  Rare& rare();
  Limiter* limiter() const;
  void CheckLimits();
  void NoteTcp(const TcpInfo& tcp);

  uint64_t id_ = 0;
  Account* account_ = NoAccount();
  Above* above_ = nullptr;
  std::unique_ptr<Rare> rare_;  // what few connections have
  uint64_t waiting_ = 0;
  uint64_t opened_ = 0;
  // Milliseconds after opened_, plus one; 0: it did not happen.
  uint32_t connected_ = 0;
  uint32_t first_in_ = 0;
  uint32_t first_out_ = 0;
  uint32_t slot_ = kNoSlot;  // in the loop's table
  CloseReason reason_;
  bool given_up_ = false;
  uint8_t captures_ = 0;        // which captures it is one of, as of capture_epoch_
  uint16_t capture_epoch_ = 0;  // when that was looked up; 0: never

  static constexpr uint32_t kNoSlot = ~uint32_t{0};
  static Account* NoAccount();
};

}  // namespace sluice
