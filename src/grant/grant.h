// Internal. Grants: what the system calls that open something take (src/sys). Only this layer makes
// them, and it asks the policy of the thread's program first: a check that is forgotten does not
// compile. Without a policy, in Privilege Mode, a grant is what was asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "grant/policy.h"
#include "grant/unix_pin.h"
#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::grant {

// What was refused last on this thread.
struct Denial {
  Scope scope{};
  std::string resource;
  bool by_rule = false;  // a rule denies it, and not only none allows it
};

// TakeDenial returns it; nothing if nothing was since. SetDenial puts one there that happened on
// another thread for this one.
std::optional<Denial> TakeDenial();
void SetDenial(std::optional<Denial> denial);

// Message is what an error says of it, and how it could be allowed; no control characters are in
// it.
std::string Message(const Denial& denial);

// Auditor hears of what a program does that its policy does not allow, where it only audits. On the
// thread that does it.
class Auditor {
 public:
  virtual ~Auditor() = default;
  virtual void Told(Scope scope, const std::string& resource) = 0;
};

// Subject is who acts on a thread: a program's policy, and who hears of what it audits. No policy:
// Privilege Mode.
struct Subject {
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<Auditor> auditor;
};

// Current returns the subject of this thread. A thread that never had one acts for the main task.
const Subject& Current();
// Become sets the subject of this thread.
void Become(Subject subject);
// BecomeMain sets that of the main task, and of threads that have none. Main thread, at the start.
void BecomeMain(Subject subject);
inline bool Restricted() {
  return Current().policy != nullptr;
}

// As acts for another subject for as long as it lives.
class As {
 public:
  explicit As(Subject subject) : before_(Current()) { Become(std::move(subject)); }
  ~As() { Become(std::move(before_)); }
  As(const As&) = delete;
  As& operator=(const As&) = delete;

 private:
  Subject before_;
};

// ControlSockets names where control sockets are: a folder, or one of them. Who connects to one
// needs the scope control beside connect. Any thread.
void ControlSockets(const std::string& path);

// RecordNeeds has what programs ask for gathered from now on; WriteNeeds writes a policy of it to
// that file, at the end of the process.
void RecordNeeds(const std::string& file);
void WriteNeeds();

// Grant is leave for one thing, or why there is none. A failed one is not refused where it is
// taken: the call returns its error instead of what it does.
class Grant {
 public:
  // error returns 0, or a negative errno value; -kAccessDenied: TakeDenial tells.
  int error() const { return error_; }

 private:
  friend class Checker;
  friend class AddressGrant;
  friend class PathGrant;
  explicit Grant(int error) : error_(error) {}
  int error_;
};

// AddressGrant is leave to bind to an address, or to connect or send to one.
class AddressGrant : public Grant {
 public:
  const Address& address() const { return address_; }
  // called is for the system's call: of a Unix socket, what was checked, whatever becomes of its
  // path.
  const Address& called() const { return called_; }

 private:
  friend class Checker;
  AddressGrant(int error, const Address& address)
      : Grant(error), address_(address), called_(address) {}
  Address address_;
  Address called_;
  std::shared_ptr<UnixPin> pin_;  // of called_
};

// PathGrant is leave for something at a path. It holds the directory that the path is in open, so
// that nothing leads elsewhere between the check and the call.
class PathGrant : public Grant {
 public:
  PathGrant(PathGrant&& other) noexcept
      : Grant(other),
        given_(std::move(other.given_)),
        name_(std::move(other.name_)),
        real_(std::move(other.real_)),
        directory_(std::exchange(other.directory_, -1)),
        follow_(other.follow_) {}
  PathGrant& operator=(PathGrant&&) = delete;
  ~PathGrant();

  // directory and name are for calls as openat(2).
  int directory() const;
  const char* name() const { return pinned() ? name_.c_str() : given_.c_str(); }
  // follow returns whether a symbolic link at the end is followed by the call: never where the path
  // is pinned, as it was followed already.
  bool follow() const { return follow_ && !pinned(); }
  // pinned returns whether name is in a directory that is held; else it is the path as given.
  bool pinned() const { return directory_ >= 0; }
  // text returns the path as given; real, if pinned, what it leads to.
  const std::string& text() const { return given_; }
  const std::string& real() const { return real_; }

 private:
  friend class Checker;
  PathGrant(int error, std::string_view given, bool follow)
      : Grant(error), given_(given), follow_(follow) {}
  std::string given_;
  std::string name_;
  std::string real_;
  int directory_ = -1;
  bool follow_;
};

// What is wanted of a path.
enum Use : unsigned {
  kRead = 1,
  kWrite = 2,
  kLoad = 4,  // as a module: its text only
  kRun = 8,
  kTask = 16,
  kNoFollow = 32,  // a symbolic link at the end is what is meant
  kTree = 64,      // all that is in the directory as well
  kQuiet = 128,    // a refusal is no event
};

// ---- What programs ask for; the policy of the thread's subject decides.

PathGrant ToPath(std::string_view path, unsigned use);
// ToBind is for sockets that listen, receive, or have a port of their own.
AddressGrant ToBind(const Address& address);
AddressGrant ToConnect(const Address& address);
// ToSocketPath is for the path of a Unix socket that is bound there.
PathGrant ToSocketPath(const Address& address);
// Of the scopes env, signal, dns, capture, control and inspect.
Grant ToUse(Scope scope, std::string_view name = {});
// ToLookUp is for names: of the scope dns, or that a rule of connect has.
Grant ToLookUp(std::string_view name);
// ToHold is for a descriptor that is not among those that the task holds (holdings.h).
Grant ToHold(int fd, bool held);
// RefuseMore returns -kAccessDenied for what a task shall have and its parent has not.
int RefuseMore(const Resource& resource);
// RefusePath is a path that is not allowed, whatever rules there are.
PathGrant RefusePath(std::string_view path, Scope scope, const std::string& shown);
// Allows answers as the functions above would, and leaves no trace. Without a value: whether all
// of a scope is allowed. A value that is none of the scope's is not allowed.
bool Allows(const Policy& policy, Scope scope, std::optional<std::string_view> value);

// ---- What the runtime does by itself, whatever program it runs. test/doors.py has the files that
// may ask for these.

PathGrant OwnPath(std::string_view path, bool follow = true);
AddressGrant OwnAddress(const Address& address);

}  // namespace sluice::grant
