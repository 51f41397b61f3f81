#include "grant/grant.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>

#include "base/json.h"

namespace sluice::grant {
namespace {

struct ThreadSubject {
  Subject subject;
  bool set = false;
};
thread_local ThreadSubject mine;
thread_local std::optional<Denial> last_denial;

// Written once, before there is a second thread; never freed.
Subject* main_subject = nullptr;
const Subject kNobody;

// What --permission-audit=FILE gathers.
std::atomic<bool> recording{false};
struct Needs {
  std::string file;
  std::set<std::pair<Scope, std::string>> asked;
};
std::mutex needs_mutex;
Needs* needs = nullptr;  // guarded by needs_mutex; never freed

void Record(Scope scope, const std::string& resource) {
  if (!recording.load(std::memory_order_relaxed)) return;
  std::lock_guard lock(needs_mutex);
  needs->asked.emplace(scope, resource);
}

// Where control sockets are.
std::mutex control_mutex;
std::set<std::string>* control_places = nullptr;  // guarded by control_mutex; never freed

// Whether a path without symbolic links is that of a control socket.
bool IsControlSocket(const std::string& real) {
  std::lock_guard lock(control_mutex);
  if (control_places == nullptr) return false;
  return std::any_of(control_places->begin(), control_places->end(), [&](const std::string& place) {
    std::unique_ptr<char, void (*)(void*)> known(realpath(place.c_str(), nullptr), std::free);
    if (!known) return false;
    std::string_view path = known.get();
    return real.starts_with(path) && (real.size() == path.size() || real[path.size()] == '/');
  });
}

// What an address is called in rules and messages.
std::string AddressText(const Address& address) {
  return address.is_ip() ? address.text() : "unix:" + address.text();
}

}  // namespace

std::optional<Denial> TakeDenial() {
  return std::exchange(last_denial, std::nullopt);
}
void SetDenial(std::optional<Denial> denial) {
  last_denial = std::move(denial);
}

std::string Message(const Denial& denial) {
  std::string scope = ScopeName(denial.scope);
  std::string resource;
  for (char c : denial.resource) {
    constexpr char kDigits[] = "0123456789abcdef";
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f)
      resource += c;
    else
      resource += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  std::string what = "Access to " + scope + (resource.empty() ? "" : " '" + resource + "'");
  if (denial.by_rule) return what + " is denied by a --deny-" + scope + " of the policy";
  return what + " is not allowed: --allow-" + scope + (resource.empty() ? "" : "=" + resource) +
         " would allow it";
}

const Subject& Current() {
  if (mine.set) return mine.subject;
  return main_subject != nullptr ? *main_subject : kNobody;
}
void Become(Subject subject) {
  mine.subject = std::move(subject);
  mine.set = true;
}
void BecomeMain(Subject subject) {
  main_subject = new Subject(subject);
  Become(std::move(subject));
}

void ControlSockets(const std::string& path) {
  std::lock_guard lock(control_mutex);
  if (control_places == nullptr) control_places = new std::set<std::string>;
  control_places->insert(path);
}

void RecordNeeds(const std::string& file) {
  std::lock_guard lock(needs_mutex);
  needs = new Needs{file, {}};
  recording.store(true, std::memory_order_relaxed);
}

void WriteNeeds() {
  if (!recording.load(std::memory_order_relaxed)) return;
  Policy policy;
  std::lock_guard lock(needs_mutex);
  for (const auto& [scope, resource] : needs->asked)
    if (resource.empty() || !policy.Allow(scope, resource).empty())
      (void)policy.Allow(scope, std::nullopt);
  std::string text = policy.Json() + "\n";
  int fd = open(needs->file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  ssize_t written = fd >= 0 ? write(fd, text.data(), text.size()) : -1;
  if (fd >= 0) close(fd);
  if (written == static_cast<ssize_t>(text.size())) return;
  text = "sluice: cannot write " + needs->file + ": " + std::strerror(errno) + "\n";
  (void)!write(STDERR_FILENO, text.data(), text.size());
}

// Checker is the one place that decides, and the only one that makes grants.
class Checker {
 public:
  explicit Checker(const Subject& subject, bool quiet = false)
      : subject_(subject), policy_(*subject.policy), quiet_(quiet) {}

  // Returns 0 or -kAccessDenied, and tells.
  int Decide(const Resource& resource, const std::string& shown) {
    Verdict verdict = policy_.Look(resource);
    if (!quiet_) Record(resource.scope, shown);
    return Settle(resource.scope, shown, verdict);
  }

  int Refuse(Scope scope, const std::string& shown) {
    if (!quiet_) Record(scope, shown);
    return Settle(scope, shown, Verdict::kNotAllowed);
  }

  int Settle(Scope scope, const std::string& shown, Verdict verdict) {
    if (verdict == Verdict::kAllowed) return 0;
    if (policy_.audit()) {
      if (subject_.auditor && !quiet_) subject_.auditor->Told(scope, shown);
      return 0;
    }
    if (quiet_) return -kAccessDenied;
    last_denial = Denial{scope, shown, verdict == Verdict::kDenied};
    return -kAccessDenied;
  }

  // Sets *address to the path of a Unix socket without symbolic links; or an error.
  int DecideUnix(Scope scope, Address* address) {
    std::string shown = AddressText(*address);
    std::string path = address->host();
    if (path.empty() || path[0] == '\0') {
      if (!path.empty()) path[0] = '@';
      return Decide({scope, path, address}, shown);
    }
    RealPath real = Resolve(path, true, [&](const std::string& at) {
      return policy_.audit() || policy_.MayTouchUnix(scope, at);
    });
    if (real.denied) return Refuse(scope, "unix:" + real.path);
    if (real.error != 0) return real.error;
    if (int error = Decide({scope, real.path, address}, "unix:" + real.path); error != 0)
      return error;
    if (scope == Scope::kConnect && IsControlSocket(real.path))
      if (int error = Decide({Scope::kControl, ""}, ""); error != 0) return error;
    if (policy_.audit() || real.path == path) return 0;
    auto pinned = Address::Unix(real.path);
    if (!pinned) return -ENAMETOOLONG;
    *address = *pinned;
    return 0;
  }

  AddressGrant Check(Scope scope, const Address& address) {
    AddressGrant grant(0, address);
    if (address.family() == 0) return grant;  // where connect(2) said
    if (address.is_ip()) {
      Address plain = Canonical(address, scope == Scope::kConnect);
      grant.error_ = Decide({scope, AddressText(plain), &plain}, AddressText(plain));
    } else {
      grant.error_ = DecideUnix(scope, &grant.address_);
      std::string path = grant.address_.host();
      if (grant.error_ != 0 || policy_.audit() || path.empty() || path[0] == '\0') return grant;
      grant.called_ = grant.address_;
      grant.pin_ = std::make_shared<UnixPin>();
      grant.error_ = scope == Scope::kConnect ? grant.pin_->ToConnect(path, &grant.called_)
                                              : grant.pin_->ToBind(path, &grant.called_);
    }
    return grant;
  }

  PathGrant CheckSocketPath(Address address) {
    std::string given = address.host();
    PathGrant grant(DecideUnix(Scope::kListen, &address), given, false);
    if (grant.error_ != 0 || policy_.audit()) return grant;
    grant.real_ = address.host();
    grant.directory_ = OpenParent(grant.real_, &grant.name_);
    if (grant.directory_ < 0) grant.error_ = grant.directory_;
    return grant;
  }

  int Path(const std::string& path, unsigned use) {
    for (auto [bit, scope] : {std::pair{kRead, Scope::kFsRead},
                              {kWrite, Scope::kFsWrite},
                              {kRun, Scope::kRun},
                              {kTask, Scope::kTask}}) {
      if ((use & bit) == 0) continue;
      if (int error = Decide({scope, path}, path); error != 0) return error;
      if ((use & kTree) == 0 || !policy_.HasDenied(scope, path)) continue;
      if (int error = Settle(scope, path, Verdict::kDenied); error != 0) return error;
    }
    if ((use & kLoad) == 0) return 0;
    if (policy_.MayLoad(path)) return 0;
    return Refuse(Scope::kFsRead, path);
  }

  bool MayTouch(const std::string& path, unsigned use) {
    return ((use & (kRead | kLoad)) != 0 && policy_.MayTouch(Scope::kFsRead, path)) ||
           ((use & kWrite) != 0 && policy_.MayTouch(Scope::kFsWrite, path)) ||
           ((use & kRun) != 0 && policy_.MayTouch(Scope::kRun, path)) ||
           ((use & kTask) != 0 && policy_.MayTouch(Scope::kTask, path)) ||
           ((use & (kLoad | kTask)) != 0 && policy_.MayTouchLoadable(path));
  }

  static Scope ScopeOf(unsigned use) {
    if ((use & kRun) != 0) return Scope::kRun;
    if ((use & kTask) != 0) return Scope::kTask;
    return (use & (kRead | kLoad)) != 0 ? Scope::kFsRead : Scope::kFsWrite;
  }

  PathGrant Check(std::string_view given, unsigned use) {
    PathGrant grant(0, given, (use & kNoFollow) == 0);
    if (given.empty() || given.find('\0') != given.npos) {
      grant.error_ = given.empty() ? -ENOENT : -EINVAL;
      return grant;
    }
    RealPath real = Resolve(given, (use & kNoFollow) == 0, [&](const std::string& at) {
      return policy_.audit() || MayTouch(at, use);
    });
    if (real.denied)
      grant.error_ = Refuse(ScopeOf(use), real.path);
    else if (real.error != 0)
      grant.error_ = real.error;
    else
      grant.error_ = Path(real.path, use);
    if (grant.error_ != 0 || policy_.audit()) return grant;
    int directory = OpenParent(real.path, &grant.name_);
    if (directory < 0)
      grant.error_ = directory;
    else
      grant.directory_ = directory;
    grant.real_ = std::move(real.path);
    return grant;
  }

  PathGrant Refused(std::string_view given, Scope scope, const std::string& shown) {
    return {Refuse(scope, shown), given, true};
  }

  static Grant Plain(int error) { return Grant(error); }
  static PathGrant Free(std::string_view path, bool follow) { return {0, path, follow}; }
  static AddressGrant Free(const Address& address) { return {0, address}; }

 private:
  const Subject& subject_;
  const Policy& policy_;
  const bool quiet_;
};

PathGrant::~PathGrant() {
  if (directory_ >= 0) close(directory_);
}
int PathGrant::directory() const {
  return directory_ >= 0 ? directory_ : AT_FDCWD;
}

PathGrant ToPath(std::string_view path, unsigned use) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Free(path, (use & kNoFollow) == 0);
  return Checker(subject, (use & kQuiet) != 0).Check(path, use);
}

AddressGrant ToBind(const Address& address) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Free(address);
  return Checker(subject).Check(Scope::kListen, address);
}

AddressGrant ToConnect(const Address& address) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Free(address);
  return Checker(subject).Check(Scope::kConnect, address);
}

PathGrant ToSocketPath(const Address& address) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Free(address.host(), false);
  return Checker(subject, true).CheckSocketPath(address);
}

Grant ToUse(Scope scope, std::string_view name) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Plain(0);
  std::string text(name);
  return Checker::Plain(Checker(subject).Decide({scope, text}, text));
}

Grant ToLookUp(std::string_view name) {
  const Subject& subject = Current();
  if (!subject.policy) return Checker::Plain(0);
  std::string plain = PlainName(name);
  // An address in its usual form asks nobody.
  if (IpFamily(name) != 0 || subject.policy->Names(plain)) return Checker::Plain(0);
  return Checker::Plain(Checker(subject).Decide({Scope::kDns, plain}, plain));
}

Grant ToHold(int fd, bool held) {
  const Subject& subject = Current();
  if (!subject.policy || held) return Checker::Plain(0);
  return Checker::Plain(Checker(subject).Refuse(Scope::kFsRead, "fd:" + std::to_string(fd)));
}

PathGrant RefusePath(std::string_view path, Scope scope, const std::string& shown) {
  return Checker(Current()).Refused(path, scope, shown);
}

int RefuseMore(const Resource& resource) {
  last_denial = Denial{resource.scope, resource.text, false};
  return -kAccessDenied;
}

bool Allows(const Policy& policy, Scope scope, std::optional<std::string_view> value) {
  return policy.Allows(scope, value);
}

PathGrant OwnPath(std::string_view path, bool follow) {
  return Checker::Free(path, follow);
}
AddressGrant OwnAddress(const Address& address) {
  return Checker::Free(address);
}

}  // namespace sluice::grant
