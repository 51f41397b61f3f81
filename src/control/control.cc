#include "control/control.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>

#include "control/dashboard.h"
#include "control/metrics.h"
#include "control/requests.h"
#include "control/service.h"
#include "ledger/capture.h"
#include "ledger/event_json.h"
#include "ledger/loop_ledger.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

// When a program that lives longer is asked for the first time at the earliest, in ms.
constexpr uint64_t kStartMs = 100;
constexpr int kBacklog = 16;
constexpr size_t kLongestRequest = 64 * 1024;

std::atomic<bool> dump_wanted{false};
std::atomic<bool> failed{false};

// The path that is open; of the process.
std::mutex path_mutex;
std::string* open_path = nullptr;  // guarded by path_mutex; never freed

// Makes the folder for this user alone; returns whether it is so.
bool MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return false;
  struct stat status;
  return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == geteuid() && (status.st_mode & 0077) == 0;
}

bool MayAsk(int client) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == geteuid() || peer.uid == 0;
}

void Serve(int client) {
  if (!MayAsk(client)) return;
  LineReader reader(client, kLongestRequest);
  std::string line;
  auto send = [client](std::string_view text) { return Send(client, text); };
  while (reader.Next(&line))
    if (!Answer(line, send)) return;
}

// Returns what is wrong, "" for nothing.
std::string Open(const std::string& path) {
  auto fail = [&](const char* what, int error) {
    return std::string("cannot open the control socket ") + path + ": " + what + ": " +
           strerror(error);
  };
  auto address = Address::Unix(path);
  if (!address) return fail("path", ENAMETOOLONG);
  int fd = sys::Socket(AF_UNIX, SOCK_STREAM);
  if (fd < 0) return fail("socket", -fd);
  // A file of that name is somebody's; a socket that nobody listens at is left over.
  struct stat status;
  if (lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) &&
      sys::Connect(fd, grant::OwnAddress(*address)) == -ECONNREFUSED)
    unlink(path.c_str());
  int result = sys::Bind(fd, grant::OwnAddress(*address));
  // Nobody can connect before listen(2).
  if (result == 0 && chmod(path.c_str(), 0600) != 0) result = -errno;
  if (result == 0) result = sys::Listen(fd, kBacklog);
  if (result < 0) {
    sys::Close(fd);
    return fail("bind", -result);
  }
  {
    std::lock_guard lock(path_mutex);
    open_path = new std::string(path);
  }
  SetControlPath(path);
  grant::ControlSockets(path);
  if (!StartService(fd, Crowd::kWait, Serve)) return fail("thread", EAGAIN);
  return "";
}

// The timer of a start that waits; it lives as long as its loop.
struct Waiting final : LoopState {
  explicit Waiting(Loop& loop)
      : timer(loop, [] {
          std::string folder = DefaultFolder();
          if (MakeFolder(folder)) Open(folder + "/" + std::to_string(getpid()) + ".sock");
        }) {}
  Timer timer;
};

}  // namespace

std::string DefaultFolder() {
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && *runtime == '/')
    return std::string(runtime) + "/sluice";
  std::string user = std::to_string(geteuid());
  std::string folder = "/run/user/" + user;
  if (access(folder.c_str(), W_OK) == 0) return folder + "/sluice";
  return "/tmp/sluice-" + user;
}

std::string Start(Loop& loop, const ControlOptions& options, std::string program) {
  dump_wanted = options.dump;
  SetProgram(std::move(program));
  grant::ControlSockets(DefaultFolder());
  if (!options.on) return "";
  if (!options.path.empty()) return Open(options.path);
  loop.State<Waiting>().timer.SetAfter(kStartMs);
  return "";
}

std::string StartMetrics(const ControlOptions& options) {
  if (!options.metrics) return "";
  Error error;
  ServeMetrics(grant::OwnAddress(*options.metrics), "/metrics", &error);
  return error ? "cannot serve metrics: " + error.message() : "";
}

std::string StartDashboard(const ControlOptions& options,
                           std::function<std::string_view(std::string_view)> file) {
  if (!options.dashboard) return "";
  Error error;
  std::string page = ServeDashboard(*options.dashboard, std::move(file), &error);
  if (error) return "cannot serve the dashboard: " + error.message();
  std::fprintf(stderr, "The dashboard is at %s\n", page.c_str());
  return "";
}

void Failed() {
  failed = true;
}

void Stop() {
  Capture::Finish();
  {
    std::lock_guard lock(path_mutex);
    if (open_path != nullptr) unlink(open_path->c_str());
  }
  if (!dump_wanted || !failed.exchange(false)) return;
  if (Loop* loop = Loop::Current())
    LoopLedger::Of(*loop).EndAll(CloseReason::Of(CloseCode::kProcessExit));
  DumpEvents([](std::string_view text) {
    std::string line = std::string(text) + '\n';
    for (size_t done = 0; done < line.size();) {
      ssize_t count = sys::Write(STDERR_FILENO, line.data() + done, line.size() - done);
      if (count <= 0) return false;
      done += static_cast<size_t>(count);
    }
    return true;
  });
}

}  // namespace sluice::control
