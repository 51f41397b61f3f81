#include "grant/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace sluice::grant {
namespace {

// Of versions that the headers of the build may not have.
struct Ruleset {
  uint64_t files;   // what rules are needed for
  uint64_t tcp;     // likewise, from version 4
  uint64_t scoped;  // what goes to this process alone, from version 6
};
struct PortRule {
  uint64_t access;
  uint64_t port;
};
constexpr int kRuleOfPort = 2;  // LANDLOCK_RULE_NET_PORT
constexpr uint64_t kBindTcp = 1u << 0;
constexpr uint64_t kConnectTcp = 1u << 1;
constexpr uint64_t kAbstractUnix = 1u << 0;
constexpr uint64_t kSignals = 1u << 1;
constexpr uint64_t kTruncate = 1u << 14;
constexpr long kVersionOfTruncate = 3;
constexpr long kVersionOfTcp = 4;
constexpr long kVersionOfScopes = 6;

constexpr size_t kMostPorts = 4096;  // each is a rule
constexpr uint16_t kDnsPort = 53;    // of answers that are too long for UDP

constexpr uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr uint64_t kReadAll = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;
// Of version 2: to move and link between directories.
constexpr uint64_t kRefer = 1u << 13;
constexpr uint64_t kWriteAll = kWriteFile | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                               LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                               LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                               LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                               LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | kRefer;

// What the runtime reads by itself: libraries, names, time zones, authorities, numbers.
constexpr const char* kSystem[] = {"/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc",
                                   "/opt", "/run", "/proc",  "/sys", "/dev"};

class Rules {
 public:
  Rules(long version, const Ruleset& handled) : handled_(handled) {
    size_t size = version >= kVersionOfScopes ? sizeof handled_
                  : version >= kVersionOfTcp  ? offsetof(Ruleset, scoped)
                                              : offsetof(Ruleset, tcp);
    fd_ = static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled_, size, 0));
  }
  ~Rules() {
    if (fd_ >= 0) close(fd_);
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  explicit operator bool() const { return fd_ >= 0; }

  // Allows access to a path, or where it is not there yet, beneath the longest part that is.
  void AddPath(std::string path, uint64_t access, bool parents = false) {
    for (;;) {
      int at = open(path.c_str(), O_PATH | O_CLOEXEC);
      if (at >= 0) {
        AddOpen(at, access);
        close(at);
        return;
      }
      if (!parents || path.size() < 2) return;
      size_t slash = path.rfind('/');
      path = slash == 0 ? "/" : path.substr(0, slash);
    }
  }

  void AddPorts(const std::vector<PortRange>& ranges, uint64_t access) {
    if ((handled_.tcp & access) == 0) return;
    for (PortRange range : ranges) {
      for (uint64_t port = range.first; port <= range.last; ++port) {
        PortRule rule{access, port};
        (void)syscall(SYS_landlock_add_rule, fd_, kRuleOfPort, &rule, 0);
      }
    }
  }

  // Enforces them on this thread and those that it starts.
  bool Enforce() const {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, fd_, 0) == 0;
  }

 private:
  void AddOpen(int at, uint64_t access) {
    struct stat status {};
    if (fstat(at, &status) != 0) return;
    if (!S_ISDIR(status.st_mode)) access &= kReadFile | kWriteFile;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access & handled_.files;
    rule.parent_fd = at;
    (void)syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  }

  const Ruleset handled_;
  int fd_ = -1;
};

Confinement confinement;

// The ports that rules of a scope name; nothing where they are all, or too many for rules of the
// kernel.
std::optional<std::vector<PortRange>> Few(std::optional<std::vector<PortRange>> ports) {
  size_t count = 0;
  if (!ports) return ports;
  for (PortRange range : *ports) count += size_t{range.last} - range.first + 1;
  return count <= kMostPorts ? ports : std::nullopt;
}

// What systemd is told that a service is ready may go to an abstract socket.
bool NeedsAbstractUnix(const Policy& policy) {
  const char* notify = std::getenv("NOTIFY_SOCKET");
  return policy.HasUnix(Scope::kConnect) || (notify != nullptr && *notify == '@');
}

void AddFiles(Rules& rules, const Policy& policy, const std::vector<std::string>& writable) {
  for (const char* path : kSystem) rules.AddPath(path, kReadAll);
  rules.AddPath("/dev", kWriteFile);
  for (const PathPattern& path : policy.loadable()) rules.AddPath(path.real(), kReadAll);
  for (Scope scope : {Scope::kFsRead, Scope::kTask})
    for (const std::string& path : policy.PathsOf(scope)) rules.AddPath(path, kReadAll);
  // A file that is to be made is made in its folder.
  for (const std::string& path : policy.PathsOf(Scope::kFsWrite))
    rules.AddPath(path, kReadAll | kWriteAll, true);
  for (const std::string& path : policy.UnixPaths())
    rules.AddPath(path.substr(0, path.rfind('/') + 1), kReadAll | kWriteAll, true);
  for (const std::string& path : writable) rules.AddPath(path, kReadAll | kWriteAll, true);
}

}  // namespace

bool Confine(const Policy& policy, const OwnPlaces& own) {
  constexpr long kLeastVersion = 2;
  long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < kLeastVersion || policy.HasAllowed(Scope::kRun)) return false;
  auto listen = Few(policy.PortsOf(Scope::kListen));
  auto connect = Few(policy.PortsOf(Scope::kConnect));
  Ruleset handled{};
  handled.files = kReadAll | kWriteAll;
  if (version < kVersionOfTruncate) handled.files &= ~kTruncate;
  if (version >= kVersionOfTcp) handled.tcp = (listen ? kBindTcp : 0) | (connect ? kConnectTcp : 0);
  if (version >= kVersionOfScopes)
    handled.scoped = (policy.HasAllowed(Scope::kSignal) ? 0 : kSignals) |
                     (NeedsAbstractUnix(policy) ? 0 : kAbstractUnix);
  Rules rules(version, handled);
  if (!rules) return false;
  AddFiles(rules, policy, own.writable);
  if (listen) {
    rules.AddPorts(*listen, kBindTcp);
    rules.AddPorts(own.ports, kBindTcp);
  }
  if (connect) {
    rules.AddPorts(*connect, kConnectTcp);
    rules.AddPorts({{kDnsPort, kDnsPort}}, kConnectTcp);
  }
  if (!rules.Enforce()) return false;
  confinement = {true, (handled.tcp & kBindTcp) != 0, (handled.tcp & kConnectTcp) != 0,
                 (handled.scoped & kSignals) != 0};
  return true;
}

const Confinement& Confined() {
  return confinement;
}

}  // namespace sluice::grant
