// Internal. binding('module'): what the module loader needs of the file system, the check of a
// source's braces, and what compile.cc has.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>

#include "bind/module/compile.h"
#include "engine/denied.h"
#include "engine/engine.h"
#include "engine/node_options.h"
#include "engine/source_text.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "sluice/error.h"
#include "sys/files.h"

namespace sluice::js {
namespace {

constexpr off_t kMaxSourceBytes = 512 << 20;

// A path argument; nothing for one that no file can have.
std::optional<std::string> Path(Call& call, size_t argument) {
  std::string path = call.string(argument);
  if (call.failed() || path.find('\0') != std::string::npos) return std::nullopt;
  return path;
}

// The text of errno as sluice's messages have it: "no such file or directory".
std::string ReasonText(int error) {
  std::string text = strerror(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

JSValueRef ThrowErrno(Call& call, int error, const char* syscall, const std::string& path) {
  if (error == kAccessDenied) return ThrowDenied(call);
  const char* code = ErrnoName(error);
  if (code == nullptr) code = "UNKNOWN";
  call.ThrowError(std::string(code) + ": " + ReasonText(error) + ", " + syscall +
                      (path.empty() ? "" : " '" + path + "'"),
                  code);
  if (!JSValueIsObject(call.context(), *call.exception())) return call.undefined();
  auto* object = const_cast<JSObjectRef>(*call.exception());
  Set(call.context(), object, "errno", call.number_value(-error));
  Set(call.context(), object, "syscall", call.string_value(syscall));
  if (!path.empty()) Set(call.context(), object, "path", call.string_value(path));
  return call.undefined();
}

// ReadAll appends what fd holds to text; returns 0 or errno.
int ReadAll(int fd, std::string& text) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (status.st_size > kMaxSourceBytes) return EFBIG;
  bool sized = S_ISREG(status.st_mode) && status.st_size > 0;
  size_t used = 0;
  text.resize(sized ? static_cast<size_t>(status.st_size) : 4096);
  for (;;) {
    ssize_t count = read(fd, text.data() + used, text.size() - used);
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    used += static_cast<size_t>(count);
    // A regular file that gave its whole size has ended: no further call to learn so.
    if (count == 0 || (sized && used == text.size())) break;
    if (used == text.size()) {
      if (used > static_cast<size_t>(kMaxSourceBytes)) return EFBIG;
      text.resize(used * 2);
    }
  }
  text.resize(used);
  return 0;
}

int ReadPath(const std::string& path, std::string& text) {
  int fd = sys::Open(grant::ToPath(path, grant::kLoad), O_RDONLY);
  if (fd < 0) return -fd;
  int error = ReadAll(fd, text);
  close(fd);
  return error;
}

// The search for a module looks at many places: what is not to be seen is not there, and is no
// attempt at anything.
grant::PathGrant ToLook(const std::string& path, bool itself) {
  return grant::ToPath(path, grant::kLoad | grant::kQuiet | (itself ? grant::kNoFollow : 0u));
}

// The numbers are those of lib/internal/modules/resolve.js and lib/internal/start/run.js.
enum PathKind { kAbsent = -1, kFile, kDirectory, kLink };

// lstat(path) → PathKind
JSValueRef Lstat(Call& call) {
  std::optional<std::string> path = Path(call, 0);
  struct statx status {};
  if (!path || sys::GetStatus(ToLook(*path, true), &status) != 0) return call.number_value(kAbsent);
  if (S_ISDIR(status.stx_mode)) return call.number_value(kDirectory);
  return call.number_value(S_ISLNK(status.stx_mode) ? kLink : kFile);
}

// realpath(path): without symbolic links; undefined if there is no such file.
JSValueRef Realpath(Call& call) {
  std::optional<std::string> path = Path(call, 0);
  if (!path) return call.undefined();
  std::string real;
  return sys::RealPath(ToLook(*path, false), &real) == 0 ? call.string_value(real)
                                                         : call.undefined();
}

// readFile(path or descriptor): the text of a UTF-8 file, without its byte-order mark.
JSValueRef ReadFile(Call& call) {
  std::string text;
  int error = 0;
  std::string path;
  if (call.is_string(0)) {
    std::optional<std::string> named = Path(call, 0);
    if (named) path = *named;
    error = named ? ReadPath(path, text) : ENOENT;
  } else {
    int fd = static_cast<int>(call.integer(0));
    error = -grant::ToDescriptor(fd, grant::kReadable).error();
    if (error == 0) error = ReadAll(fd, text);
  }
  if (call.failed()) return call.undefined();
  if (error != 0) return ThrowErrno(call, error, error == EISDIR ? "read" : "open", path);
  return JSValueMakeString(call.context(), DecodeSource(text).get());
}

// readOptional(path): as readFile, undefined if the file cannot be opened.
JSValueRef ReadOptional(Call& call) {
  std::optional<std::string> path = Path(call, 0);
  std::string text;
  if (!path || ReadPath(*path, text) != 0) return call.undefined();
  return JSValueMakeString(call.context(), DecodeSource(text).get());
}

// whyUnreadable(path): the reason in words, '' if the file can be read.
JSValueRef WhyUnreadable(Call& call) {
  std::optional<std::string> path = Path(call, 0);
  if (!path) return call.string_value(ReasonText(ENOENT));
  int fd = sys::Open(grant::ToPath(*path, grant::kLoad), O_RDONLY | O_NONBLOCK);
  if (fd == -kAccessDenied) return call.string_value("its permissions do not allow it");
  if (fd < 0) return call.string_value(ReasonText(-fd));
  close(fd);
  return call.string_value("");
}

// unbalanced(source): the line of the first } that nothing opened, 0 if there seems to be none.
JSValueRef Unbalanced(Call& call) {
  JSStringRef source = JSValueToStringCopy(call.context(), call[0], call.exception());
  if (source == nullptr) return call.undefined();
  return call.number_value(UnbalancedLine(String(source).get()));
}

JSValueRef Cwd(Call& call) {
  char buffer[PATH_MAX];
  if (getcwd(buffer, sizeof buffer) == nullptr) return ThrowErrno(call, errno, "uv_cwd", "");
  return call.string_value(buffer);
}

// The names of the built-in modules that programs know, with a space between two.
std::string PublicModules() {
  std::string names;
  for (const BuiltinSource& source : BuiltinSources()) {
    std::string_view name = source.name;
    if (name.starts_with("internal/") || name.starts_with("vendor/")) continue;
    if (!names.empty()) names += ' ';
    names += name;
  }
  return names;
}

// The names of the options that NODE_OPTIONS may have, with a space between two.
std::string NodeOptionNames() {
  std::string names = "-r --require";
  for (const NodeOption& option : kNodeOptions) names.append(" ").append(option.name);
  return names;
}

constexpr FunctionEntry kFunctions[] = {
    {"lstat", Guarded<Lstat>},
    {"realpath", Guarded<Realpath>},
    {"readFile", Guarded<ReadFile>},
    {"readOptional", Guarded<ReadOptional>},
    {"whyUnreadable", Guarded<WhyUnreadable>},
    {"unbalanced", Guarded<Unbalanced>},
    {"cwd", Guarded<Cwd>},
};

}  // namespace

void BindModule(Binder& binder) {
  binder.Functions(kFunctions);
  BindCompile(binder);
  binder.Text("builtins", PublicModules());
  const EngineOptions& options = Engine::Current()->options();
  JSContextRef context = binder.context();
  constexpr const char* kModes[] = {"file", "eval", "print", "stdin", "check", "tool", "test"};
  binder.Text("mode", kModes[static_cast<size_t>(options.mode)]);
  binder.Value("code", JSValueMakeString(context, DecodeSource(options.code).get()));
  binder.Text("inputType", options.input_type);
  binder.Text("nodeOptions", NodeOptionNames());
  binder.Value("preload", MakeSourceStrings(context, options.preload));
  binder.Value("execArguments", MakeSourceStrings(context, options.exec_arguments));
}

}  // namespace sluice::js
