// Internal. What sluice uses of JavaScriptCore beyond its public C API: one table of functions that
// the library exports, filled once at the start by dlsym(3), and what is known of how values lie in
// memory. Nothing else names any of it.
//
// The distribution updates the engine under an installed binary, so that nothing here is taken for
// granted: every path that is faster than the public API is a Fast, which is on only where all its
// functions were found and a check with known values came out as expected; where it is off, the
// public API does the same.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::js::bytecode {
struct Image;
struct Source;
}  // namespace sluice::js::bytecode

namespace sluice::js::spi {

// ---- What is on

// The paths that are faster, or know more, than the public API. Their names in SLUICE_FAST,
// `sluice --version` and process.versions are those of kFastNames.
enum class Fast : uint8_t {
  kIntegers,     // small integers are read by their tag, cells by their address
  kFunctions,    // native functions are called as the engine's own are
  kStrings,      // strings are read and made where the engine keeps them
  kViews,        // typed arrays are read by their layout
  kBuffers,      // the count of ArrayBuffers is mended
  kTraces,       // errors that the engine throws get stacks of Node's form at once
  kMicrotasks,   // promise jobs run also where the loop is turned from within a callback
  kTermination,  // a task's end is thrown, not waited for
  kStatistics,   // sizes of the heap, stacks of running code, external memory, targets of proxies,
                 // states of promises
  kSharing,      // a SharedArrayBuffer may go to another task; without this, it is refused
  kBytecode,     // built-in modules, and files of programs seen before, are not parsed (bytecode.h)
};
inline constexpr size_t kFastCount = 11;
inline constexpr const char* kFastNames[kFastCount] = {
    "integers",   "functions",   "strings",    "views",   "buffers", "traces",
    "microtasks", "termination", "statistics", "sharing", "bytecode"};

// Whether a path is on. Any thread, after Load().
inline bool On(Fast fast);
// TurnOff is for a check that failed; before the path is used.
void TurnOff(Fast fast);
// The names of the paths that are on, separated by commas; "none".
std::string FastList();
// The version of the engine that runs, as "2.50.6".
std::string EngineVersion();

// Load fills the table and reads SLUICE_FAST: `none`, `all`, or a list of names, each alone or all
// but those with a minus sign before them ("strings,views", "-traces"). Throws nothing; ends the
// process with one line where a function is missing that there is no way without, or the list has
// an unknown name. The first call does it; any thread.
void Load();

// ---- The engine's types

// A StringImpl is the counted block with the characters. A StringHandle is what the engine calls
// WTF::String and WTF::Ref<StringImpl>, one counted pointer; sluice only moves it from one of these
// functions to the next, so that it never counts itself.
struct StringImpl;
struct StringHandle {
  StringImpl* impl = nullptr;
  StringHandle() = default;
  StringHandle(StringHandle&& other) noexcept : impl(std::exchange(other.impl, nullptr)) {}
  StringHandle& operator=(StringHandle&& other) noexcept {
    impl = std::exchange(other.impl, nullptr);
    return *this;
  }
  ~StringHandle() {}  // not trivial: the functions below return through memory
};
// What the engine calls WTF::RefPtr<OpaqueJSString>. The receiver calls JSStringRelease.
struct OpaqueStringHandle {
  JSStringRef string = nullptr;
  OpaqueStringHandle() = default;
  OpaqueStringHandle(OpaqueStringHandle&& other) noexcept
      : string(std::exchange(other.string, nullptr)) {}
  ~OpaqueStringHandle() {}
};
// A host function is what the engine's own functions are: called with the API lock held, without
// the C API's release and second taking of it. frame is the call's; see FrameArguments.
using HostFunction = JSValueRef (*)(JSContextRef context, const JSValueRef* frame);
// What the engine calls WTF::Ref of an ArrayBuffer or a view of one: one counted pointer, which
// sluice only moves on.
struct CountedHandle {
  void* pointer = nullptr;
  CountedHandle() = default;
  CountedHandle(CountedHandle&& other) noexcept : pointer(std::exchange(other.pointer, nullptr)) {}
  ~CountedHandle() {}
};
using ShouldTerminate = bool (*)(JSContextRef context, void* data);
using ThrowFunction = void* (*)(JSContextGroupRef group, JSContextRef context, JSValueRef value);

// The functions; those of a path that is off are null. Comments give what the mangled names hide.
struct Table {
  // There is no way without these.
  // Holds the API lock of a context's VM across many calls. Recursive.
  void (*lock)(JSContextRef context);
  void (*unlock)(JSContextRef context);
  // function(promise, reason) runs when the promise jobs are done and a rejection has no handler.
  void (*set_unhandled_rejection_callback)(JSGlobalContextRef context, JSObjectRef function,
                                           JSValueRef* exception);
  // The callback runs on the VM's thread once a script has run for limit seconds; true ends it.
  void (*set_time_limit)(JSContextGroupRef group, double limit, ShouldTerminate callback,
                         void* data);

  // Where these are missing, what they do is not done.
  // WTF::initialize sets up what all VMs of the process share; only the first call does anything.
  void (*initialize_threads)();
  // WTF::initializeMainThread makes this thread's run loop the engine's main one. The collector's
  // memory pressure handler uses that after a while. The first call wins.
  void (*initialize_main_thread)();
  // WTF::timeZoneDidChange: engines from 2.54 on look at the time zone again only then.
  void (*time_zone_did_change)();
  // Whether eval() and Function() make code in a context; message is that of their error.
  void (*set_eval_enabled)(JSGlobalContextRef context, bool enabled, JSStringRef message);
  // JSC::JSObject::setPrototypeDirect of a context's global object: asks nothing, so that a circle
  // is the caller's to prevent. prototype is an object or null; with the lock.
  void (*set_prototype)(JSGlobalContextRef global, JSContextGroupRef group, JSValueRef prototype);

  // kMicrotasks. JSC::VM::drainMicrotasks runs promise jobs until there are none, with the lock.
  void (*drain_microtasks)(JSContextGroupRef group);
  // kTermination. JSC::VM::ensureTerminationException: what no catch or finally stops.
  JSValueRef (*termination)(JSContextGroupRef group);

  // kFunctions. JSC::JSFunction::create: intrinsic is 0, none; constructor answers `new`.
  JSObjectRef (*make_host_function)(JSContextGroupRef group, JSContextRef context, unsigned length,
                                    const StringHandle& name, HostFunction function,
                                    uint8_t visibility, uint8_t intrinsic, HostFunction constructor,
                                    const void* signature);
  // The constructor of functions that are none: throws TypeError.
  HostFunction no_constructor;
  // JSC::VM::throwException makes an exception pending; the host function must return then.
  ThrowFunction throw_exception;

  // kStrings. new_latin1 and new_utf16 (StringImpl::createUninitialized) return a block of length
  // characters for the caller to fill. length must not be 0 and at most kMaxStringLength
  // (engine/text.h); a failed allocation ends the process.
  StringHandle (*new_latin1)(size_t length, std::span<uint8_t>& data);
  StringHandle (*new_utf16)(size_t length, std::span<char16_t>& data);
  // A block of characters that stay where they are; text is not empty.
  StringHandle (*immortal_latin1)(std::span<const uint8_t> text);
  // AtomStringImpl::addSlowCase makes a block, which is none yet, the VM's one for its characters,
  // and returns it, or the one that there is; with the lock. Null where it is missing.
  StringHandle (*make_atom)(StringImpl& block);
  // OpaqueJSString::tryCreate takes the block over and sets impl to null.
  OpaqueStringHandle (*make_opaque)(StringHandle&& string);
  // jsStringWithCacheSlowCase: a string of at least two characters that counts the block.
  JSValueRef (*make_string)(JSContextGroupRef group, StringImpl* block);

  // kStatistics.
  JSStringRef (*backtrace)(JSContextRef context, unsigned max_frames);
  void (*report_extra_memory)(JSContextRef context, size_t size);
  // An object with heapSize, heapCapacity, extraMemorySize, objectCount…
  JSObjectRef (*memory_statistics)(JSContextRef context);
  JSObjectRef (*proxy_target)(JSObjectRef object);

  // kSharing. JSC::JSArrayBuffer::isShared tells a SharedArrayBuffer from an ArrayBuffer.
  bool (*is_shared)(const void* cell);
  // JSC::ArrayBuffer::shareWith has contents, which are all zero, count the same memory; false if
  // the buffer's is not shared. JSC::ArrayBuffer::create takes contents over.
  bool (*share_buffer)(void* buffer, void* contents);
  CountedHandle (*make_buffer)(void* contents);
  // JSC::DataView::wrappedAs takes the buffer over; ArrayBufferView::wrap makes the object of
  // JavaScript; its operator delete ends a view that only the caller counts.
  CountedHandle (*view_buffer)(CountedHandle& buffer, size_t offset, std::optional<size_t> length);
  JSObjectRef (*wrap_view)(void* view, JSContextRef context, JSContextRef global);
  void (*delete_view)(void* view, std::destroying_delete_t);

  // kBytecode. A script is a text, ASCII that stays where it is, with its place; it is counted.
  // make_script parses it: null where that fails. The last two arguments, which tell why, may be
  // null.
  void* (*make_script)(JSContextGroupRef group, JSStringRef url, int line, const char* text,
                       size_t length, JSStringRef* message, int* message_line);
  JSValueRef (*run_script)(JSContextRef context, void* script, JSValueRef self,
                           JSValueRef* exception);
  void (*release_script)(void* script);
  uint32_t (*bytecode_version)();
  // JSC::generateProgramBytecode compiles a script with all its functions. It writes to a file, or
  // into memory where there is none; returns, by memory, a counted pointer. Null where it is
  // missing.
  void* (*compile_script)(bytecode::Image** result, JSContextGroupRef group,
                          const bytecode::Source* source, void* file, void* error);
  void (*free)(void* memory);  // what the engine allocated

  bool on[kFastCount];
};
extern constinit Table table;

inline bool On(Fast fast) {
  return table.on[static_cast<size_t>(fast)];
}

// ---- Values in memory

// SmallInteger returns a value that the engine keeps as an int32: its high bits are a tag.
inline std::optional<int32_t> SmallInteger(JSValueRef value) {
  constexpr uintptr_t kTag = 0xfffe000000000000;
  auto bits = reinterpret_cast<uintptr_t>(value);
  if ((bits & kTag) != kTag || !On(Fast::kIntegers)) return std::nullopt;
  return static_cast<int32_t>(bits);
}

// Cell is how all begins that a value can point to on the engine's heap: objects, strings, symbols,
// large integers. type is a number of the engine's own.
struct Cell {
  uint32_t structure;
  uint8_t indexing;
  uint8_t type;
  uint8_t flags;
  uint8_t state;
};
// CellOf returns what a value points to, or null; null also where kIntegers is off.
inline const Cell* CellOf(JSValueRef value) {
  constexpr uintptr_t kNotCell = 0xfffe000000000002;
  auto bits = reinterpret_cast<uintptr_t>(value);
  if (bits == 0 || (bits & kNotCell) != 0 || !On(Fast::kIntegers)) return nullptr;
  return reinterpret_cast<const Cell*>(value);
}

// The arguments of a frame: after the caller's frame, the return address, two words of the engine,
// the count of arguments (32 bits, this included) and this.
inline std::span<const JSValueRef> FrameArguments(const JSValueRef* frame) {
  constexpr size_t kCount = 4;
  constexpr size_t kFirst = 6;
  auto count = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(frame[kCount]));
  return {frame + kFirst, count - 1};
}
// MakeHostFunction returns a function that stack traces do not show, and that `new` refuses. name
// is ASCII and not empty. kFunctions must be on.
JSObjectRef MakeHostFunction(JSContextRef context, std::string_view name, HostFunction function);

// InterceptThrow has all that is thrown go through function: it takes the place of
// table.throw_exception, there and in the engine's own table of imports, and calls what stood
// there. Where the engine does not throw by such a table, nothing is changed and kTraces is off.
// Once.
void InterceptThrow(ThrowFunction function);

}  // namespace sluice::js::spi
