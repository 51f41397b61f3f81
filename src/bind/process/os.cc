// Internal. binding('os'): numbers of the operating system, the machine, its users.
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <pwd.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "base/libc.h"
#include "engine/value.h"
#include "sim/calls.h"
#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::js {
namespace {

// A failed call comes back as its negative errno value.
JSValueRef Failure(Call& call) {
  return call.number_value(-errno);
}

// errno has these names beyond ErrnoName(), which knows one name a value. The first name
// of a value is the one that errors carry: ENOTSUP, as programs written for Node expect.
JSObjectRef ErrnoTable(JSContextRef context) {
  JSObjectRef table = JSObjectMake(context, nullptr, nullptr);
  Set(context, table, "ENOTSUP", JSValueMakeNumber(context, ENOTSUP));
  for (int number = 1; number <= 133; ++number)
    if (const char* name = ErrnoName(number); name != nullptr)
      Set(context, table, name, JSValueMakeNumber(context, number));
  Set(context, table, "EWOULDBLOCK", JSValueMakeNumber(context, EWOULDBLOCK));
  Set(context, table, "EOPNOTSUPP", JSValueMakeNumber(context, EOPNOTSUPP));
  Set(context, table, "EDEADLOCK", JSValueMakeNumber(context, EDEADLOCK));
  return table;
}

JSObjectRef SignalTable(JSContextRef context) {
  JSObjectRef table = JSObjectMake(context, nullptr, nullptr);
  for (int number = 1; number < 32; ++number)
    if (const char* name = libc::SignalName(number); name != nullptr)
      Set(context, table, name, JSValueMakeNumber(context, number));
  Set(context, table, "SIGIOT", JSValueMakeNumber(context, SIGIOT));
  Set(context, table, "SIGPOLL", JSValueMakeNumber(context, SIGPOLL));
  Set(context, table, "SIGIO", JSValueMakeNumber(context, SIGIO));
  return table;
}

JSValueRef Hostname(Call& call) {
  char name[256];
  if (sim::Active()) return call.string_value(sim::HostName());
  if (gethostname(name, sizeof name) != 0) return Failure(call);
  name[sizeof name - 1] = '\0';
  return call.string_value(name);
}

// uname(): [type, release, version, machine]
JSValueRef Uname(Call& call) {
  utsname names;
  if (uname(&names) != 0) return Failure(call);
  return call.array_value({call.string_value(names.sysname), call.string_value(names.release),
                           call.string_value(names.version), call.string_value(names.machine)});
}

// memory(): [free, total] in bytes. Free counts what the kernel would give back at once.
JSValueRef Memory(Call& call) {
  std::ifstream file("/proc/meminfo");
  double total = 0;
  double available = -1;
  std::string name;
  double kib = 0;
  std::string unit;
  while (file >> name >> kib && std::getline(file, unit)) {
    if (name == "MemTotal:") total = kib * 1024;
    if (name == "MemAvailable:") available = kib * 1024;
  }
  if (total == 0 || available < 0) {
    struct sysinfo info;
    if (sysinfo(&info) != 0) return Failure(call);
    total = static_cast<double>(info.totalram) * info.mem_unit;
    available = static_cast<double>(info.freeram) * info.mem_unit;
  }
  return call.array_value({call.number_value(available), call.number_value(total)});
}

JSValueRef LoadAverage(Call& call) {
  double load[3] = {0, 0, 0};
  (void)getloadavg(load, 3);
  return call.array_value(
      {call.number_value(load[0]), call.number_value(load[1]), call.number_value(load[2])});
}

JSValueRef Uptime(Call& call) {
  timespec now;
  if (clock_gettime(CLOCK_BOOTTIME, &now) != 0) return Failure(call);
  return call.number_value(static_cast<double>(now.tv_sec) +
                           static_cast<double>(now.tv_nsec) / 1e9);
}

JSValueRef Parallelism(Call& call) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return call.number_value(CPU_COUNT(&set));
  return call.number_value(static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)));
}

// The names of Arm's own cores; /proc/cpuinfo has their numbers (the "CPU part" of MIDR_EL1).
constexpr std::pair<int, const char*> kArmCores[] = {
    {0xd03, "Cortex-A53"},  {0xd04, "Cortex-A35"},  {0xd05, "Cortex-A55"},  {0xd07, "Cortex-A57"},
    {0xd08, "Cortex-A72"},  {0xd09, "Cortex-A73"},  {0xd0a, "Cortex-A75"},  {0xd0b, "Cortex-A76"},
    {0xd0c, "Neoverse-N1"}, {0xd0d, "Cortex-A77"},  {0xd40, "Neoverse-V1"}, {0xd41, "Cortex-A78"},
    {0xd44, "Cortex-X1"},   {0xd46, "Cortex-A510"}, {0xd47, "Cortex-A710"}, {0xd48, "Cortex-X2"},
    {0xd49, "Neoverse-N2"}, {0xd4d, "Cortex-A715"}, {0xd4f, "Neoverse-V2"}, {0xd80, "Cortex-A520"},
    {0xd81, "Cortex-A720"}, {0xd84, "Neoverse-V3"}, {0xd8e, "Neoverse-N3"},
};

struct Processor {
  std::string model = "unknown";
  double mhz = 0;
};

// What /proc/cpuinfo tells of each processor, by its number. On Arm that is numbers, and no speed.
std::map<unsigned, Processor> Processors() {
  std::map<unsigned, Processor> all;
  unsigned index = 0;
  int implementer = 0;
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string value = line.substr(colon + 2);
    auto number = [&] { return static_cast<int>(std::strtol(value.c_str(), nullptr, 0)); };
    if (line.starts_with("processor")) {
      index = static_cast<unsigned>(number());
      std::ifstream speed("/sys/devices/system/cpu/cpu" + std::to_string(index) +
                          "/cpufreq/scaling_cur_freq");
      double khz = 0;
      speed >> khz;
      all[index].mhz = khz / 1000;
    } else if (line.starts_with("model name")) {
      all[index].model = value;
    } else if (line.starts_with("cpu MHz")) {
      all[index].mhz = std::strtod(value.c_str(), nullptr);
    } else if (line.starts_with("CPU implementer")) {
      implementer = number();
    } else if (line.starts_with("CPU part")) {
      constexpr int kArm = 0x41;
      all[index].model = "CPU part " + value;
      for (auto [part, name] : kArmCores)
        if (implementer == kArm && part == number()) all[index].model = name;
    }
  }
  return all;
}

// cpus(): [model, MHz, user, nice, sys, idle, irq] for each processor; times in ms.
JSValueRef Cpus(Call& call) {
  std::map<unsigned, Processor> processors = Processors();
  double tick = 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  JSObjectRef result = JSObjectMakeArray(call.context(), 0, nullptr, call.exception());
  std::ifstream stat("/proc/stat");
  unsigned index = 0;
  for (std::string line; std::getline(stat, line);) {
    if (!line.starts_with("cpu") || line.size() < 4 || line[3] == ' ') continue;
    std::istringstream fields(line);
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0;
    fields >> name >> user >> nice >> system >> idle >> iowait >> irq;
    const Processor& processor = processors[static_cast<unsigned>(std::atoi(name.c_str() + 3))];
    JSValueRef row = call.array_value(
        {call.string_value(processor.model), call.number_value(std::floor(processor.mhz)),
         call.number_value(user * tick), call.number_value(nice * tick),
         call.number_value(system * tick), call.number_value(idle * tick),
         call.number_value(irq * tick)});
    JSObjectSetPropertyAtIndex(call.context(), result, index++, row, nullptr);
  }
  return result;
}

JSValueRef UserRow(Call& call, const passwd& entry) {
  return call.array_value({call.string_value(entry.pw_name), call.number_value(entry.pw_uid),
                           call.number_value(entry.pw_gid), call.string_value(entry.pw_dir),
                           call.string_value(entry.pw_shell)});
}

// user(): [name, uid, gid, home, shell] of this process's effective user; ENOENT if unknown.
JSValueRef User(Call& call) {
  std::vector<char> buffer(16 * 1024);
  passwd entry;
  passwd* found = nullptr;
  int error = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return call.number_value(error != 0 ? -error : -ENOENT);
  return UserRow(call, entry);
}

// interfaces(): [name, address, netmask, mac, internal, scopeId] for each address of an
// interface that is up.
JSValueRef Interfaces(Call& call) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return Failure(call);
  auto mac = [&](const char* name) {
    std::string text = "00:00:00:00:00:00";
    for (ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
      if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_PACKET) continue;
      if (std::strcmp(one->ifa_name, name) != 0) continue;
      const auto* link = reinterpret_cast<const sockaddr_ll*>(one->ifa_addr);
      std::snprintf(text.data(), text.size() + 1, "%02x:%02x:%02x:%02x:%02x:%02x",
                    link->sll_addr[0], link->sll_addr[1], link->sll_addr[2], link->sll_addr[3],
                    link->sll_addr[4], link->sll_addr[5]);
    }
    return text;
  };
  JSObjectRef result = JSObjectMakeArray(call.context(), 0, nullptr, call.exception());
  unsigned index = 0;
  for (ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_netmask == nullptr) continue;
    if ((one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_RUNNING) == 0) continue;
    int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    double scope = family == AF_INET6
                       ? reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_scope_id
                       : -1;
    std::string address = Address::From(one->ifa_addr, size).host();
    JSValueRef row = call.array_value(
        {call.string_value(one->ifa_name), call.string_value(address.substr(0, address.find('%'))),
         call.string_value(Address::From(one->ifa_netmask, size).host()),
         call.string_value(mac(one->ifa_name)),
         call.boolean_value((one->ifa_flags & IFF_LOOPBACK) != 0), call.number_value(scope)});
    JSObjectSetPropertyAtIndex(call.context(), result, index++, row, nullptr);
  }
  freeifaddrs(list);
  return result;
}

// getPriority(pid): [priority], or a negative errno value.
JSValueRef GetPriority(Call& call) {
  errno = 0;
  int priority = getpriority(PRIO_PROCESS, static_cast<id_t>(call.integer(0)));
  if (errno != 0) return Failure(call);
  return call.array_value({call.number_value(priority)});
}

JSValueRef SetPriority(Call& call) {
  int result = setpriority(PRIO_PROCESS, static_cast<id_t>(call.integer(0)),
                           static_cast<int>(call.integer(1)));
  return result != 0 ? Failure(call) : call.number_value(0);
}

constexpr FunctionEntry kFunctions[] = {
    {"hostname", Guarded<Hostname>},
    {"uname", Guarded<Uname>},
    {"memory", Guarded<Memory>},
    {"loadAverage", Guarded<LoadAverage>},
    {"uptime", Guarded<Uptime>},
    {"parallelism", Guarded<Parallelism>},
    {"cpus", Guarded<Cpus>},
    {"user", Guarded<User>},
    {"interfaces", Guarded<Interfaces>},
    {"getPriority", Guarded<GetPriority>},
    {"setPriority", Guarded<SetPriority>},
};

}  // namespace

void BindOs(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("errno", ErrnoTable(binder.context()));
  binder.Value("signals", SignalTable(binder.context()));
  binder.Text("endianness", std::endian::native == std::endian::little ? "LE" : "BE");
#if defined(__x86_64__)
  binder.Text("arch", "x64");
#elif defined(__aarch64__)
  binder.Text("arch", "arm64");
#elif defined(__i386__)
  binder.Text("arch", "ia32");
#elif defined(__arm__)
  binder.Text("arch", "arm");
#elif defined(__riscv) && __riscv_xlen == 64
  binder.Text("arch", "riscv64");
#elif defined(__loongarch64)
  binder.Text("arch", "loong64");
#else
  binder.Text("arch", "unknown");
#endif
}

}  // namespace sluice::js
