// Internal. Policy: what the program of a task may do.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "grant/endpoint.h"
#include "grant/path.h"
#include "grant/scope.h"

namespace sluice::grant {

// Rule is one entry of a policy. Its text is an EndpointPattern for listen and connect, a path for
// fs.read, fs.write, run and task, and else a text that may end, of dns begin, with '*'.
struct Rule {
  std::string text;
  std::variant<std::monostate, EndpointPattern, PathPattern> pattern;
};

// Resource is what a program wants something of.
struct Resource {
  Scope scope;
  std::string text;                  // a path without links; as it is told
  const Address* address = nullptr;  // of listen and connect, Canonical
};

enum class Verdict : uint8_t { kAllowed, kNotAllowed, kDenied };

// Policy is immutable, and shared by threads. A denial wins over what allows, and what is allowed
// is never more than what `above` allows: that of the task that made the policy's task.
class Policy {
 public:
  // Add returns what is wrong with a value, "" for nothing. No value is all of the scope.
  std::string Allow(Scope scope, std::optional<std::string_view> value);
  std::string Deny(Scope scope, std::optional<std::string_view> value);
  // AddFile adds what a policy file says: {"allow": {"fs.read": ["/srv"], "dns": true}, "deny":
  // {…}, "load": ["/usr/share/nodejs"]}; returns what is wrong with it.
  std::string AddJson(std::string_view text);
  // AddLoadable lets modules be loaded from there.
  void AddLoadable(std::string_view path) { loadable_.emplace_back(path); }
  void set_audit(bool on) { audit_ = on; }
  void set_above(std::shared_ptr<const Policy> above) { above_ = std::move(above); }

  bool audit() const { return audit_; }
  const std::vector<PathPattern>& loadable() const { return loadable_; }

  Verdict Look(const Resource& resource) const;
  // MayLoad returns whether modules may be loaded from a path without links.
  bool MayLoad(const std::string& path) const;
  // MayTouch returns whether the way to what scope allows may go through path.
  bool MayTouch(Scope scope, const std::string& path) const;
  bool MayTouchLoadable(const std::string& path) const;
  bool MayTouchUnix(Scope scope, const std::string& path) const;
  // HasDenied returns whether something in a directory is denied.
  bool HasDenied(Scope scope, const std::string& directory) const;
  // Names returns whether a rule of connect has this host name (PlainName).
  bool Names(const std::string& name) const;
  // Allows returns whether all that a value means is allowed; without one, all of the scope. What
  // is no value of the scope is not.
  bool Allows(Scope scope, std::optional<std::string_view> value) const;
  // MissingOf returns the first thing that other allows and this policy does not, as far as can be
  // told from their rules.
  std::optional<Resource> MissingOf(const Policy& other) const;

  // HasAllowed returns whether anything of a scope is allowed. PathsOf returns the paths that are,
  // "/" for all; UnixPaths those of Unix sockets to listen at.
  bool HasAllowed(Scope scope) const;
  std::vector<std::string> PathsOf(Scope scope) const;
  std::vector<std::string> UnixPaths() const;
  // PortsOf returns the ports that listen or connect allow, of any address; nothing for all.
  std::optional<std::vector<PortRange>> PortsOf(Scope scope) const;
  // HasUnix returns whether any Unix socket is allowed there.
  bool HasUnix(Scope scope) const;

  // Json returns what is in force as a policy file.
  std::string Json(bool with_load = false) const;

 private:
  struct Rules {
    bool allow_all = false;
    bool deny_all = false;
    std::vector<Rule> allow;
    std::vector<Rule> deny;
  };
  const Rules& of(Scope scope) const { return scopes_[static_cast<size_t>(scope)]; }
  std::string Add(Scope scope, std::optional<std::string_view> value, bool deny);
  bool AllowsAll(Scope scope) const;
  bool AllowsRule(Scope scope, const Rule& rule) const;

  std::array<Rules, kScopes> scopes_;
  std::vector<PathPattern> loadable_;
  std::shared_ptr<const Policy> above_;
  bool audit_ = false;
};

// NoteAnswer remembers that the resolver gave an address for a name that a rule has.
void NoteAnswer(const std::string& name, const Address& address);

}  // namespace sluice::grant
