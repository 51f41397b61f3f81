#include "grant/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace sluice::grant {
namespace {

constexpr uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr uint64_t kReadAll = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
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
  Rules() {
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = kReadAll | kWriteAll;
    fd_ = static_cast<int>(
        syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0));
  }
  ~Rules() {
    if (fd_ >= 0) close(fd_);
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  // Allows access to a path, or where it is not there yet, beneath the longest part that is.
  void Add(std::string path, uint64_t access, bool parents = false) {
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

 private:
  void AddOpen(int at, uint64_t access) {
    struct stat status {};
    if (fstat(at, &status) != 0) return;
    if (!S_ISDIR(status.st_mode)) access &= kReadFile | kWriteFile;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = at;
    (void)syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  }

  int fd_ = -1;
};

}  // namespace

bool Confine(const Policy& policy, const std::vector<std::string>& writable) {
  constexpr long kLeastVersion = 2;
  long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < kLeastVersion || policy.HasAllowed(Scope::kRun)) return false;
  Rules rules;
  if (!rules) return false;
  for (const char* path : kSystem) rules.Add(path, kReadAll);
  rules.Add("/dev", kWriteFile);
  for (const PathPattern& path : policy.loadable()) rules.Add(path.real(), kReadAll);
  for (Scope scope : {Scope::kFsRead, Scope::kTask})
    for (const std::string& path : policy.PathsOf(scope)) rules.Add(path, kReadAll);
  // A file that is to be made is made in its folder.
  for (const std::string& path : policy.PathsOf(Scope::kFsWrite))
    rules.Add(path, kReadAll | kWriteAll, true);
  for (const std::string& path : policy.UnixPaths())
    rules.Add(path.substr(0, path.rfind('/') + 1), kReadAll | kWriteAll, true);
  for (const std::string& path : writable) rules.Add(path, kReadAll | kWriteAll, true);
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_landlock_restrict_self, rules.fd(), 0) == 0;
}

}  // namespace sluice::grant
