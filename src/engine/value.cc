#include "engine/value.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <new>

#include "engine/encoding.h"

namespace sluice::js {
namespace {

void AppendUtf8(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

}  // namespace

// The API's function for UTF-8 ends at a NUL, and makes nothing of what is not valid.
String::String(std::string_view utf8) {
  Bytes bytes{reinterpret_cast<const uint8_t*>(utf8.data()), utf8.size()};
  if (IsAscii(bytes) && utf8.find('\0') == std::string_view::npos) {
    string_ = JSStringCreateWithUTF8CString(std::string(utf8).c_str());
    return;
  }
  static_assert(sizeof(JSChar) == sizeof(char16_t));
  std::vector<char16_t> text(ScanUtf8(bytes).units);
  DecodeUtf8(bytes, text.data());
  string_ = JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(text.data()), text.size());
}

static_assert(sizeof(JSChar) == sizeof(char16_t));

String::String(std::u16string_view text)
    : string_(JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(text.data()),
                                           text.size())) {}

std::u16string_view String::utf16() const {
  return {reinterpret_cast<const char16_t*>(JSStringGetCharactersPtr(string_)),
          JSStringGetLength(string_)};
}

std::string String::utf8() const {
  std::string out;
  if (string_ == nullptr) return out;
  size_t length = JSStringGetLength(string_);
  const JSChar* text = JSStringGetCharactersPtr(string_);
  out.reserve(length);
  for (size_t i = 0; i < length; ++i) {
    uint32_t c = text[i];
    if (c >= 0xD800 && c < 0xE000) {
      bool pair = c < 0xDC00 && i + 1 < length && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;
      c = pair ? 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u) : 0xFFFD;
    }
    AppendUtf8(out, c);
  }
  return out;
}

double Call::number(size_t i) const {
  if (failed()) return 0;
  if (auto small = spi::SmallInteger((*this)[i])) return *small;
  return JSValueToNumber(context_, (*this)[i], exception_);
}

int64_t Call::integer(size_t i) const {
  if (auto small = spi::SmallInteger((*this)[i])) return failed() ? 0 : *small;
  double value = number(i);
  if (std::isnan(value)) return 0;
  constexpr double kLimit = 9.2e18;
  if (value > kLimit) return std::numeric_limits<int64_t>::max();
  if (value < -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

std::string Call::string(size_t i) const {
  if (failed()) return {};
  JSStringRef text = JSValueToStringCopy(context_, (*this)[i], exception_);
  return text != nullptr ? String(text).utf8() : std::string();
}

std::string Call::name(size_t i) const {
  std::string text = string(i);
  if (text.find('\0') == std::string::npos) return text;
  ThrowTypeError("argument " + std::to_string(i + 1) + " must be a string without null bytes",
                 "ERR_INVALID_ARG_VALUE");
  return {};
}

JSObjectRef Call::object(size_t i) const {
  if (failed()) return nullptr;
  JSValueRef value = (*this)[i];
  if (!JSValueIsObject(context_, value)) {
    ThrowTypeError("argument " + std::to_string(i + 1) + " must be an object",
                   "ERR_INVALID_ARG_TYPE");
    return nullptr;
  }
  return const_cast<JSObjectRef>(value);
}

std::span<uint8_t> Call::bytes(size_t i) const {
  JSObjectRef view = object(i);
  if (view == nullptr) return {};
  JSTypedArrayType type = JSValueGetTypedArrayType(context_, view, exception_);
  if (type == kJSTypedArrayTypeArrayBuffer) {
    auto* data = static_cast<uint8_t*>(JSObjectGetArrayBufferBytesPtr(context_, view, exception_));
    return {data, JSObjectGetArrayBufferByteLength(context_, view, exception_)};
  }
  if (type == kJSTypedArrayTypeNone) {
    ThrowTypeError("argument " + std::to_string(i + 1) + " must be a Buffer or TypedArray",
                   "ERR_INVALID_ARG_TYPE");
    return {};
  }
  // The pointer is that of the view's whole ArrayBuffer.
  auto* data = static_cast<uint8_t*>(JSObjectGetTypedArrayBytesPtr(context_, view, exception_));
  size_t offset = JSObjectGetTypedArrayByteOffset(context_, view, exception_);
  size_t length = JSObjectGetTypedArrayByteLength(context_, view, exception_);
  if (failed() || data == nullptr) return {};
  return {data + offset, length};
}

JSValueRef MakeString(JSContextRef context, std::string_view utf8) {
  return JSValueMakeString(context, String(utf8).get());
}

JSValueRef MakeName(JSContextRef context, std::string_view bytes) {
  std::string utf8;
  for (char byte : bytes) {
    auto c = static_cast<unsigned char>(byte);
    if (c < 0x80) {
      utf8 += byte;
    } else {
      utf8 += static_cast<char>(0xC0 | (c >> 6));
      utf8 += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return MakeString(context, utf8);
}

JSValueRef Call::Terminate() const {
  JSContextGroupRef group = JSContextGetGroup(context_);
  if (spi::On(spi::Fast::kTermination)) {
    *exception_ = spi::table.termination(group);
    return undefined();
  }
  spi::table.set_time_limit(
      group, 0, [](JSContextRef, void*) { return true; }, nullptr);
  return JSValueMakeNull(context_);  // MakeLast waits for the limit
}

JSValueRef Call::string_value(std::string_view utf8) const {
  return MakeString(context_, utf8);
}

JSValueRef MakeBytes(JSContextRef context, std::span<const uint8_t> bytes) {
  auto* copy = static_cast<uint8_t*>(std::malloc(bytes.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
  return JSObjectMakeTypedArrayWithBytesNoCopy(
      context, kJSTypedArrayTypeUint8Array, copy, bytes.size(),
      [](void* memory, void*) { std::free(memory); }, nullptr, nullptr);
}

JSValueRef MakeStrings(JSContextRef context, const std::vector<std::string>& list) {
  JSObjectRef array = JSObjectMakeArray(context, 0, nullptr, nullptr);
  for (size_t i = 0; i < list.size(); ++i)
    JSObjectSetPropertyAtIndex(context, array, static_cast<unsigned>(i),
                               MakeString(context, list[i]), nullptr);
  return array;
}

JSValueRef MakeError(JSContextRef context, const char* constructor, std::string_view message,
                     const char* code) {
  JSValueRef exception = nullptr;
  JSValueRef argument = MakeString(context, message);
  JSValueRef type = Get(context, JSContextGetGlobalObject(context), constructor);
  // A program may have put anything in the constructor's place.
  JSObjectRef object =
      type != nullptr && JSValueIsObject(context, type) ? const_cast<JSObjectRef>(type) : nullptr;
  JSObjectRef error = object != nullptr && JSObjectIsConstructor(context, object)
                          ? JSObjectCallAsConstructor(context, object, 1, &argument, &exception)
                          : JSObjectMakeError(context, 1, &argument, &exception);
  if (error == nullptr) return exception;
  if (code != nullptr) Set(context, error, "code", MakeString(context, code));
  return error;
}

namespace {
JSValueRef Throw(JSContextRef context, JSValueRef* exception, const char* constructor,
                 std::string_view message, const char* code) {
  *exception = MakeError(context, constructor, message, code);
  return JSValueMakeUndefined(context);
}
}  // namespace

JSValueRef Call::ThrowTypeError(std::string_view message, const char* code) const {
  return Throw(context_, exception_, "TypeError", message, code);
}
JSValueRef Call::ThrowRangeError(std::string_view message, const char* code) const {
  return Throw(context_, exception_, "RangeError", message, code);
}
JSValueRef Call::ThrowError(std::string_view message, const char* code) const {
  return Throw(context_, exception_, "Error", message, code);
}

JSValueRef MemoryError(JSContextRef context) {
  return MakeError(context, "Error", "Failed to allocate memory", "ERR_MEMORY_ALLOCATION_FAILED");
}

void ReportNativeException(JSContextRef context, JSValueRef* exception) {
  const char* message = "unknown native failure";
  std::string text;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    *exception = MemoryError(context);
    return;
  } catch (const std::exception& error) {
    text = error.what();
    message = text.c_str();
  } catch (...) {
  }
  Throw(context, exception, "Error", message, "ERR_INTERNAL");
}

// The limit passes on another thread, and the engine looks whether it did in loops: without one
// here the program would go on for some of its lines.
static JSObjectRef MakeLast(JSContextRef context, JSObjectRef function) {
  JSValueRef make = JSEvaluateScript(
      context,
      String(
          "(f) => (a, b) => { const value = f(a, b); if (value === null) for (;;); return value; }")
          .get(),
      nullptr, nullptr, 1, nullptr);
  JSValueRef argument = function;
  auto* maker = const_cast<JSObjectRef>(make);
  return const_cast<JSObjectRef>(
      JSObjectCallAsFunction(context, maker, nullptr, 1, &argument, nullptr));
}

JSObjectRef MakeFunction(JSContextRef context, const char* name, const Native& native) {
  if (native.last && !spi::On(spi::Fast::kTermination)) {
    Native plain = native;
    plain.last = false;
    return MakeLast(context, MakeFunction(context, name, plain));
  }
  if (native.host == nullptr || !spi::On(spi::Fast::kFunctions))
    return JSObjectMakeFunctionWithCallback(context, String(name).get(), native.callback);
  return spi::MakeHostFunction(context, name, native.host);
}

void Binder::Functions(std::span<const FunctionEntry> table) {
  for (const FunctionEntry& entry : table)
    Value(entry.name, MakeFunction(context_, entry.name, entry.function));
}
void Binder::Number(const char* name, double value) {
  Value(name, JSValueMakeNumber(context_, value));
}
void Binder::Text(const char* name, std::string_view value) {
  Value(name, MakeString(context_, value));
}
void Binder::Value(const char* name, JSValueRef value) {
  Set(context_, target_, name, value);
}

void Set(JSContextRef context, JSObjectRef object, const char* name, JSValueRef value) {
  JSObjectSetProperty(context, object, String(name).get(), value, kJSPropertyAttributeNone,
                      nullptr);
}

JSValueRef Get(JSContextRef context, JSObjectRef object, const char* name) {
  return JSObjectGetProperty(context, object, String(name).get(), nullptr);
}

std::vector<JSValueRef> Elements(JSContextRef context, JSValueRef array, JSValueRef* exception) {
  std::vector<JSValueRef> all;
  if (array == nullptr || !JSValueIsArray(context, array)) return all;
  auto* object = const_cast<JSObjectRef>(array);
  double length = JSValueToNumber(context, Get(context, object, "length"), nullptr);
  for (unsigned i = 0; i < length && *exception == nullptr; ++i)
    all.push_back(JSObjectGetPropertyAtIndex(context, object, i, exception));
  return all;
}

std::string Text(JSContextRef context, JSValueRef value) {
  JSStringRef text = JSValueToStringCopy(context, value, nullptr);
  return text != nullptr ? String(text).utf8() : std::string("(no text)");
}

JSObjectRef ProxyTargetOf(JSObjectRef object) {
  return spi::On(spi::Fast::kStatistics) ? spi::table.proxy_target(object) : nullptr;
}

bool SameShape(JSValueRef a, JSValueRef b) {
  const spi::Cell* one = spi::CellOf(a);
  const spi::Cell* other = spi::CellOf(b);
  return one != nullptr && other != nullptr && one->type == other->type &&
         one->structure == other->structure;
}

}  // namespace sluice::js
