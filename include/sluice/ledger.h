// Public. Ledger: the connections of the process, open and closed, and their numbers.
#pragma once

#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connection.h"
#include "sluice/loop.h"

namespace sluice {

// Whose connections are counted together.
struct AccountKey {
  std::string group;                                    // of servers, "" for none
  int member = 0;                                       // of the group
  int task = 0;                                         // 0: of the C++ library
  Side side = Side::kAccepted;                          // accepted or made
  Transport transport = Transport::kTcp;                // what carries them
  auto operator<=>(const AccountKey&) const = default;  // in the order of the members
};

// What finished TLS handshakes were.
enum class HandshakeKind : uint8_t { kFull12, kResumed12, kFull13, kResumed13 };
// How many there are.
constexpr size_t kHandshakeKinds = 4;
// Why others failed.
enum class HandshakeFailure : uint8_t {
  kNoCipher,     // nothing in common
  kVersion,      // likewise
  kAlert,        // the peer sent one
  kTimeout,      // it took too long
  kNotTls,       // what the peer sent is no TLS
  kCertificate,  // of the peer, which is not trusted or missing
  kOther,        // the end of the connection, and what is rare
};
// How many there are.
constexpr size_t kHandshakeFailures = static_cast<size_t>(HandshakeFailure::kOther) + 1;
// Name returns "no-cipher", "version" and so on.
std::string_view Name(HandshakeFailure failure);
// Why accepted connections were not taken.
enum class Refusal : uint8_t {
  kTotal,        // there are as many as may be
  kBlockList,    // a list names the peer
  kDescriptors,  // no number was left for it
  kEnding,       // the server ends
  kProxyHeader,  // the PROXY header that must come first is missing or bad
  kRate,         // its address connects too often
  kConcurrent,   // its address has as many as it may have
  kHandshakes,   // too many wait for their TLS handshake
  kBanned,       // too many handshakes of its address failed
};
// How many there are.
constexpr size_t kRefusals = static_cast<size_t>(Refusal::kBanned) + 1;
// Name returns "total", "blocklist" and so on.
std::string_view Name(Refusal refusal);
// RefusalOf returns the one of that name; kTotal if there is none.
Refusal RefusalOf(std::string_view name);

// What a queue of bytes that wait to be written exceeded.
enum class WriteLimit : uint8_t { kSocket, kTask, kGroup, kProcess, kStall };
// How many there are.
constexpr size_t kWriteLimits = static_cast<size_t>(WriteLimit::kStall) + 1;
// Name returns "socket", "task" and so on.
std::string_view Name(WriteLimit limit);

// WriteQueue limits in bytes, 0 for none. What waits in all queues of the process may be a quarter
// of its memory, as long as nothing else is set. Over a limit the connections with the longest
// queues end, until 90 % of it are left. Any thread.
void SetProcessWriteLimit(uint64_t bytes);
// ProcessWriteLimit returns it.
uint64_t ProcessWriteLimit();
// SetTaskWriteLimit is the same for what waits on a loop; the loop's thread.
void SetTaskWriteLimit(Loop& loop, uint64_t bytes);
// TaskWriteLimit returns it.
uint64_t TaskWriteLimit(Loop& loop);

// HistogramNumbers are how many values were at most as large as each bound and above the one
// before; the last count is of those above all.
struct HistogramNumbers {
  std::span<const double> bounds;  // upwards
  std::vector<uint64_t> counts;    // one more than bounds
  double sum = 0;                  // of all values
  // Adds one of the same bounds, or of none.
  HistogramNumbers& operator+=(const HistogramNumbers& other);
};

// AccountNumbers are what was counted until a moment at which opened = open + the sum of closed.
struct AccountNumbers {
  uint64_t opened = 0;                            // since the start
  uint64_t open = 0;                              // now
  std::array<uint64_t, kCloseCodes> closed{};     // by CloseCode
  std::array<uint64_t, kRefusals> refused{};      // by Refusal; those were opened and closed too
  std::array<uint64_t, kWriteLimits> exceeded{};  // by WriteLimit
  uint64_t bytes_in = 0;                          // of programs
  uint64_t bytes_out = 0;                         // likewise
  uint64_t write_queue = 0;                       // bytes that wait to be written now
  std::array<uint64_t, kHandshakeKinds> handshakes{};  // by HandshakeKind
  uint64_t sessions_not_resumed = 0;  // that clients offered: expired, unknown or forged
  std::array<uint64_t, kHandshakeFailures> handshake_failures{};  // by HandshakeFailure
  HistogramNumbers durations;                                     // of closed connections, seconds
  HistogramNumbers handshake_durations;                           // of finished ones, seconds
  HistogramNumbers round_trips;                                   // at the end of TCP ones, seconds
  uint64_t retransmits = 0;                                       // segments of closed ones

  // all_closed returns the sum of closed.
  uint64_t all_closed() const;
  // Adds what another account counted.
  AccountNumbers& operator+=(const AccountNumbers& other);
};

// A line of Ledger::Accounts().
struct AccountLine {
  AccountKey key;          // whose numbers they are
  AccountNumbers numbers;  // what was counted
};

// Ledger has one record of every connection: a socket enters it with its descriptor and leaves it
// with the cause of its end. Any thread, where nothing else is said.
class Ledger {
 public:
  // How many closed connections are kept.
  static constexpr size_t kRecent = 4096;

  // Accounts returns the numbers of all accounts, those of loops that ended among them.
  static std::vector<AccountLine> Accounts();
  // How often a member of a group was started again, by what had ended it: "error", "heap",
  // "watchdog" or "exit".
  struct Restarts {
    std::string group;   // the group's name
    int member;          // its number in the group
    std::string reason;  // "error", "heap", "watchdog" or "exit"
    uint64_t count;      // how often
  };
  // RestartCounts returns those of all members that were started again.
  static std::vector<Restarts> RestartCounts();
  // The queue of connections that wait to be accepted, and how many it holds.
  struct AcceptQueue {
    std::string group;  // "" for none
    Address local;      // where it listens
    uint32_t length;    // how many wait
    uint32_t limit;     // how many may
  };
  // AcceptQueues returns those of all listeners for TCP.
  static std::vector<AcceptQueue> AcceptQueues();
  // How often accept(2) failed, by the errno value.
  struct AcceptErrors {
    std::string group;  // "" for none
    int error;          // EMFILE and so on
    uint64_t count;     // how often
  };
  // AcceptErrorCounts returns those of all listeners since the start.
  static std::vector<AcceptErrors> AcceptErrorCounts();
  // Until when a certificate is good that servers choose by name.
  struct CertificateExpiry {
    std::string group;  // of servers, "" for none
    std::string name;   // "" for the default one
    int64_t expires;    // seconds since 1970
  };
  // CertificateExpiries returns those of all servers now.
  static std::vector<CertificateExpiry> CertificateExpiries();
  // List appends up to most snapshots of loop's open connections, from place on, and returns the
  // place to go on from, 0 at the end. What is opened and closed meanwhile may be missed, nothing
  // is told twice. With TCP_INFO if tcp. The loop's thread.
  static size_t List(Loop& loop, size_t place, size_t most, bool tcp,
                     std::vector<ConnectionInfo>* out);
  // The loops that have a ledger, by the task and the mailbox to ask each: List() and Find() are
  // for its own thread.
  struct LoopEntry {
    int task;                          // 0: of the C++ library
    std::shared_ptr<Mailbox> mailbox;  // of its loop
  };
  // Loops returns them.
  static std::vector<LoopEntry> Loops();
  // GroupWriteLimits returns how many bytes may wait to be written by all members of a group, of
  // those that have such a limit.
  static std::map<std::string, uint64_t> GroupWriteLimits();
  // Draining returns the groups of which servers leave, "" for servers of none.
  static std::set<std::string> Draining();
  // MetricsText returns what was counted as text of the Prometheus format 0.0.4, with the
  // Content-Type kMetricsType. docs/observe.md names the metrics; those of tasks and of programs
  // are JavaScript's.
  static std::string MetricsText();
  // See MetricsText.
  static constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";
  // Find returns the record of an open connection of loop, or null. The loop's thread.
  static ConnectionRecord* Find(Loop& loop, uint64_t id);

  // What Recent() looks for; what is not set fits all.
  struct Filter {
    uint64_t id = 0;                    // ConnectionInfo::id
    CloseCode code = CloseCode::kNone;  // why it ended
    std::string peer;                   // an IP address, a range of them, or a path
    uint64_t since_ms = 0;              // of Loop::now(): closed then or later
    std::string group;                  // of servers
    uint64_t account = 0;               // ConnectionInfo::account
    size_t limit = kRecent;             // how many at most
  };
  // Recent returns closed connections, the last first. Each has the TCP_INFO of its end.
  static std::vector<ConnectionInfo> Recent(const Filter& filter);
};

}  // namespace sluice
