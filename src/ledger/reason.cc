// The causes of the end of connections.
#include <cerrno>

#include "base/check.h"
#include "ledger/loop_ledger.h"

namespace sluice {
namespace {

struct Cause {
  CloseCode code;
  ClosedBy by;
  std::string_view name;
};
constexpr Cause kCauses[] = {
    {CloseCode::kNone, ClosedBy::kNobody, ""},
    {CloseCode::kPeerEnd, ClosedBy::kPeer, "peer-end"},
    {CloseCode::kPeerReset, ClosedBy::kPeer, "peer-reset"},
    {CloseCode::kLocalEnd, ClosedBy::kLocal, "local-end"},
    {CloseCode::kLocalDestroy, ClosedBy::kLocal, "local-destroy"},
    {CloseCode::kLocalReset, ClosedBy::kLocal, "local-reset"},
    {CloseCode::kIdleTimeout, ClosedBy::kLocal, "idle-timeout"},
    {CloseCode::kConnectTimeout, ClosedBy::kNetwork, "connect-timeout"},
    {CloseCode::kConnectRefused, ClosedBy::kPeer, "connect-refused"},
    {CloseCode::kConnectAbandoned, ClosedBy::kRuntime, "connect-abandoned"},
    {CloseCode::kHandshakeTimeout, ClosedBy::kLocal, "handshake-timeout"},
    {CloseCode::kHandshakeFailed, ClosedBy::kLocal, "handshake-failed"},
    {CloseCode::kTlsAlert, ClosedBy::kPeer, "tls-alert"},
    {CloseCode::kTlsTruncated, ClosedBy::kPeer, "tls-truncated"},
    {CloseCode::kTlsError, ClosedBy::kLocal, "tls-error"},
    {CloseCode::kNetTimeout, ClosedBy::kNetwork, "net-timeout"},
    {CloseCode::kNetUnreachable, ClosedBy::kNetwork, "net-unreachable"},
    {CloseCode::kIoError, ClosedBy::kRuntime, "io-error"},
    {CloseCode::kAdmission, ClosedBy::kRuntime, "admission"},
    {CloseCode::kWriteLimit, ClosedBy::kRuntime, "write-limit"},
    {CloseCode::kWriteStall, ClosedBy::kRuntime, "write-stall"},
    {CloseCode::kFirstByteTimeout, ClosedBy::kRuntime, "first-byte-timeout"},
    {CloseCode::kLifetime, ClosedBy::kRuntime, "lifetime"},
    {CloseCode::kProxyHeader, ClosedBy::kRuntime, "proxy-header"},
    {CloseCode::kDrain, ClosedBy::kLocal, "drain"},
    {CloseCode::kDrainDeadline, ClosedBy::kLocal, "drain-deadline"},
    {CloseCode::kControl, ClosedBy::kLocal, "control"},
    {CloseCode::kMoved, ClosedBy::kLocal, "moved"},
    {CloseCode::kTaskEnd, ClosedBy::kRuntime, "task-end"},
    {CloseCode::kTaskKilled, ClosedBy::kRuntime, "task-killed"},
    {CloseCode::kLimitFds, ClosedBy::kRuntime, "limit-fds"},
    {CloseCode::kLimitMemory, ClosedBy::kRuntime, "limit-memory"},
    {CloseCode::kProcessExit, ClosedBy::kRuntime, "process-exit"},
};
static_assert(std::size(kCauses) == kCloseCodes);

constexpr std::string_view kFailureNames[] = {"no-cipher", "version",     "alert", "timeout",
                                              "not-tls",   "certificate", "other"};
static_assert(std::size(kFailureNames) == kHandshakeFailures);

constexpr std::string_view kRefusalNames[] = {"total",      "blocklist",    "descriptors",
                                              "ending",     "proxy-header", "rate",
                                              "concurrent", "handshakes",   "banned"};
static_assert(std::size(kRefusalNames) == kRefusals);

const Cause& CauseOf(CloseCode code) {
  const Cause& cause = kCauses[static_cast<size_t>(code)];
  SLUICE_CHECK(cause.code == code);
  return cause;
}

}  // namespace

CloseReason CloseReason::Of(CloseCode code) {
  return {CauseOf(code).by, code};
}

CloseReason CloseReason::Failed(int number) {
  switch (number) {
    case ECONNRESET:
    case EPIPE:  // the peer had reset it when we wrote
    case ECONNABORTED:
      return Of(CloseCode::kPeerReset);
    case ECONNREFUSED:
      return Of(CloseCode::kConnectRefused);
    case ETIMEDOUT:
      return Of(CloseCode::kNetTimeout);
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET:
    case EHOSTDOWN:
      return Of(CloseCode::kNetUnreachable);
    case EMFILE:
    case ENFILE:
      return Of(CloseCode::kLimitFds);
    case ENOMEM:
    case ENOBUFS:
      return Of(CloseCode::kLimitMemory);
    default:
      return Of(CloseCode::kIoError);
  }
}

std::string_view Name(CloseCode code) {
  return CauseOf(code).name;
}

CloseCode CloseCodeOf(std::string_view name) {
  for (const Cause& cause : kCauses)
    if (cause.name == name) return cause.code;
  return CloseCode::kNone;
}

Refusal RefusalOf(std::string_view name) {
  for (size_t i = 0; i < kRefusals; ++i)
    if (kRefusalNames[i] == name) return static_cast<Refusal>(i);
  return Refusal::kTotal;
}

std::string_view Name(ClosedBy by) {
  constexpr std::string_view kNames[] = {"", "peer", "local", "network", "runtime"};
  return kNames[static_cast<size_t>(by)];
}

std::string_view Name(HandshakeFailure failure) {
  return kFailureNames[static_cast<size_t>(failure)];
}

std::string_view Name(WriteLimit limit) {
  constexpr std::string_view kNames[] = {"socket", "task", "group", "process", "stall"};
  static_assert(std::size(kNames) == kWriteLimits);
  return kNames[static_cast<size_t>(limit)];
}

std::string_view Name(Refusal refusal) {
  return kRefusalNames[static_cast<size_t>(refusal)];
}

}  // namespace sluice
