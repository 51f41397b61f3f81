// Internal. Values and calls: what bindings are written with.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/jsc_spi.h"
#include "engine/view.h"

namespace sluice::js {

// String owns a JSStringRef.
class String {
 public:
  explicit String(JSStringRef string = nullptr) : string_(string) {}
  // From UTF-8 of any kind: NUL is a character like others, and what is not valid becomes U+FFFD.
  // ASCII stays one byte a character in the engine.
  explicit String(std::string_view utf8);
  explicit String(std::u16string_view text);
  ~String() {
    if (string_ != nullptr) JSStringRelease(string_);
  }
  String(String&& other) noexcept : string_(std::exchange(other.string_, nullptr)) {}
  String(const String&) = delete;
  String& operator=(const String&) = delete;
  String& operator=(String&& other) noexcept {
    std::swap(string_, other.string_);
    return *this;
  }
  JSStringRef get() const { return string_; }
  // utf16 returns the text, which lives as long as this; only if get() is not null.
  std::u16string_view utf16() const;
  // utf8 returns the text; lone surrogates become U+FFFD.
  std::string utf8() const;

 private:
  JSStringRef string_;
};

// Call is one call of a native function: its arguments, and where an exception goes. Functions
// that read an argument return a plain default once an exception is pending: check failed().
class Call {
 public:
  Call(JSContextRef context, size_t count, const JSValueRef* arguments, JSValueRef* exception)
      : context_(context), count_(count), arguments_(arguments), exception_(exception) {}

  JSContextRef context() const { return context_; }
  Engine& engine() const { return *Engine::Current(); }
  size_t size() const { return count_; }
  JSValueRef operator[](size_t i) const {
    return i < count_ ? arguments_[i] : JSValueMakeUndefined(context_);
  }
  bool failed() const { return *exception_ != nullptr; }
  JSValueRef* exception() const { return exception_; }

  double number(size_t i) const;
  // integer clamps to the range of int64_t; NaN is 0.
  int64_t integer(size_t i) const;
  bool boolean(size_t i) const { return JSValueToBoolean(context_, (*this)[i]); }
  std::string string(size_t i) const;  // UTF-8
  // name is string for functions of C, which would see the part of it before a NUL: throws
  // ERR_INVALID_ARG_VALUE if it has one.
  std::string name(size_t i) const;
  JSObjectRef object(size_t i) const;  // throws TypeError if it is none
  bool is_undefined(size_t i) const { return JSValueIsUndefined(context_, (*this)[i]); }
  bool is_string(size_t i) const { return JSValueIsString(context_, (*this)[i]); }
  // bytes returns the memory of a typed array, DataView or ArrayBuffer. It stays valid while the
  // object lives.
  std::span<uint8_t> bytes(size_t i) const;
  // view is bytes at a fraction of the cost, good only until JavaScript runs: read arguments that
  // convert their value before it.
  std::span<uint8_t> view(size_t i) const {
    auto found = ViewOf((*this)[i]);
    return found && !failed() ? *found : bytes(i);
  }

  JSValueRef undefined() const { return JSValueMakeUndefined(context_); }
  JSValueRef null() const { return JSValueMakeNull(context_); }
  JSValueRef boolean_value(bool value) const { return JSValueMakeBoolean(context_, value); }
  JSValueRef number_value(double value) const { return JSValueMakeNumber(context_, value); }
  JSValueRef string_value(std::string_view utf8) const;
  JSValueRef array_value(std::span<const JSValueRef> values) const {
    return JSObjectMakeArray(context_, values.size(), values.data(), exception_);
  }
  JSValueRef array_value(std::initializer_list<JSValueRef> values) const {
    return array_value(std::span(values.begin(), values.size()));
  }

  // Throw makes an exception pending and returns undefined. code becomes its property.
  JSValueRef ThrowTypeError(std::string_view message, const char* code = nullptr) const;
  JSValueRef ThrowRangeError(std::string_view message, const char* code = nullptr) const;
  JSValueRef ThrowError(std::string_view message, const char* code = nullptr) const;
  // Terminate ends the JavaScript that made the call, past every catch and finally; for tasks that
  // have ended (Engine::ending), and only from functions that are made as Last.
  JSValueRef Terminate() const;

 private:
  JSContextRef context_;
  size_t count_;
  const JSValueRef* arguments_;
  JSValueRef* exception_;
};

using NativeFunction = JSValueRef (*)(Call&);

void ReportNativeException(JSContextRef context, JSValueRef* exception);

// HostCall is how the engine calls a NativeFunction as one of its own.
template <NativeFunction function>
JSValueRef HostCall(JSContextRef context, const JSValueRef* frame) {
  auto arguments = spi::FrameArguments(frame);
  JSValueRef exception = nullptr;
  Call call(context, arguments.size(), arguments.data(), &exception);
  JSValueRef result = nullptr;
  try {
    result = function(call);
  } catch (...) {
    ReportNativeException(context, &exception);
  }
  if (exception != nullptr) [[unlikely]]
    spi::table.throw_exception(JSContextGetGroup(context), context, exception);
  return result != nullptr ? result : JSValueMakeUndefined(context);
}

// ApiCall is how the engine calls a NativeFunction by the public API: the API lock is not held.
template <NativeFunction function>
JSValueRef ApiCall(JSContextRef context, JSObjectRef, JSObjectRef, size_t count,
                   const JSValueRef* arguments, JSValueRef* exception) {
  Call call(context, count, arguments, exception);
  try {
    return function(call);
  } catch (...) {
    ReportNativeException(context, exception);
    return JSValueMakeUndefined(context);
  }
}

// LockedCall is ApiCall with the lock.
template <NativeFunction function>
JSValueRef LockedCall(JSContextRef context, JSObjectRef, JSObjectRef self, size_t count,
                      const JSValueRef* arguments, JSValueRef* exception) {
  spi::table.lock(context);
  JSValueRef result = ApiCall<function>(context, nullptr, self, count, arguments, exception);
  spi::table.unlock(context);
  return result;
}

// Native is what a function of the engine's is made of. No C++ exception crosses it.
struct Native {
  spi::HostFunction host;  // null: by the public API always
  JSObjectCallAsFunctionCallback callback;
  bool last = false;  // may return Call::Terminate()
};
template <NativeFunction function>
inline constexpr Native Guarded{HostCall<function>, LockedCall<function>};
// Waiting is Guarded for functions that turn the loop: the API lock is not held meanwhile, so that
// the collector's threads can work while the loop waits.
template <NativeFunction function>
inline constexpr Native Waiting{nullptr, ApiCall<function>};
// Last makes of either a function that may return Call::Terminate(), with at most two arguments.
// Where the engine cannot throw a task's end, JavaScript then turns until its time limit ends it.
inline constexpr Native Last(Native native) {
  native.last = true;
  return native;
}

JSObjectRef MakeFunction(JSContextRef context, const char* name, const Native& native);

struct FunctionEntry {
  const char* name;
  Native function;
};

// Binder fills the object that binding(name) returns.
class Binder {
 public:
  Binder(JSContextRef context, JSObjectRef target) : context_(context), target_(target) {}
  void Functions(std::span<const FunctionEntry> table);
  void Number(const char* name, double value);
  void Text(const char* name, std::string_view value);
  void Value(const char* name, JSValueRef value);
  JSContextRef context() const { return context_; }

 private:
  JSContextRef context_;
  JSObjectRef target_;
};

// Set sets a property; for new plain objects, where it cannot fail.
void Set(JSContextRef context, JSObjectRef object, const char* name, JSValueRef value);
JSValueRef Get(JSContextRef context, JSObjectRef object, const char* name);
// Elements returns what an array holds; nothing if the value is none. One that cannot be read is
// the last, with *exception set, which is null before.
std::vector<JSValueRef> Elements(JSContextRef context, JSValueRef array, JSValueRef* exception);
JSValueRef MakeString(JSContextRef context, std::string_view utf8);
// MakeName is for what a peer sent as a name, which need not be UTF-8: each byte is a character, as
// in Node.
JSValueRef MakeName(JSContextRef context, std::string_view bytes);
// MakeError returns a new error of the global class of that name, with code as its property unless
// null; or what was thrown instead, as at the bottom of the stack.
JSValueRef MakeError(JSContextRef context, const char* constructor, std::string_view message,
                     const char* code);
// MemoryError returns an Error that says that there was no memory: ERR_MEMORY_ALLOCATION_FAILED.
JSValueRef MemoryError(JSContextRef context);
JSValueRef MakeStrings(JSContextRef context, const std::vector<std::string>& list);
// MakeBytes returns a new Uint8Array with a copy of bytes.
JSValueRef MakeBytes(JSContextRef context, std::span<const uint8_t> bytes);
// Text returns a value as UTF-8 for messages; never throws.
std::string Text(JSContextRef context, JSValueRef value);
// ProxyTargetOf returns the target of a Proxy, also of a revoked one; null for every other object,
// and where the engine does not tell.
JSObjectRef ProxyTargetOf(JSObjectRef object);
// SameShape returns whether two objects have the same properties, where the engine keeps one
// description for both; false says nothing.
bool SameShape(JSValueRef a, JSValueRef b);

}  // namespace sluice::js
