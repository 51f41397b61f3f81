// Internal. binding('fs'): each operation of fs_operations.h as function(callback, …): without a
// callback it runs at once and returns its result, with one it runs on a worker thread and the
// callback gets the result.
//
// Results: a number, a string, an ArrayBuffer, an array; a failure is a negative errno value, or
// [value, call] for operations made of several calls.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "bind/fs/operations.h"
#include "engine/task.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "loop/workers.h"

namespace sluice::js {
namespace {

using fs::Request;

// The last result of a kStat answer, where JavaScript reads it at once: as numbers, and exact.
struct FsState : BindingState {
  explicit FsState(Engine&) {}
  double numbers[fs::kStatFields] = {};
  int64_t exact[fs::kStatFields] = {};
};

// File names are bytes; JavaScript gets them as UTF-8 text, where other bytes become U+FFFD.
std::string ValidUtf8(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    size_t length = lead < 0x80 ? 1 : lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : 2;
    bool valid = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5 && i + length <= text.size());
    uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (size_t k = 1; valid && k < length; ++k) {
      auto next = static_cast<unsigned char>(text[i + k]);
      valid = (next & 0xC0) == 0x80;
      code = code << 6 | (next & 0x3F);
    }
    if (length == 3) valid = valid && code >= 0x800 && (code < 0xD800 || code >= 0xE000);
    if (length == 4) valid = valid && code >= 0x10000 && code < 0x110000;
    if (valid)
      out.append(text, i, length);
    else
      out += "\xEF\xBF\xBD";
    i += valid ? length : 1;
  }
  return out;
}

JSValueRef Name(JSContextRef context, const std::string& name) {
  return MakeString(context, ValidUtf8(name));
}

JSValueRef Answer(Engine& engine, Request& r) {
  JSContextRef context = engine.context();
  JSValueRef number = JSValueMakeNumber(context, static_cast<double>(r.result));
  if (r.step != nullptr) {
    JSValueRef parts[] = {number, MakeString(context, r.step)};
    return JSObjectMakeArray(context, 2, parts, nullptr);
  }
  if (r.result < 0) return number;
  switch (r.answer) {
    case Request::Answer::kNumber:
      return number;
    case Request::Answer::kText:
      return Name(context, r.text);
    case Request::Answer::kContent:
      return JSObjectMakeArrayBufferWithBytesNoCopy(
          context, r.content.release(), static_cast<size_t>(r.result),
          [](void* memory, void*) { Request::Free()(static_cast<uint8_t*>(memory)); }, nullptr,
          nullptr);
    case Request::Answer::kNames: {
      // name, kind, name, kind…
      JSObjectRef list = JSObjectMakeArray(context, 0, nullptr, nullptr);
      unsigned index = 0;
      for (const auto& [name, kind] : r.names) {
        JSObjectSetPropertyAtIndex(context, list, index++, Name(context, name), nullptr);
        JSObjectSetPropertyAtIndex(context, list, index++, JSValueMakeNumber(context, kind),
                                   nullptr);
      }
      return list;
    }
    case Request::Answer::kStat: {
      auto& state = engine.State<FsState>();
      for (size_t i = 0; i < fs::kStatFields; ++i) {
        state.exact[i] = r.stat[i];
        state.numbers[i] = static_cast<double>(r.stat[i]);
      }
      return number;
    }
  }
  return number;
}

// The right that an operation needs of a descriptor, by its kind.
unsigned RightOf(char kind) {
  return kind == 'r'   ? grant::kReadable
         : kind == 'w' ? grant::kWritable
         : kind == 'a' ? grant::kAttributes
                       : grant::kUsable;
}

int MayUse(int fd, char kind) {
  return (kind == 'c' ? grant::ToClose(fd) : grant::ToDescriptor(fd, RightOf(kind))).error();
}

std::span<uint8_t> BytesOf(JSContextRef context, JSValueRef value, JSValueRef* exception) {
  return Call(context, 1, &value, exception).bytes(0);
}

// What an operation takes after the callback: p path, o other path, f descriptor, and to read r, to
// write w, for what a path is asked to be writable for a, to close c; x path or descriptor to read,
// y to write, i integer, t time, b bytes that are read, B bytes that are written, l and L arrays of
// such. *refused becomes the error of a descriptor that the program may not name.
bool Parse(Call& call, const char* kinds, Request& r, int* refused) {
  int integers = 0;
  int times = 0;
  for (size_t i = 1; *kinds != '\0'; ++kinds, ++i) {
    char kind = *kinds;
    if (kind == 'x' || kind == 'y') {
      bool number = JSValueIsNumber(call.context(), call[i]);
      kind = !number ? 'p' : kind == 'x' ? 'r' : 'w';
    }
    if (kind == 'p' || kind == 'o') {
      std::string& path = kind == 'p' ? r.path : r.other;
      if (call.is_string(i)) {
        path = call.string(i);
      } else {
        std::span<uint8_t> bytes = call.bytes(i);
        path.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      }
    } else if (std::strchr("frwac", kind) != nullptr) {
      r.fd = static_cast<int>(call.integer(i));
      *refused = MayUse(r.fd, kind);
      if (kind == 'c' && *refused == 0) grant::Forget(r.fd);
    } else if (kind == 'i') {
      r.numbers[integers++] = call.integer(i);
    } else if (kind == 't') {
      r.times[times++] = call.number(i);
    } else if (kind == 'l' || kind == 'L') {
      // All are read before the memory of any is looked at.
      for (JSValueRef one : Elements(call.context(), call[i], call.exception()))
        r.parts.push_back(BytesOf(call.context(), one, call.exception()));
    } else {
      r.bytes = call.bytes(i);
    }
  }
  return !call.failed();
}

// Pending is an operation on a worker: it keeps from being collected what JavaScript gave. The
// worker has memory of its own for bytes, since it may outlive the engine.
class Pending {
 public:
  Pending(Engine& engine, JSObjectRef callback, JSValueRef target)
      : engine_(engine), callback_(callback), target_(target) {
    JSValueProtect(engine.context(), callback_);
    JSValueProtect(engine.context(), target_);
  }
  ~Pending() {
    if (Engine::Current() != &engine_) return;  // the engine is gone, and its values with it
    JSValueUnprotect(engine_.context(), callback_);
    JSValueUnprotect(engine_.context(), target_);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  void Finish(Request& request) {
    JSContextRef context = engine_.context();
    JSValueRef exception = nullptr;
    std::vector<JSValueRef> views{target_};
    if (JSValueIsArray(context, target_)) views = Elements(context, target_, &exception);
    auto read = request.bytes.first(request.result > 0 ? static_cast<size_t>(request.result) : 0);
    for (size_t i = 0; i < views.size() && !read.empty() && exception == nullptr; ++i) {
      if (!JSValueIsObject(context, views[i])) break;
      std::span<uint8_t> view = BytesOf(context, views[i], &exception);
      size_t count = std::min(view.size(), read.size());  // it may have become smaller
      std::copy_n(read.data(), count, view.data());
      read = read.subspan(count);
    }
    JSValueRef answer = Answer(engine_, request);
    engine_.Call(callback_, {&answer, 1});
  }

 private:
  Engine& engine_;
  JSObjectRef callback_;
  JSValueRef target_;  // the view that a read fills, an array of them, or undefined
};

// What a program opened it may name.
void HoldOpened(fs::Operation operation, const Request& request) {
  if (operation == fs::Open && request.result >= 0)
    grant::Hold(static_cast<int>(request.result),
                grant::RightsOf(static_cast<int>(request.numbers[0])));
}

// Gives a request memory of its own for its bytes or parts, as its bytes, with what they hold if
// that is to be written.
void OwnBytes(Request& request, bool writes) {
  if (request.parts.empty()) request.parts.push_back(request.bytes);
  size_t size = 0;
  for (std::span<uint8_t> part : request.parts) size += part.size();
  if (size > 0) {
    auto* copy = static_cast<uint8_t*>(std::malloc(size));
    if (copy == nullptr) throw std::bad_alloc();
    request.memory.reset(copy);
    for (size_t i = 0; writes && i < request.parts.size(); ++i)
      copy = std::copy(request.parts[i].begin(), request.parts[i].end(), copy);
  }
  request.bytes = {request.memory.get(), size};
  request.parts.clear();
}

JSValueRef Run(Call& call, const char* kinds, fs::Operation operation) {
  int refused = 0;
  if (operation == fs::Open && !call.engine().task().MayOpen()) return call.number_value(-EMFILE);
  if (call.is_undefined(0)) {
    Request request;
    if (!Parse(call, kinds, request, &refused)) return call.undefined();
    if (refused != 0)
      request.result = refused;
    else
      operation(request);
    HoldOpened(operation, request);
    return Answer(call.engine(), request);
  }
  auto request = std::make_shared<Request>();
  JSObjectRef callback = call.object(0);
  if (callback == nullptr || !Parse(call, kinds, *request, &refused)) return call.undefined();
  const char* read = std::strpbrk(kinds, "BL");
  JSValueRef target =
      read != nullptr ? call[static_cast<size_t>(read - kinds) + 1] : call.undefined();
  auto pending = std::make_shared<Pending>(call.engine(), callback, target);
  bool writes = std::strpbrk(kinds, "bl") != nullptr;
  OwnBytes(*request, writes);
  RunOnWorker(
      call.engine().loop(),
      [request, operation, refused] {
        if (refused != 0)
          request->result = refused;
        else
          operation(*request);
      },
      [request, operation, refused, denial = refused != 0 ? grant::TakeDenial() : std::nullopt,
       pending](int error) mutable {
        if (refused != 0) grant::SetDenial(std::move(denial));
        if (error != 0) request->result = -error;
        HoldOpened(operation, *request);
        pending->Finish(*request);
      },
      writes);
  return call.undefined();
}

template <size_t size>
struct Kinds {
  constexpr Kinds(const char (&text)[size]) { std::copy_n(text, size, value); }  // NOLINT
  char value[size];
};

template <Kinds kinds, fs::Operation operation>
JSValueRef Entry(Call& call) {
  return Run(call, kinds.value, operation);
}

constexpr FunctionEntry kFunctions[] = {
    {"open", Guarded<Entry<"pii", fs::Open>>},
    {"close", Guarded<Entry<"c", fs::Close>>},
    {"read", Guarded<Entry<"rBi", fs::Read>>},
    {"write", Guarded<Entry<"wbi", fs::Write>>},
    {"readv", Guarded<Entry<"rLi", fs::ReadVector>>},
    {"writev", Guarded<Entry<"wli", fs::WriteVector>>},
    {"readFile", Guarded<Entry<"xi", fs::ReadFile>>},
    {"writeFile", Guarded<Entry<"yiiib", fs::WriteFile>>},
    {"stat", Guarded<Entry<"pi", fs::Stat>>},
    {"fstat", Guarded<Entry<"f", fs::FdStat>>},
    {"statfs", Guarded<Entry<"p", fs::StatFs>>},
    {"access", Guarded<Entry<"pi", fs::Access>>},
    {"readdir", Guarded<Entry<"pi", fs::ReadDirectory>>},
    {"mkdir", Guarded<Entry<"pi", fs::MakeDirectory>>},
    {"mkdirs", Guarded<Entry<"pi", fs::MakeDirectories>>},
    {"mkdtemp", Guarded<Entry<"p", fs::MakeTemporary>>},
    {"unlink", Guarded<Entry<"p", fs::Unlink>>},
    {"rmdir", Guarded<Entry<"p", fs::RemoveDirectory>>},
    {"rm", Guarded<Entry<"piiii", fs::RemoveTree>>},
    {"rename", Guarded<Entry<"po", fs::Rename>>},
    {"copyFile", Guarded<Entry<"poi", fs::CopyFile>>},
    {"realpath", Guarded<Entry<"p", fs::RealPath>>},
    {"readlink", Guarded<Entry<"p", fs::ReadLink>>},
    {"symlink", Guarded<Entry<"po", fs::SymbolicLink>>},
    {"link", Guarded<Entry<"po", fs::Link>>},
    {"chmod", Guarded<Entry<"pi", fs::ChangeMode>>},
    {"fchmod", Guarded<Entry<"ai", fs::FdChangeMode>>},
    {"chown", Guarded<Entry<"piii", fs::ChangeOwner>>},
    {"fchown", Guarded<Entry<"aii", fs::FdChangeOwner>>},
    {"utimes", Guarded<Entry<"ptti", fs::SetTimes>>},
    {"futimes", Guarded<Entry<"att", fs::FdSetTimes>>},
    {"ftruncate", Guarded<Entry<"ai", fs::FdTruncate>>},
    {"fsync", Guarded<Entry<"f", fs::FdSync>>},
    {"fdatasync", Guarded<Entry<"f", fs::FdDataSync>>},
};

struct Constant {
  const char* name;
  int value;
};
#define SLUICE_CONSTANT(name) \
  { #name, name }
constexpr Constant kConstants[] = {
    SLUICE_CONSTANT(O_RDONLY),   SLUICE_CONSTANT(O_WRONLY),    SLUICE_CONSTANT(O_RDWR),
    SLUICE_CONSTANT(S_IFMT),     SLUICE_CONSTANT(S_IFREG),     SLUICE_CONSTANT(S_IFDIR),
    SLUICE_CONSTANT(S_IFCHR),    SLUICE_CONSTANT(S_IFBLK),     SLUICE_CONSTANT(S_IFIFO),
    SLUICE_CONSTANT(S_IFLNK),    SLUICE_CONSTANT(S_IFSOCK),    SLUICE_CONSTANT(O_CREAT),
    SLUICE_CONSTANT(O_EXCL),     SLUICE_CONSTANT(O_NOCTTY),    SLUICE_CONSTANT(O_TRUNC),
    SLUICE_CONSTANT(O_APPEND),   SLUICE_CONSTANT(O_DIRECTORY), SLUICE_CONSTANT(O_NOATIME),
    SLUICE_CONSTANT(O_NOFOLLOW), SLUICE_CONSTANT(O_SYNC),      SLUICE_CONSTANT(O_DSYNC),
    SLUICE_CONSTANT(O_DIRECT),   SLUICE_CONSTANT(O_NONBLOCK),  SLUICE_CONSTANT(S_IRWXU),
    SLUICE_CONSTANT(S_IRUSR),    SLUICE_CONSTANT(S_IWUSR),     SLUICE_CONSTANT(S_IXUSR),
    SLUICE_CONSTANT(S_IRWXG),    SLUICE_CONSTANT(S_IRGRP),     SLUICE_CONSTANT(S_IWGRP),
    SLUICE_CONSTANT(S_IXGRP),    SLUICE_CONSTANT(S_IRWXO),     SLUICE_CONSTANT(S_IROTH),
    SLUICE_CONSTANT(S_IWOTH),    SLUICE_CONSTANT(S_IXOTH),
};
#undef SLUICE_CONSTANT

}  // namespace

void BindFs(Binder& binder) {
  binder.Functions(kFunctions);
  auto& state = Engine::Current()->State<FsState>();
  JSContextRef context = binder.context();
  binder.Value("stats", JSObjectMakeTypedArrayWithBytesNoCopy(
                            context, kJSTypedArrayTypeFloat64Array, state.numbers,
                            sizeof state.numbers, nullptr, nullptr, nullptr));
  binder.Value("exactStats", JSObjectMakeTypedArrayWithBytesNoCopy(
                                 context, kJSTypedArrayTypeBigInt64Array, state.exact,
                                 sizeof state.exact, nullptr, nullptr, nullptr));
  JSObjectRef constants = JSObjectMake(context, nullptr, nullptr);
  for (const auto& [name, value] : kConstants)
    Set(context, constants, name, JSValueMakeNumber(context, value));
  binder.Value("constants", constants);
}

}  // namespace sluice::js
