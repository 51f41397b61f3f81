#include "grant/run.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <span>

namespace sluice::grant {
namespace {

bool Has(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Variables by which a name means another address: a rule of a name would then be of that.
constexpr std::string_view kNames[] = {"CARES_HOSTS", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS",
                                       "RESOLV_HOST_CONF"};

// Those of the engine: code in place of a function's, files that are read and written, access to
// memory.
bool IsOfEngine(std::string_view name) {
  return name.starts_with("JSC_") || name.starts_with("WTF_");
}

// Whether a variable decides what code a program runs before its own, or what names mean to it.
bool LoadsCode(std::string_view name) {
  constexpr std::string_view kLoading[] = {"GCONV_PATH",
                                           "ICU_DATA",
                                           "ICU_TIMEZONE_FILES_DIR",
                                           "GLIBC_TUNABLES",
                                           "GIO_EXTRA_MODULES",
                                           "GIO_MODULE_DIR",
                                           "NODE_OPTIONS",
                                           "NODE_PATH",
                                           "SLUICE_CACHE",
                                           "BASH_ENV",
                                           "ENV",
                                           "SHELLOPTS",
                                           "BASHOPTS",
                                           "PS4",
                                           "PYTHONSTARTUP",
                                           "PYTHONPATH",
                                           "PYTHONHOME",
                                           "PYTHONUSERBASE",
                                           "PERL5OPT",
                                           "PERL5LIB",
                                           "PERLLIB",
                                           "PERL5DB",
                                           "RUBYOPT",
                                           "RUBYLIB",
                                           "LUA_PATH",
                                           "LUA_CPATH",
                                           "JAVA_TOOL_OPTIONS",
                                           "JDK_JAVA_OPTIONS",
                                           "_JAVA_OPTIONS",
                                           "OPENSSL_CONF",
                                           "OPENSSL_MODULES",
                                           "OPENSSL_ENGINES"};
  constexpr std::string_view kPrefixes[] = {"LD_", "BASH_FUNC_", "LUA_INIT"};
  return IsOfEngine(name) || Has(kLoading, name) || Has(kNames, name) ||
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// Those that the process began with: what a program set since is its own.
std::vector<std::string>& Inherited() {
  static auto* entries = new std::vector<std::string>;
  return *entries;
}

bool IsInherited(const std::string& entry) {
  return std::find(Inherited().begin(), Inherited().end(), entry) != Inherited().end();
}

// Variables by which this process itself would load code, or data that are trusted as it, and those
// by which it would read a file.
constexpr std::string_view kCode[] = {"GCONV_PATH", "OPENSSL_CONF", "OPENSSL_MODULES",
                                      "OPENSSL_ENGINES", "ICU_DATA", "ICU_TIMEZONE_FILES_DIR",
                                      // Files that are written by it.
                                      "SSLKEYLOGFILE", "QLOGDIR"};
constexpr std::string_view kFiles[] = {"HOSTALIASES", "RESOLV_HOST_CONF", "TZDIR",       "LOCPATH",
                                       "NLSPATH",     "SSL_CERT_FILE",    "SSL_CERT_DIR"};

}  // namespace

void NoteEnvironment() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    if (LoadsCode(text.substr(0, text.find('=')))) Inherited().emplace_back(text);
  }
}

Grant ToSet(std::string_view name, std::string_view value) {
  Grant use = ToUse(Scope::kEnv, name);
  const auto& policy = Current().policy;
  if (use.error() != 0 || !policy || value.empty()) return use;
  if ((Has(kCode, name) || IsOfEngine(name)) && !Allows(*policy, Scope::kRun, std::nullopt))
    return RefusePath(value, Scope::kRun, "code by " + std::string(name));
  if (Has(kNames, name)) {
    for (Scope scope : {Scope::kDns, Scope::kConnect})
      if (!Allows(*policy, scope, std::nullopt))
        return RefusePath(value, scope, "names by " + std::string(name));
  }
  if (Has(kFiles, name)) return ToPath(value, kRead);
  if (name != "TZ") return use;
  if (value.front() == ':') value.remove_prefix(1);
  if (value.starts_with('/')) return ToPath(value, kRead);
  if (value.find("..") == value.npos) return use;
  return ToPath("/usr/share/zoneinfo/" + std::string(value), kRead);
}

PathGrant ToRun(std::string_view path, const std::vector<std::string>& environment) {
  const Subject& subject = Current();
  if (!subject.policy || Allows(*subject.policy, Scope::kRun, std::nullopt))
    return ToPath(path, kRun);
  for (const std::string& entry : environment) {
    std::string name = entry.substr(0, entry.find('='));
    if (LoadsCode(name) && !IsInherited(entry))
      return RefusePath(path, Scope::kRun, std::string(path) + " with " + name);
  }
  return ToPath(path, kRun);
}

void Inherit(std::vector<std::string>& environment) {
  const auto& policy = Current().policy;
  if (!policy || policy->audit()) return;
  std::string start = std::string(kInherited) + "=";
  std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(start); });
  environment.push_back(start + policy->Json(true));
}

}  // namespace sluice::grant
