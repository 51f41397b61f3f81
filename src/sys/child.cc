#include "sys/child.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/libc.h"
#include "sys/sys.h"

namespace sluice::sys {
namespace {

constexpr std::string_view kDefaultPath = "/usr/local/bin:/bin:/usr/bin";

std::string InDirectory(const std::string& path, const std::string& directory) {
  return path.starts_with('/') || directory.empty() ? path : directory + "/" + path;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Copies of the descriptors above all numbers of the child, so that none is overwritten before it
// is used. They close themselves, in the child too.
class HighCopies {
 public:
  explicit HighCopies(const std::vector<int>& descriptors) {
    int above = static_cast<int>(descriptors.size()) + 3;
    for (int fd : descriptors) {
      int copy = fd < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC) : fcntl(fd, F_DUPFD_CLOEXEC, above);
      if (fd < 0 && copy >= 0 && copy < above) {
        int moved = fcntl(copy, F_DUPFD_CLOEXEC, above);
        Close(copy);
        copy = moved;
      }
      if (copy < 0) error_ = errno;
      copies_.push_back(copy);
    }
  }
  ~HighCopies() {
    for (int fd : copies_)
      if (fd >= 0) Close(fd);
  }
  HighCopies(const HighCopies&) = delete;
  HighCopies& operator=(const HighCopies&) = delete;

  int error() const { return error_; }
  const std::vector<int>& descriptors() const { return copies_; }

 private:
  std::vector<int> copies_;
  int error_ = 0;
};

int Spawn(const ChildOptions& options, const std::string& program,
          const std::vector<int>& descriptors, pid_t* pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  int number = 0;
  for (int fd : descriptors) posix_spawn_file_actions_adddup2(&actions, fd, number++);
  // Libraries, and whoever started this process, may have left some open.
  libc::AddCloseFrom(&actions, number);
  if (!options.directory.empty())
    posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (options.session) flags |= POSIX_SPAWN_SETSID;
  posix_spawnattr_setflags(&attributes, static_cast<short>(flags));
  int error = posix_spawn(pid, program.c_str(), &actions, &attributes,
                          Pointers(options.arguments).data(), Pointers(options.environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// The new process's part of ForkAs: only calls that are safe between fork and exec. Returns errno.
int Become(const ChildOptions& options, const char* program, const std::vector<int>& descriptors,
           char* const* arguments, char* const* environment) {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
  }
  int number = 0;
  for (int fd : descriptors)
    if (dup2(fd, number++) < 0) return errno;
  if (options.session && setsid() < 0) return errno;
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) return errno;
  // Groups first, while there is the right to; those of the parent are not the user's.
  if (getuid() == 0) setgroups(0, nullptr);
  if (options.group >= 0 && setgid(static_cast<gid_t>(options.group)) != 0) return errno;
  if (options.user >= 0 && setuid(static_cast<uid_t>(options.user)) != 0) return errno;
  sigset_t signals;
  sigemptyset(&signals);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  execve(program, arguments, environment);
  return errno;
}

// Spawn for another user or group, which posix_spawn(3) cannot set. The pipe tells of a failure and
// ends when the program runs.
int ForkAs(const ChildOptions& options, const std::string& program,
           const std::vector<int>& descriptors, pid_t* pid) {
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return errno;
  // Above the numbers of the child, as its descriptors are.
  int above = static_cast<int>(descriptors.size()) + 3;
  int tell = fcntl(failure[1], F_DUPFD_CLOEXEC, above);
  Close(failure[1]);
  std::vector<char*> arguments = Pointers(options.arguments);
  std::vector<char*> environment = Pointers(options.environment);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of the parent runs in the child
  *pid = tell < 0 ? -1 : fork();
  if (*pid == 0) {
    int error = Become(options, program.c_str(), descriptors, arguments.data(), environment.data());
    if (write(tell, &error, sizeof error) < 0) _exit(127);
    _exit(127);
  }
  int error = *pid < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (tell >= 0) Close(tell);
  int told = 0;
  if (*pid > 0 && Read(failure[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
    waitpid(*pid, nullptr, 0);
    error = told;
  }
  Close(failure[0]);
  return error;
}

// The exchange of RunChild with its child.
class Exchange {
 public:
  Exchange(const Child& child, RunOptions& options) : child_(child), options_(options) {
    result_.outputs.resize(options.outputs.size());
    if (options.timeout_ms > 0)
      deadline_ms_ = MonotonicMs() + static_cast<uint64_t>(options.timeout_ms);
  }

  RunResult Run() {
    while (!ended_ || std::any_of(options_.outputs.begin(), options_.outputs.end(),
                                  [](int fd) { return fd >= 0; })) {
      Wait();
    }
    CloseAt(options_.input_at);
    Close(child_.pidfd);
    return std::move(result_);
  }

 private:
  static void CloseAt(int& fd) {
    if (fd >= 0) Close(fd);
    fd = -1;
  }

  // poll(2) passes over negative descriptors.
  void Wait() {
    std::vector<pollfd> set{{ended_ ? -1 : child_.pidfd, POLLIN, 0},
                            {options_.input_at, POLLOUT, 0}};
    for (int fd : options_.outputs) set.push_back({fd, POLLIN, 0});
    int timeout = -1;
    if (deadline_ms_ != 0) {
      uint64_t now = MonotonicMs();
      timeout = now < deadline_ms_
                    ? static_cast<int>(std::min<uint64_t>(deadline_ms_ - now, 1 << 30))
                    : 0;
    }
    if (poll(set.data(), set.size(), timeout) == 0) {
      Kill(ETIMEDOUT);
      return;
    }
    if (set[1].revents != 0) Feed();
    for (size_t i = 0; i < options_.outputs.size(); ++i)
      if (set[i + 2].revents != 0) Take(i);
    if (set[0].revents != 0) ended_ = TakeEnd(child_.pidfd, &result_.end) != -EAGAIN;
  }

  // The outputs are given up: processes that the child started may hold them for ever.
  void Kill(int error) {
    if (result_.error == 0) result_.error = error;
    deadline_ms_ = 0;
    if (!ended_) SignalChild(child_.pidfd, options_.kill_signal);
    for (int& fd : options_.outputs) CloseAt(fd);
    CloseAt(options_.input_at);
  }

  void Feed() {
    ssize_t count = Send(options_.input_at, options_.input.data(), options_.input.size());
    if (count == -EAGAIN) return;
    if (count > 0) options_.input = options_.input.subspan(static_cast<size_t>(count));
    if (count < 0 || options_.input.empty()) CloseAt(options_.input_at);
  }

  void Take(size_t index) {
    char buffer[65536];
    ssize_t count = Receive(options_.outputs[index], buffer, sizeof buffer);
    if (count == -EAGAIN) return;
    if (count <= 0) {
      CloseAt(options_.outputs[index]);
      return;
    }
    std::string& output = result_.outputs[index];
    output.append(buffer, static_cast<size_t>(count));
    if (output.size() > options_.max_bytes) Kill(ENOBUFS);
  }

  const Child& child_;
  RunOptions& options_;
  RunResult result_;
  bool ended_ = false;
  uint64_t deadline_ms_ = 0;
};

}  // namespace

std::string FindProgram(const ChildOptions& options) {
  if (options.file.find('/') != std::string::npos) return options.file;
  std::string_view path = kDefaultPath;
  for (const std::string& entry : options.environment)
    if (entry.starts_with("PATH=")) path = std::string_view(entry).substr(5);
  std::string denied;
  while (true) {
    size_t colon = path.find(':');
    std::string folder(path.substr(0, colon));
    std::string file = (folder.empty() ? "." : folder) + "/" + options.file;
    std::string full = InDirectory(file, options.directory);
    if (access(full.c_str(), X_OK) == 0) return file;
    if (errno == EACCES && denied.empty()) denied = file;
    if (colon == std::string_view::npos) return denied;
    path.remove_prefix(colon + 1);
  }
}

Child StartChild(const ChildOptions& options, const grant::PathGrant& grant) {
  if (grant.error() != 0) return {grant.error(), -1};
  const std::string& program = grant.pinned() ? grant.real() : grant.text();
  if (program.empty()) return {-ENOENT, -1};
  HighCopies copies(options.descriptors);
  if (copies.error() != 0) return {-copies.error(), -1};
  Child child;
  for (size_t i = 0; i < std::min<size_t>(copies.descriptors().size(), 3); ++i)
    SetNonBlocking(copies.descriptors()[i], false);
  bool other = options.user >= 0 || options.group >= 0;
  int error = (other ? ForkAs : Spawn)(options, program, copies.descriptors(), &child.pid);
  if (error != 0) return {-error, -1};
  child.pidfd = libc::PidfdOpen(child.pid, 0);
  if (child.pidfd < 0) {
    // Without it nobody would ever learn of its end.
    error = errno;
    kill(child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
    return {-error, -1};
  }
  fcntl(child.pidfd, F_SETFD, FD_CLOEXEC);
  return child;
}

int ReplaceProcess(const ChildOptions& options, const grant::PathGrant& grant) {
  if (grant.error() != 0) return grant.error();
  const std::string& program = grant.pinned() ? grant.real() : grant.text();
  if (access(program.c_str(), X_OK) != 0) return -errno;
  bool blocking[3];
  for (int fd = 0; fd < 3; ++fd) {
    blocking[fd] = (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
    SetNonBlocking(fd, false);
  }
  // Handlers go with the program; what is ignored or blocked would stay.
  struct sigaction usual {};
  struct sigaction pipe {};
  usual.sa_handler = SIG_DFL;
  sigset_t none;
  sigset_t before;
  sigemptyset(&none);
  sigaction(SIGPIPE, &usual, &pipe);
  pthread_sigmask(SIG_SETMASK, &none, &before);
  execve(program.c_str(), Pointers(options.arguments).data(), Pointers(options.environment).data());
  int error = -errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigaction(SIGPIPE, &pipe, nullptr);
  for (int fd = 0; fd < 3; ++fd)
    if (!blocking[fd]) SetNonBlocking(fd, true);
  return error;
}

int TakeEnd(int pidfd, ChildEnd* end) {
  siginfo_t info{};
  int result = 0;
  do {
    result = waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return -errno;
  if (info.si_pid == 0) return -EAGAIN;
  if (info.si_code == CLD_EXITED)
    end->code = info.si_status;
  else
    end->signal = info.si_status;
  return 0;
}

int SignalChild(int pidfd, int signal) {
  return libc::PidfdSendSignal(pidfd, signal) == 0 ? 0 : -errno;
}

RunResult RunChild(const Child& child, RunOptions options) {
  return Exchange(child, options).Run();
}

}  // namespace sluice::sys
