// Internal. What sluice uses of JavaScriptCore beyond its public C API: symbols that the library
// exports, and that the build checks for (CMakeLists.txt). Nothing else declares any.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

extern "C" {
// Holds the API lock of a context's VM across many calls. Recursive.
void JSLock(JSContextRef context);
void JSUnlock(JSContextRef context);
// function(promise, reason) runs when the promise jobs are done and a rejection has no handler.
void JSGlobalContextSetUnhandledRejectionCallback(JSGlobalContextRef context, JSObjectRef function,
                                                  JSValueRef* exception);
// The callback runs on the VM's thread once a script has run for limit seconds; true ends it.
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void* data);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double limit,
                                         JSShouldTerminateCallback callback, void* data);
void JSContextGroupClearExecutionTimeLimit(JSContextGroupRef group);
JSStringRef JSContextCreateBacktrace(JSContextRef context, unsigned max_frames);
void JSReportExtraMemoryCost(JSContextRef context, size_t size);
// An object with heapSize, heapCapacity, extraMemorySize, objectCount…
JSObjectRef JSGetMemoryUsageStatistics(JSContextRef context);
JSObjectRef JSObjectGetProxyTarget(JSObjectRef object);
}

namespace sluice::js::spi {

// DrainMicrotasks runs promise jobs until there are none. The API lock must be held.
void DrainMicrotasks(JSContextGroupRef group) asm("_ZN3JSC2VM15drainMicrotasksEv");

// InitializeThreads sets up what all VMs of the process share; only the first call does anything.
void InitializeThreads() asm("_ZN3WTF10initializeEv");
// The engine's strings: a StringImpl is the counted block with the characters. A StringHandle is
// what the engine calls WTF::String and WTF::Ref<StringImpl>, one counted pointer; sluice only
// moves it from one of these functions to the next, so that it never counts itself.
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

// NewLatin1 and NewUtf16 return a block of length characters for the caller to fill. length must
// not be 0 and at most kMaxStringLength (engine/text.h); a failed allocation ends the process.
StringHandle NewLatin1(size_t length, std::span<uint8_t>& data) asm(
    "_ZN3WTF10StringImpl19createUninitializedEmRSt4spanIhLm18446744073709551615EE");
StringHandle NewUtf16(size_t length, std::span<char16_t>& data) asm(
    "_ZN3WTF10StringImpl19createUninitializedEmRSt4spanIDsLm18446744073709551615EE");
// ImmortalLatin1 makes a block of characters that stay where they are; text is not empty.
StringHandle ImmortalLatin1(std::span<const uint8_t> text) asm(
    "_ZN3WTF10StringImpl28createWithoutCopyingNonEmptyESt4spanIKhLm18446744073709551615EE");
// MakeOpaque takes the block over and sets impl to null.
OpaqueStringHandle MakeOpaque(StringHandle&& string) asm(
    "_ZN14OpaqueJSString9tryCreateEON3WTF6StringE");
// MakeString returns a string of at least two characters that counts the block. JSC:
// jsStringWithCacheSlowCase.
JSValueRef MakeString(JSContextGroupRef group, StringImpl* block) asm(
    "_ZN3JSC25jsStringWithCacheSlowCaseERNS_2VMERN3WTF10StringImplE");
// InitializeMainThread makes this thread's run loop the engine's main one. The collector's memory
// pressure handler uses that after a while; without it the process crashes. The first call wins.
void InitializeMainThread() asm("_ZN3WTF20initializeMainThreadEv");

// SmallInteger returns a value that the engine keeps as an int32: its high bits are a tag.
inline std::optional<int32_t> SmallInteger(JSValueRef value) {
  constexpr uintptr_t kTag = 0xfffe000000000000;
  auto bits = reinterpret_cast<uintptr_t>(value);
  if ((bits & kTag) != kTag) return std::nullopt;
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
// CellOf returns what a value points to, or null.
inline const Cell* CellOf(JSValueRef value) {
  constexpr uintptr_t kNotCell = 0xfffe000000000002;
  auto bits = reinterpret_cast<uintptr_t>(value);
  return bits == 0 || (bits & kNotCell) != 0 ? nullptr : reinterpret_cast<const Cell*>(value);
}

// A host function is what the engine's own functions are: called with the API lock held, without
// the C API's release and second taking of it. frame is the call's; see FrameArguments.
using HostFunction = JSValueRef (*)(JSContextRef context, const JSValueRef* frame);
// The arguments of a frame: after the caller's frame, the return address, two words of the engine,
// the count of arguments (32 bits, this included) and this.
inline std::span<const JSValueRef> FrameArguments(const JSValueRef* frame) {
  constexpr size_t kCount = 4;
  constexpr size_t kFirst = 6;
  auto count = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(frame[kCount]));
  return {frame + kFirst, count - 1};
}
constexpr uint8_t kPrivate = 1;  // a visibility: not shown in stack traces
// JSC::JSFunction::create. intrinsic is 0, none; constructor answers `new`.
JSObjectRef
MakeHostFunction(JSContextGroupRef group, JSContextRef context, unsigned length, const StringHandle& name, HostFunction function, uint8_t visibility, uint8_t intrinsic, HostFunction constructor, const void* signature) asm(
    "_ZN3JSC10JSFunction6createERNS_2VMEPNS_14JSGlobalObjectEjRKN3WTF6"
    "StringENS5_11FunctionPtrILNS5_6PtrTagE1EFlS4_PNS_9CallFrameEELNS5_"
    "18FunctionAttributesE2EEENS_24ImplementationVisibilityENS_9"
    "IntrinsicESF_PKNS_6DOMJIT9SignatureE");
// The constructor of functions that are none: throws TypeError.
JSValueRef NoConstructor(JSContextRef context, const JSValueRef* frame) asm(
    "_ZN3JSC29callHostFunctionAsConstructorEPNS_14JSGlobalObjectEPNS_9CallFrameE");
// Termination returns the exception that no catch or finally stops. Thrown as any other.
JSValueRef Termination(JSContextGroupRef group) asm("_ZN3JSC2VM26ensureTerminationExceptionEv");
// Throw makes an exception pending; the host function must return then. It stands before the
// engine's function of that name, which it calls (stack_traces.cc).
void* Throw(JSContextGroupRef group, JSContextRef context,
            JSValueRef value) asm("_ZN3JSC2VM14throwExceptionEPNS_14JSGlobalObjectENS_7JSValueE");

}  // namespace sluice::js::spi
