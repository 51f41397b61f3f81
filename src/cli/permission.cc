#include "cli/permission.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "bind/module/private_folder.h"
#include "control/control.h"
#include "grant/grant.h"
#include "grant/landlock.h"
#include "grant/load.h"
#include "grant/run.h"

namespace sluice::cli {
namespace {

using grant::Policy;

// Returns what is wrong with a flag. Values have commas between them; a value with a comma is for a
// policy file.
std::string AddFlag(Policy& policy, const PermissionOptions::Flag& flag) {
  bool deny = flag.name.starts_with("deny-");
  auto scope = grant::FindScope(std::string_view(flag.name).substr(deny ? 5 : 6));
  if (!scope) return "--" + flag.name + ": there is no such scope (see sluice --help)";
  auto add = [&](std::optional<std::string_view> value) {
    return deny ? policy.Deny(*scope, value) : policy.Allow(*scope, value);
  };
  if (!flag.value) return add(std::nullopt);
  std::string_view rest = *flag.value;
  for (;;) {
    size_t comma = rest.find(',');
    if (std::string wrong = add(rest.substr(0, comma)); !wrong.empty())
      return "--" + flag.name + ": " + wrong;
    if (comma == rest.npos) return "";
    rest.remove_prefix(comma + 1);
  }
}

std::string AddFile(Policy& policy, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return "cannot read the policy " + path + ": " + std::strerror(errno);
  std::string wrong = policy.AddJson(text.str());
  return wrong.empty() ? "" : "the policy " + path + " " + wrong;
}

// What a program that may not do everything lets its children do.
std::string AddInherited(std::shared_ptr<Policy>& policy) {
  const char* text = std::getenv(grant::kInherited);
  if (text == nullptr) return "";
  auto inherited = std::make_shared<Policy>();
  std::string wrong = inherited->AddJson(text);
  unsetenv(grant::kInherited);
  if (!wrong.empty()) return std::string(grant::kInherited) + " " + wrong;
  if (policy)
    policy->set_above(std::move(inherited));
  else
    policy = std::move(inherited);
  return "";
}

// Where lib/internal/modules/kept.js keeps what is made of files; "" for nowhere.
std::string CacheFolder() {
  auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text != nullptr ? text : "");
  };
  if (std::getenv("SLUICE_CACHE") != nullptr) {
    std::string own = value("SLUICE_CACHE");
    return own.empty() ? "" : grant::CleanPath(own);
  }
  if (std::string cache = value("XDG_CACHE_HOME"); !cache.empty())
    return grant::CleanPath(cache + "/sluice");
  std::string home = value("HOME");
  return home.empty() ? "" : grant::CleanPath(home + "/.cache/sluice");
}

// Where the runtime writes by itself: what is made of files, and the control socket.
std::vector<std::string> OwnFolders(const std::vector<std::string>& files) {
  std::vector<std::string> folders;
  for (const std::string& file : files) {
    std::string path = grant::CleanPath(file);
    folders.push_back(path.substr(0, path.rfind('/') + 1));
  }
  // It is made here, where its parents can still be written to.
  if (std::string cache = CacheFolder(); !cache.empty() && js::PrivateFolder::Open(cache))
    folders.push_back(cache);
  folders.push_back(control::DefaultFolder());
  return folders;
}

std::vector<grant::PortRange> OwnPorts(const PermissionOptions& options) {
  if (!options.metrics) return {};
  return {{options.metrics->port(), options.metrics->port()}};
}

}  // namespace

bool TakePermission(std::string_view name, const std::optional<std::string>& value,
                    PermissionOptions& options, std::string* error) {
  bool empty = value && value->empty();
  if (name == "--permission") {
    options.on = true;
    if (value) options.file = *value;
  } else if (name == "--permission-audit") {
    options.audit = true;
    if (value) options.audit_file = *value;
  } else if (name.starts_with("--allow-") || name.starts_with("--deny-")) {
    options.flags.push_back({std::string(name.substr(2)), value});
  } else {
    return false;
  }
  if (empty) *error = std::string(name) + "= needs a value after the =";
  return true;
}

std::string ApplyPermission(const PermissionOptions& options, const std::string& program) {
  grant::NoteEnvironment();
  const char* words = std::getenv("NODE_OPTIONS");
  if (words != nullptr && std::strstr(words, "--permission") != nullptr)
    return "--permission is for the command line, and not for NODE_OPTIONS";
  bool on = options.on || options.audit;
  if (!on && !options.flags.empty())
    return "--" + options.flags.front().name + " needs --permission";
  std::shared_ptr<Policy> policy;
  if (on) {
    policy = std::make_shared<Policy>();
    if (!options.file.empty()) {
      if (std::string wrong = AddFile(*policy, options.file); !wrong.empty()) return wrong;
    }
    for (const PermissionOptions::Flag& flag : options.flags)
      if (std::string wrong = AddFlag(*policy, flag); !wrong.empty()) return wrong;
    for (const std::string& path : grant::LoadableOf(program)) policy->AddLoadable(path);
    policy->set_audit(options.audit);
  }
  if (std::string wrong = AddInherited(policy); !wrong.empty()) return wrong;
  if (!options.audit_file.empty()) grant::RecordNeeds(options.audit_file);
  if (!policy) return "";
  if (!policy->audit()) grant::Confine(*policy, {OwnFolders(options.writable), OwnPorts(options)});
  grant::BecomeMain({std::move(policy), nullptr});
  return "";
}

}  // namespace sluice::cli
