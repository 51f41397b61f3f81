#include "grant/policy.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "base/json.h"
#include "base/json_parser.h"

namespace sluice::grant {
namespace {

// Objects within objects, and arrays in them.
constexpr int kFileDepth = 3;
// Of a name: a service that moves on does not make the process grow.
constexpr size_t kMostAnswers = 256;

bool IsPathScope(Scope scope) {
  return scope == Scope::kFsRead || scope == Scope::kFsWrite || scope == Scope::kRun ||
         scope == Scope::kTask;
}
bool IsEndpointScope(Scope scope) {
  return scope == Scope::kListen || scope == Scope::kConnect;
}
bool HasNoValues(Scope scope) {
  return scope == Scope::kCapture || scope == Scope::kControl || scope == Scope::kInspect;
}

// What the resolver answered; of the process.
class Answers {
 public:
  static Answers& Instance() {
    static auto* answers = new Answers;
    return *answers;
  }
  void Note(const std::string& name, const std::string& ip) {
    std::lock_guard lock(mutex_);
    auto& list = names_[name];
    if (std::find(list.begin(), list.end(), ip) != list.end()) return;
    if (list.size() == kMostAnswers) list.pop_front();
    list.push_back(ip);
  }
  bool Has(const std::string& name, const std::string& ip) {
    std::lock_guard lock(mutex_);
    auto found = names_.find(name);
    return found != names_.end() &&
           std::find(found->second.begin(), found->second.end(), ip) != found->second.end();
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::map<std::string, std::deque<std::string>> names_;
};

std::string IpOf(const Address& address) {
  uint8_t bytes[16];
  return {reinterpret_cast<const char*>(bytes), static_cast<size_t>(IpBytes(address, bytes))};
}

// Of dns, *.example.com is every name below it; of env, PREFIX_* every name that begins so.
bool TextMatches(Scope scope, std::string_view pattern, std::string_view text) {
  if (pattern == "*") return true;
  if (scope == Scope::kDns && pattern.starts_with("*.")) return text.ends_with(pattern.substr(1));
  if (scope == Scope::kEnv && pattern.ends_with('*'))
    return text.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == text;
}

bool Matches(const Rule& rule, const Resource& resource, bool deny) {
  if (const auto* path = std::get_if<PathPattern>(&rule.pattern))
    return deny ? path->Contains(resource.text) : path->Covers(resource.text);
  const auto* endpoint = std::get_if<EndpointPattern>(&rule.pattern);
  if (endpoint == nullptr) return TextMatches(resource.scope, rule.text, resource.text);
  if (resource.address == nullptr) return false;
  const Address& address = *resource.address;
  if (!address.is_ip()) return endpoint->MatchesUnix(resource.text);
  if (!endpoint->name().empty())
    return endpoint->PortMatches(address.port()) &&
           Answers::Instance().Has(endpoint->name(), IpOf(address));
  return deny && resource.scope == Scope::kListen ? endpoint->Touches(address)
                                                  : endpoint->Matches(address);
}

std::string Expected(Scope scope) {
  if (IsEndpointScope(scope))
    return "address:port, network/bits:port, *:port or unix:/path" +
           std::string(scope == Scope::kConnect ? ", or name:port" : "");
  if (scope == Scope::kSignal) return "the number of a process";
  return "a name";
}

// Returns what is wrong with a rule's text; sets its pattern.
std::string Understand(Scope scope, Rule& rule) {
  std::string& text = rule.text;
  auto wrong = [&](const std::string& expected) {
    return std::string(ScopeName(scope)) + ": '" + text + "' is not " + expected;
  };
  if (HasNoValues(scope)) return std::string(ScopeName(scope)) + " takes no values";
  if (text.empty() || text.find('\0') != text.npos) return wrong(Expected(scope));
  // It must be the same when it is told to a child.
  if (!IsUtf8(text)) return std::string(ScopeName(scope)) + ": a rule is not in UTF-8";
  if (IsEndpointScope(scope)) {
    auto endpoint = EndpointPattern::Parse(text);
    if (!endpoint || (scope == Scope::kListen && !endpoint->name().empty()))
      return wrong(Expected(scope));
    rule.pattern = *endpoint;
  } else if (IsPathScope(scope)) {
    // "*" would be the file of that name; all of a scope has no value.
    if (text.find('*') != text.npos) return wrong("a path: there are no wildcards");
    PathPattern path(text);
    text = path.text();
    rule.pattern = path;
  } else if (scope == Scope::kSignal) {
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
      return wrong(Expected(scope));
  } else {
    if (scope == Scope::kDns) text = PlainName(text);
    size_t star = text.find('*');
    size_t place = scope == Scope::kDns ? 0 : text.size() - 1;
    bool plain =
        star == text.npos || (star == place && text.rfind('*') == star && text.size() > 1 &&
                              (scope != Scope::kDns || text.starts_with("*.")));
    if (!plain) return wrong(scope == Scope::kDns ? "a name or *.name" : "a name or PREFIX_*");
  }
  return "";
}

}  // namespace

void NoteAnswer(const std::string& name, const Address& address) {
  Answers::Instance().Note(name, IpOf(Canonical(address, true)));
}

std::string Policy::Add(Scope scope, std::optional<std::string_view> value, bool deny) {
  Rules& rules = scopes_[static_cast<size_t>(scope)];
  if (!value) {
    (deny ? rules.deny_all : rules.allow_all) = true;
    return "";
  }
  Rule rule{std::string(*value), {}};
  std::string wrong = Understand(scope, rule);
  if (wrong.empty()) (deny ? rules.deny : rules.allow).push_back(std::move(rule));
  return wrong;
}

std::string Policy::Allow(Scope scope, std::optional<std::string_view> value) {
  return Add(scope, value, false);
}
std::string Policy::Deny(Scope scope, std::optional<std::string_view> value) {
  return Add(scope, value, true);
}

std::string Policy::AddJson(std::string_view text) {
  auto members = ParseJson(text, kFileDepth);
  if (!members)
    return "is no JSON of a policy: {\"allow\": {\"fs.read\": [\"/srv\"], \"dns\": true}}";
  for (const auto& [key, value] : *members) {
    if (key == "load[]") continue;
    if (key.starts_with("load[")) {
      if (!IsUtf8(value)) return "load: a path is not in UTF-8";
      AddLoadable(value);
      continue;
    }
    size_t dot = key.find('.');
    std::string_view kind = std::string_view(key).substr(0, dot);
    if (dot == key.npos || (kind != "allow" && kind != "deny"))
      return "has the unknown member '" + key + "': there are allow, deny and load";
    std::string_view name = std::string_view(key).substr(dot + 1);
    bool element = name.ends_with(']');
    if (element) name = name.substr(0, name.find('['));
    auto scope = FindScope(name);
    if (!scope || name != ScopeName(*scope))
      return "has the unknown scope '" + std::string(name) + "'";
    if (key.ends_with("[]")) continue;
    std::optional<std::string_view> rule;
    if (element)
      rule = value;
    else if (value == "false")
      continue;
    else if (value != "true")
      return std::string(name) + " must be true, false or an array of texts";
    if (std::string wrong = Add(*scope, rule, kind == "deny"); !wrong.empty()) return wrong;
  }
  return "";
}

Verdict Policy::Look(const Resource& resource) const {
  const Rules& rules = of(resource.scope);
  auto matches = [&](bool deny) {
    return [&resource, deny](const Rule& rule) { return Matches(rule, resource, deny); };
  };
  if (rules.deny_all || std::any_of(rules.deny.begin(), rules.deny.end(), matches(true)))
    return Verdict::kDenied;
  // All of a scope of paths is / as a pattern: what has exceptions from / has them here.
  bool allowed = rules.allow_all;
  if (allowed && (resource.scope == Scope::kFsRead || resource.scope == Scope::kFsWrite)) {
    static const PathPattern root("/");
    allowed = root.Covers(resource.text);
  }
  if (!allowed && !std::any_of(rules.allow.begin(), rules.allow.end(), matches(false)))
    return Verdict::kNotAllowed;
  return above_ ? above_->Look(resource) : Verdict::kAllowed;
}

bool Policy::MayLoad(const std::string& path) const {
  // To deny reading at all is not to deny a program its own modules.
  for (const Rule& rule : of(Scope::kFsRead).deny)
    if (std::get<PathPattern>(rule.pattern).Contains(path)) return false;
  bool here = std::any_of(loadable_.begin(), loadable_.end(),
                          [&](const PathPattern& one) { return one.Covers(path); });
  if (!here && Look({Scope::kFsRead, path}) != Verdict::kAllowed) return false;
  return !above_ || above_->MayLoad(path);
}

bool Policy::MayTouch(Scope scope, const std::string& path) const {
  const Rules& rules = of(scope);
  if (rules.allow_all) return true;
  for (const Rule& rule : rules.allow) {
    const auto* pattern = std::get_if<PathPattern>(&rule.pattern);
    if (pattern != nullptr && (pattern->Leads(path) || pattern->Contains(path))) return true;
  }
  return false;
}

bool Policy::MayTouchLoadable(const std::string& path) const {
  return std::any_of(loadable_.begin(), loadable_.end(),
                     [&](const PathPattern& one) { return one.Leads(path) || one.Contains(path); });
}

bool Policy::MayTouchUnix(Scope scope, const std::string& path) const {
  const Rules& rules = of(scope);
  if (rules.allow_all) return true;
  return std::any_of(rules.allow.begin(), rules.allow.end(), [&](const Rule& rule) {
    const auto* pattern = std::get_if<EndpointPattern>(&rule.pattern);
    return pattern != nullptr && pattern->LeadsUnix(path);
  });
}

bool Policy::HasDenied(Scope scope, const std::string& directory) const {
  for (const Rule& rule : of(scope).deny) {
    const auto* path = std::get_if<PathPattern>(&rule.pattern);
    if (path != nullptr && path->Leads(directory)) return true;
  }
  return above_ && above_->HasDenied(scope, directory);
}

bool Policy::Names(const std::string& name) const {
  for (const std::vector<Rule>* list : {&of(Scope::kConnect).allow, &of(Scope::kConnect).deny})
    for (const Rule& rule : *list)
      if (std::get<EndpointPattern>(rule.pattern).name() == name) return true;
  return above_ && above_->Names(name);
}

bool Policy::AllowsRule(Scope scope, const Rule& rule) const {
  const Rules& rules = of(scope);
  if (rules.deny_all) return false;
  if (rules.allow_all) return true;
  for (const Rule& mine : rules.allow) {
    const auto* path = std::get_if<PathPattern>(&mine.pattern);
    const auto* endpoint = std::get_if<EndpointPattern>(&mine.pattern);
    if (path != nullptr && path->Covers(std::get<PathPattern>(rule.pattern))) return true;
    if (endpoint != nullptr && endpoint->Covers(std::get<EndpointPattern>(rule.pattern)))
      return true;
    if (path == nullptr && endpoint == nullptr && TextMatches(scope, mine.text, rule.text))
      return true;
  }
  return false;
}

bool Policy::AllowsAll(Scope scope) const {
  const Rules& rules = of(scope);
  return rules.allow_all && !rules.deny_all && rules.deny.empty() &&
         (!above_ || above_->AllowsAll(scope));
}

bool Policy::Allows(Scope scope, std::optional<std::string_view> value) const {
  if (!value) return AllowsAll(scope);
  Rule rule{std::string(*value), {}};
  if (!Understand(scope, rule).empty()) return false;
  if (const auto* path = std::get_if<PathPattern>(&rule.pattern))
    return Look({scope, path->real()}) == Verdict::kAllowed;
  const auto* endpoint = std::get_if<EndpointPattern>(&rule.pattern);
  if (endpoint == nullptr) return Look({scope, rule.text}) == Verdict::kAllowed;
  if (auto address = endpoint->address()) {
    Address plain = Canonical(*address, scope == Scope::kConnect);
    return Look({scope, endpoint->unix_path(), &plain}) == Verdict::kAllowed;
  }
  for (const Policy* one = this; one != nullptr; one = one->above_.get()) {
    const Rules& rules = one->of(scope);
    bool denied =
        rules.deny_all || std::any_of(rules.deny.begin(), rules.deny.end(), [&](auto& deny) {
          const auto& other = std::get<EndpointPattern>(deny.pattern);
          return other.Covers(*endpoint) || endpoint->Covers(other);
        });
    if (denied || !one->AllowsRule(scope, rule)) return false;
  }
  return true;
}

std::optional<Resource> Policy::MissingOf(const Policy& other) const {
  for (size_t i = 0; i < kScopes; ++i) {
    auto scope = static_cast<Scope>(i);
    const Rules& wanted = other.scopes_[i];
    if (wanted.allow_all && (!scopes_[i].allow_all || scopes_[i].deny_all))
      return Resource{scope, ""};
    for (const Rule& rule : wanted.allow)
      if (!AllowsRule(scope, rule)) return Resource{scope, rule.text};
  }
  return above_ ? above_->MissingOf(other) : std::nullopt;
}

bool Policy::HasAllowed(Scope scope) const {
  return of(scope).allow_all || !of(scope).allow.empty();
}

std::vector<std::string> Policy::PathsOf(Scope scope) const {
  if (of(scope).allow_all) return {"/"};
  std::vector<std::string> paths;
  for (const Rule& rule : of(scope).allow)
    paths.push_back(std::get<PathPattern>(rule.pattern).real());
  return paths;
}

std::vector<std::string> Policy::UnixPaths() const {
  if (of(Scope::kListen).allow_all) return {"/"};
  std::vector<std::string> paths;
  for (const Rule& rule : of(Scope::kListen).allow) {
    const std::string& path = std::get<EndpointPattern>(rule.pattern).unix_path();
    if (path.starts_with('/')) paths.push_back(path);
    if (path.empty() && std::get<EndpointPattern>(rule.pattern).MatchesUnix("/")) return {"/"};
  }
  return paths;
}

std::optional<std::vector<PortRange>> Policy::PortsOf(Scope scope) const {
  if (of(scope).allow_all) return std::nullopt;
  std::vector<PortRange> found;
  for (const Rule& rule : of(scope).allow)
    if (auto ports = std::get<EndpointPattern>(rule.pattern).ports()) found.push_back(*ports);
  return found;
}

bool Policy::HasUnix(Scope scope) const {
  const std::vector<Rule>& rules = of(scope).allow;
  return of(scope).allow_all || std::any_of(rules.begin(), rules.end(), [](const Rule& rule) {
           return !std::get<EndpointPattern>(rule.pattern).ports();
         });
}

std::string Policy::Json(bool with_load) const {
  JsonWriter json;
  json.Open('{');
  for (bool deny : {false, true}) {
    json.Key(deny ? "deny" : "allow").Open('{');
    for (size_t i = 0; i < kScopes; ++i) {
      std::vector<Rule> list = scopes_[i].allow;
      bool all = scopes_[i].allow_all;
      if (deny) {
        list.clear();
        all = false;
        // What those above deny is denied here.
        for (const Policy* one = this; one != nullptr; one = one->above_.get()) {
          const Rules& rules = one->scopes_[i];
          list.insert(list.end(), rules.deny.begin(), rules.deny.end());
          all = all || rules.deny_all;
        }
      }
      if (!all && list.empty()) continue;
      json.Key(ScopeName(static_cast<Scope>(i)));
      if (all) {
        json.Value(true);
        continue;
      }
      json.Open('[');
      for (const Rule& rule : list) json.Value(std::string_view(rule.text));
      json.Close(']');
    }
    json.Close('}');
  }
  if (with_load) {
    json.Key("load").Open('[');
    for (const PathPattern& path : loadable_) json.Value(std::string_view(path.text()));
    json.Close(']');
  }
  return json.Close('}').Take();
}

}  // namespace sluice::grant
