// Public. Admission: which connections a server takes, decided when they are accepted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "sluice/address_range.h"
#include "sluice/ledger.h"

namespace sluice {

class AddressTable;

// Rate is so many at once and as many again in each so many milliseconds (a token bucket). A count
// of 0 is no limit.
struct Rate {
  uint32_t count = 0;  // how many
  uint32_t ms = 1000;  // in how long, at least 1
};

// TokenBucket holds up to Rate::count tokens; as many come back in Rate::ms.
struct TokenBucket {
  double tokens = 0;      // that are left
  uint64_t refilled = 0;  // when, in ms; 0: it is full

  // Take takes one; false if there is none.
  bool Take(const Rate& rate, uint64_t now_ms);
};

// AdmissionOptions are the limits of a server. A limit of 0 is none. An address here is its prefix.
// A number beyond its bounds is taken as the nearest within.
struct AdmissionOptions {
  // What becomes of a connection that is refused. No byte is ever sent.
  enum class Action : uint8_t {
    kReset,  // RST
    kClose,  // FIN
    kWait,   // over `total` clients wait in the backlog; others as kReset
  };

  Rate rate;                               // of connections of one address
  uint32_t concurrent = 0;                 // open at a time, of one address
  uint32_t total = 0;                      // open at a time, of all
  uint32_t handshakes = 0;                 // of TLS that run at a time; as many more wait
  Rate handshake_rate;                     // of all; what is over it waits
  uint32_t handshake_timeout_ms = 10'000;  // 0: that of TlsOptions alone
  unsigned v4_prefix = 32;                 // how much of an IPv4 address counts, 0 to 32
  unsigned v6_prefix = 64;                 // likewise of IPv6, 0 to 128
  std::vector<AddressRange> exempt;        // who is counted, and never refused
  Rate failures;  // so many failed handshakes ban an address for the time ms, in which it may fail
                  // so often
  uint32_t table = 65'536;         // addresses that are known at a time, 1 to kMostTable
  Action action = Action::kReset;  // what becomes of those that are refused

  // The bound of table: 1 GiB.
  static constexpr uint32_t kMostTable = 1 << 24;
};

// AdmissionNumbers are those of one moment.
struct AdmissionNumbers {
  uint32_t open = 0;        // connections that were admitted
  uint32_t addresses = 0;   // in the table
  uint64_t table_full = 0;  // how often an address found no place of its own in it
  uint32_t handshakes = 0;  // that run
  uint32_t waiting = 0;     // for their handshake
  uint32_t may_wait = 0;    // for it, 0: nobody, as nobody must
  uint32_t total = 0;       // that may be open, 0: any number
};

// Admission has the limits of one server, of all of its threads. Checks are in this order: total,
// ban, concurrent, rate; the handshake follows once the client's hello is there, so that who says
// nothing takes no place among them. A quarter of the places is for those who resume a session.
// With a full table the address that is idle longest goes; if none is, new ones share one entry,
// and its limits. Deciding allocates nothing. Any thread.
class Admission : public std::enable_shared_from_this<Admission> {
 public:
  // Admission begins with nothing admitted. It is made by std::make_shared: connections that are
  // open hold it.
  explicit Admission(AdmissionOptions options);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Set changes the limits. Connections that are open stay, and are counted as before.
  void Set(AdmissionOptions options);
  // action returns AdmissionOptions::action.
  AdmissionOptions::Action action() const { return action_.load(std::memory_order_relaxed); }
  // Numbers returns those of now.
  AdmissionNumbers Numbers() const;
  // MustWait returns whether the next client shall wait in the backlog.
  bool MustWait() const;

  // Admit decides about a connection of peer, at a time of Loop::now(): nothing, and *place is to
  // go with the connection; or why it is refused.
  std::optional<Refusal> Admit(const Address& peer, uint64_t now_ms, AdmissionPlace* place);
  // Leave ends a connection that was admitted. Once.
  void Leave(uint32_t entry);

  // What a handshake may do.
  enum class Turn : uint8_t { kNow, kLater, kNever };
  // BeginHandshake asks for a place, again (waits) or for the first time. resumes: the client
  // offers a session. After kNow EndHandshake follows, after kLater the next call or
  // GiveUpHandshake.
  Turn BeginHandshake(const AdmissionPlace& place, bool resumes, bool waits, uint64_t now_ms);
  // EndHandshake ends one that had a place.
  void EndHandshake(bool resumes);
  // GiveUpHandshake ends the waiting for a place.
  void GiveUpHandshake();
  // HandshakeFailed counts one of the address of that entry.
  void HandshakeFailed(uint32_t entry, uint64_t now_ms);
  // handshake_timeout_ms returns AdmissionOptions::handshake_timeout_ms.
  uint32_t handshake_timeout_ms() const;

  // All returns the numbers of all that are in use, by the group they were named for.
  static std::vector<std::pair<std::string, AdmissionNumbers>> All();
  // set_group names the group whose server it is for, before it is used.
  void set_group(std::string_view group);

 private:
  bool IsExempt(const IpBytes& ip) const;
  uint32_t MayWait() const;

  std::atomic<AdmissionOptions::Action> action_{AdmissionOptions::Action::kReset};
  mutable std::mutex mutex_;  // guards what follows
  AdmissionOptions options_;
  std::string group_;
  std::unique_ptr<AddressTable> table_;  // once a limit of addresses was set
  std::shared_ptr<Admission> self_;      // while connections are open
  uint32_t open_ = 0;
  uint32_t full_handshakes_ = 0;
  uint32_t resumed_handshakes_ = 0;
  uint32_t waiting_ = 0;
  TokenBucket handshake_tokens_{};
};

}  // namespace sluice
