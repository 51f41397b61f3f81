// Internal. binding('process'): environment, working directory, identity and resources.
#include <gnu/libc-version.h>
#include <grp.h>
#include <openssl/crypto.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <vector>

#include "engine/denied.h"
#include "engine/source_text.h"
#include "engine/task.h"
#include "engine/value.h"
#include "engine/version.h"
#include "grant/grant.h"
#include "grant/run.h"
#include "sim/calls.h"
#include "sluice/version.h"
#include "sys/files.h"
#include "sys/signals.h"

extern char** environ;

namespace sluice::js {
namespace {

// Results of calls that may fail: a negative errno value stands for the failure.
JSValueRef Result(Call& call, int result) {
  return call.number_value(result < 0 ? -errno : result);
}

// The environment holds bytes; what is not UTF-8 in them shows as U+FFFD.
JSValueRef EnvText(Call& call, std::string_view bytes) {
  return JSValueMakeString(call.context(), DecodeSource(bytes).get());
}

JSValueRef GetEnv(Call& call) {
  std::string name = call.string(0);
  bool possible = name.find('\0') == std::string::npos;
  if (int error = grant::ToUse(grant::Scope::kEnv, name).error()) return call.number_value(error);
  const char* value = possible ? std::getenv(name.c_str()) : nullptr;
  return value != nullptr ? EnvText(call, value) : call.undefined();
}

// The variables that the runtime reads, as they were before the program began.
constexpr std::string_view kOwn[] = {"CI",
                                     "CI_NAME",
                                     "COLORTERM",
                                     "FORCE_COLOR",
                                     "HOME",
                                     "HTTPS_PROXY",
                                     "HTTP_PROXY",
                                     "LISTEN_FDNAMES",
                                     "LISTEN_FDS",
                                     "LISTEN_PID",
                                     "LISTEN_PIDFDID",
                                     "NODE_CLUSTER_SCHED_POLICY",
                                     "NODE_DEBUG",
                                     "NODE_DISABLE_COLORS",
                                     "NODE_EXTRA_CA_CERTS",
                                     "NODE_NO_WARNINGS",
                                     "NODE_OPTIONS",
                                     "NODE_PATH",
                                     "NODE_PENDING_DEPRECATION",
                                     "NODE_REDIRECT_WARNINGS",
                                     "NODE_TLS_REJECT_UNAUTHORIZED",
                                     "NODE_UNIQUE_ID",
                                     "NODE_USE_ENV_PROXY",
                                     "NOTIFY_SOCKET",
                                     "NO_COLOR",
                                     "NO_PROXY",
                                     "SLUICE_CACHE",
                                     "TERM",
                                     "TERM_PROGRAM",
                                     "TMUX",
                                     "WATCHDOG_PID",
                                     "WATCHDOG_USEC",
                                     "XDG_CACHE_HOME",
                                     "http_proxy",
                                     "https_proxy",
                                     "no_proxy"};

using OwnEnvironment = std::map<std::string, std::string, std::less<>>;
const OwnEnvironment& Own() {
  static const OwnEnvironment own = [] {
    OwnEnvironment found;
    for (std::string_view name : kOwn)
      if (const char* value = std::getenv(std::string(name).c_str())) found.emplace(name, value);
    return found;
  }();
  return own;
}

// ownEnv(name) → a variable of kOwn; dropOwnEnv(name) takes it out of the environment
JSValueRef OwnEnv(Call& call) {
  std::string name = call.string(0);
  if (grant::Restricted()) {
    auto found = Own().find(name);
    return found != Own().end() ? EnvText(call, found->second) : call.undefined();
  }
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? EnvText(call, value) : call.undefined();
}

// glibcVersion() → of the C library that runs, such as 2.36
JSValueRef GlibcVersion(Call& call) { return call.string_value(gnu_get_libc_version()); }

// readOwn(name): the text of a file that the runtime reads by itself, undefined if it cannot be
// read: of kFiles, or the one that NODE_EXTRA_CA_CERTS names.
JSValueRef ReadOwn(Call& call) {
  constexpr std::string_view kFiles[] = {"/proc/meminfo", "/sys/fs/cgroup/memory.max",
                                         "/sys/fs/cgroup/memory.current", "/proc/self/limits",
                                         "/proc/self/maps"};
  std::string path = call.string(0);
  if (path == "NODE_EXTRA_CA_CERTS") {
    auto found = Own().find(path);
    if (found == Own().end()) return call.undefined();
    path = found->second;
  } else if (std::find(std::begin(kFiles), std::end(kFiles), path) == std::end(kFiles)) {
    return call.undefined();
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  return file ? EnvText(call, text) : call.undefined();
}

JSValueRef DropOwnEnv(Call& call) {
  std::string name = call.string(0);
  if (std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn)) unsetenv(name.c_str());
  return call.undefined();
}

JSValueRef Changed(Call& call, const std::string& name, int result) {
  if (name == "TZ") Engine::ZoneChanged();
  return Result(call, result);
}

JSValueRef SetEnv(Call& call) {
  std::string name = call.string(0);
  std::string value = call.string(1);
  if (name.find('\0') != std::string::npos || value.find('\0') != std::string::npos)
    return call.number_value(-EINVAL);
  if (int error = grant::ToSet(name, value).error()) return call.number_value(error);
  return Changed(call, name, setenv(name.c_str(), value.c_str(), 1));
}

JSValueRef UnsetEnv(Call& call) {
  std::string name = call.string(0);
  if (name.find('\0') != std::string::npos) return Result(call, 0);  // there is none
  if (int error = grant::ToUse(grant::Scope::kEnv, name).error()) return call.number_value(error);
  return Changed(call, name, unsetenv(name.c_str()));
}

JSValueRef EnvNames(Call& call) {
  JSObjectRef result = JSObjectMakeArray(call.context(), 0, nullptr, call.exception());
  unsigned index = 0;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const char* end = std::strchr(*entry, '=');
    if (end == nullptr || end == *entry) continue;
    std::string_view name(*entry, static_cast<size_t>(end - *entry));
    const auto& policy = grant::Current().policy;
    if (policy && !policy->audit() && !grant::Allows(*policy, grant::Scope::kEnv, name)) continue;
    JSObjectSetPropertyAtIndex(call.context(), result, index++, EnvText(call, name), nullptr);
  }
  return result;
}

JSValueRef Cwd(Call& call) {
  char path[PATH_MAX];
  if (getcwd(path, sizeof path) == nullptr) return Result(call, -1);
  return call.string_value(path);
}

// A function that changes what all tasks of the process have: a task beside the main one, which may
// not do all there is, needs `control` for that.
template <auto function>
JSValueRef OfProcess(Call& call) {
  bool mine = call.engine().task().is_main() || grant::ToUse(grant::Scope::kControl).error() == 0;
  return mine ? function(call) : ThrowDenied(call);
}

JSValueRef Chdir(Call& call) {
  return call.number_value(sys::ChangeDirectory(grant::ToPath(call.string(0), grant::kRead)));
}

// umask(): the mask.
JSValueRef Umask(Call& call) {
  mode_t mask = umask(077);
  umask(mask);
  return call.number_value(mask);
}

// setUmask(mask): the previous mask.
JSValueRef SetUmask(Call& call) {
  return call.number_value(umask(static_cast<mode_t>(call.integer(0))));
}

JSValueRef Pid(Call& call) {
  return call.number_value(sim::Active() ? sim::ProcessId() : getpid());
}
JSValueRef ParentPid(Call& call) {
  return call.number_value(sim::Active() ? 1 : getppid());
}

JSValueRef ExecPath(Call& call) {
  char path[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  if (size < 0) return call.string_value(call.engine().options().arguments.front());
  return call.string_value({path, static_cast<size_t>(size)});
}

// argv0(): the name by which the process was started.
JSValueRef Argv0(Call& call) {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string name;
  std::getline(file, name, '\0');
  return call.string_value(name);
}

// setTitle(text): what ps -o comm shows; the kernel keeps 15 bytes.
JSValueRef SetTitle(Call& call) {
  return Result(call, prctl(PR_SET_NAME, call.string(0).c_str(), 0, 0, 0));
}

JSValueRef Kill(Call& call) {
  auto process = static_cast<pid_t>(call.integer(0));
  grant::Grant grant = grant::ToUse(grant::Scope::kSignal, std::to_string(process));
  return call.number_value(sys::Kill(process, static_cast<int>(call.integer(1)), grant));
}

JSValueRef Abort(Call& call) {
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
  return call.undefined();
}

// rss(): resident bytes of the process.
JSValueRef Rss(Call& call) {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return call.number_value(resident * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

// resources(ofThread): numbers of getrusage(2), times in microseconds, memory in KiB.
JSValueRef Resources(Call& call) {
  rusage usage;
  if (getrusage(call.boolean(0) ? RUSAGE_THREAD : RUSAGE_SELF, &usage) != 0)
    return Result(call, -1);
  auto time = [](const timeval& value) {
    return static_cast<double>(value.tv_sec) * 1e6 + static_cast<double>(value.tv_usec);
  };
  const double numbers[] = {time(usage.ru_utime),
                            time(usage.ru_stime),
                            static_cast<double>(usage.ru_maxrss),
                            static_cast<double>(usage.ru_ixrss),
                            static_cast<double>(usage.ru_idrss),
                            static_cast<double>(usage.ru_isrss),
                            static_cast<double>(usage.ru_minflt),
                            static_cast<double>(usage.ru_majflt),
                            static_cast<double>(usage.ru_nswap),
                            static_cast<double>(usage.ru_inblock),
                            static_cast<double>(usage.ru_oublock),
                            static_cast<double>(usage.ru_msgsnd),
                            static_cast<double>(usage.ru_msgrcv),
                            static_cast<double>(usage.ru_nsignals),
                            static_cast<double>(usage.ru_nvcsw),
                            static_cast<double>(usage.ru_nivcsw)};
  std::vector<JSValueRef> values;
  for (double number : numbers) values.push_back(call.number_value(number));
  return call.array_value(values);
}

JSValueRef GetUid(Call& call) {
  return call.number_value(getuid());
}
JSValueRef GetEuid(Call& call) {
  return call.number_value(geteuid());
}
JSValueRef GetGid(Call& call) {
  return call.number_value(getgid());
}
JSValueRef GetEgid(Call& call) {
  return call.number_value(getegid());
}
JSValueRef SetUid(Call& call) {
  return Result(call, setuid(static_cast<uid_t>(call.integer(0))));
}
JSValueRef SetEuid(Call& call) {
  return Result(call, seteuid(static_cast<uid_t>(call.integer(0))));
}
JSValueRef SetGid(Call& call) {
  return Result(call, setgid(static_cast<gid_t>(call.integer(0))));
}
JSValueRef SetEgid(Call& call) {
  return Result(call, setegid(static_cast<gid_t>(call.integer(0))));
}

JSValueRef GetGroups(Call& call) {
  gid_t groups[NGROUPS_MAX > 1024 ? 1024 : NGROUPS_MAX];
  int count = getgroups(static_cast<int>(std::size(groups)), groups);
  if (count < 0) return Result(call, -1);
  std::vector<JSValueRef> values;
  for (int i = 0; i < count; ++i) values.push_back(call.number_value(groups[i]));
  return call.array_value(values);
}

// setGroups(id…)
JSValueRef SetGroups(Call& call) {
  std::vector<gid_t> groups;
  groups.reserve(call.size());
  for (size_t i = 0; i < call.size(); ++i) groups.push_back(static_cast<gid_t>(call.integer(i)));
  return Result(call, setgroups(groups.size(), groups.data()));
}

JSValueRef InitGroups(Call& call) {
  std::string name = call.name(0);
  auto group = static_cast<gid_t>(call.integer(1));
  return call.failed() ? call.undefined() : Result(call, initgroups(name.c_str(), group));
}

// userId(name), groupId(name): undefined if there is none.
JSValueRef UserId(Call& call) {
  std::string name = call.name(0);
  if (call.failed()) return call.undefined();
  std::vector<char> buffer(16 * 1024);
  passwd entry;
  passwd* found = nullptr;
  getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? call.number_value(entry.pw_uid) : call.undefined();
}

JSValueRef GroupId(Call& call) {
  std::string name = call.name(0);
  if (call.failed()) return call.undefined();
  std::vector<char> buffer(64 * 1024);
  group entry;
  group* found = nullptr;
  getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? call.number_value(entry.gr_gid) : call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"getEnv", Guarded<GetEnv>},
    {"setEnv", Guarded<SetEnv>},
    {"unsetEnv", Guarded<UnsetEnv>},
    {"envNames", Guarded<EnvNames>},
    {"ownEnv", Guarded<OwnEnv>},
    {"readOwn", Guarded<ReadOwn>},
    {"glibcVersion", Guarded<GlibcVersion>},
    {"dropOwnEnv", Guarded<DropOwnEnv>},
    {"cwd", Guarded<Cwd>},
    {"chdir", Guarded<OfProcess<Chdir>>},
    {"umask", Guarded<Umask>},
    {"setUmask", Guarded<OfProcess<SetUmask>>},
    {"pid", Guarded<Pid>},
    {"parentPid", Guarded<ParentPid>},
    {"execPath", Guarded<ExecPath>},
    {"argv0", Guarded<Argv0>},
    {"setTitle", Guarded<SetTitle>},
    {"kill", Guarded<Kill>},
    {"abort", Guarded<OfProcess<Abort>>},
    {"rss", Guarded<Rss>},
    {"resources", Guarded<Resources>},
    {"getuid", Guarded<GetUid>},
    {"geteuid", Guarded<GetEuid>},
    {"getgid", Guarded<GetGid>},
    {"getegid", Guarded<GetEgid>},
    {"setuid", Guarded<OfProcess<SetUid>>},
    {"seteuid", Guarded<OfProcess<SetEuid>>},
    {"setgid", Guarded<OfProcess<SetGid>>},
    {"setegid", Guarded<OfProcess<SetEgid>>},
    {"getgroups", Guarded<GetGroups>},
    {"setgroups", Guarded<OfProcess<SetGroups>>},
    {"initgroups", Guarded<OfProcess<InitGroups>>},
    {"userId", Guarded<UserId>},
    {"groupId", Guarded<GroupId>},
};

}  // namespace

void BindProcess(Binder& binder) {
  if (grant::Restricted()) (void)Own();  // now, before the program may change anything
  binder.Functions(kFunctions);
  binder.Text("version", SLUICE_VERSION);
  binder.Text("jscVersion", GetVersions().jsc);
  binder.Text("fastPaths", FastPaths());
  binder.Text("opensslVersion", OpenSSL_version(OPENSSL_VERSION_STRING));
  binder.Text("zlibVersion", zlibVersion());
}

}  // namespace sluice::js
