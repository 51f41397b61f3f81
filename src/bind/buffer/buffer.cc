// Internal. binding('buffer'): what Buffer, string_decoder and the text coders do in C++. A range
// of bytes is three arguments: a Uint8Array, where the range begins in it and its length. Strings
// are primitive, all other arguments numbers.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "engine/encoding.h"
#include "engine/text.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// The order is that of the names in lib/internal/buffer/encodings.js.
enum Encoding { kUtf8, kUtf16le, kLatin1, kAscii, kHex, kBase64, kBase64Url };

constexpr size_t kMaxBytes = size_t{1} << 32;

// How many code units the last write() took, for lib/; the thread's engine ends before the thread.
thread_local double units_written;

// Argument i; not a number and negative ones become 0.
size_t Size(Call& call, size_t i) {
  return static_cast<size_t>(std::max<int64_t>(call.integer(i), 0));
}

// The range of bytes in arguments i to i+2. lib/ takes the length from properties, which a program
// can shadow with its own: what counts is the view itself.
std::span<uint8_t> Range(Call& call, size_t i) {
  size_t begin = Size(call, i + 1);
  size_t length = Size(call, i + 2);
  auto bytes = call.view(i);
  if (call.failed()) return {};
  if (begin > bytes.size() || length > bytes.size() - begin) {
    call.ThrowRangeError("Attempt to access memory outside buffer bounds",
                         "ERR_BUFFER_OUT_OF_BOUNDS");
    return {};
  }
  return bytes.subspan(begin, length);
}

Encoding EncodingAt(Call& call, size_t i) {
  return static_cast<Encoding>(Size(call, i));
}

Encoded Encode(const Characters& text, Encoding encoding, std::span<uint8_t> out) {
  return text.Visit([&](auto units) -> Encoded {
    switch (encoding) {
      case kUtf8:
        return EncodeUtf8(units, out);
      case kUtf16le:
        return EncodeUtf16(units, out);
      case kHex:
        return DecodeHex(units, out);
      case kBase64:
      case kBase64Url:
        return DecodeBase64(units, out);
      case kLatin1:
      case kAscii:
        return EncodeLatin1(units, out);
    }
    return {};
  });
}

size_t Utf8LengthOf(const Characters& text) {
  return text.Visit([](auto units) { return Utf8Length(units); });
}

// utf8Length(string)
JSValueRef Utf8LengthFunction(Call& call) {
  return call.number_value(static_cast<double>(Utf8LengthOf(Characters(call, 0))));
}

// write(string, view, start, length, encoding) → how many bytes it wrote, whole characters only.
// unitsWritten[0] becomes how many code units they were.
JSValueRef Write(Call& call) {
  std::span<uint8_t> out = Range(call, 1);
  Characters text(call, 0);
  if (call.failed()) return call.undefined();
  Encoded done = Encode(text, EncodingAt(call, 4), out);
  units_written = static_cast<double>(done.read);
  return call.number_value(static_cast<double>(done.written));
}

// A string over the limit is null to JavaScript, which makes the error of it.
template <class Char, class Fill>
JSValueRef Make(Call& call, size_t length, Fill fill) {
  if (length > kMaxStringLength) return call.null();
  StringMaker<Char> maker(length);
  if (length > 0) fill(maker.data());
  return maker.Finish(call.context());
}

JSValueRef MakeLatin1(Call& call, Bytes bytes, uint8_t mask = 0xFF) {
  return Make<uint8_t>(call, bytes.size(), [&](uint8_t* out) {
    if (mask == 0xFF) {
      std::memcpy(out, bytes.data(), bytes.size());
    } else {
      for (uint8_t byte : bytes) *out++ = byte & mask;
    }
  });
}

JSValueRef DecodeUtf8String(Call& call, Bytes bytes) {
  // The scan of what is far over the limit is spared: no text has fewer than a third of its bytes.
  if (bytes.size() / 3 > kMaxStringLength) return call.null();
  Utf8Text text = ScanUtf8(bytes);
  if (!text.valid && call.boolean(4)) return call.undefined();
  if (text.ascii) return MakeLatin1(call, bytes);
  if (text.latin1)
    return Make<uint8_t>(call, text.units, [&](uint8_t* out) { DecodeUtf8(bytes, out); });
  return Make<char16_t>(call, text.units, [&](char16_t* out) { DecodeUtf8(bytes, out); });
}

JSValueRef DecodeUtf16String(Call& call, Bytes bytes) {
  size_t units = bytes.size() / 2;
  uint8_t high = 0;
  for (size_t i = 0; i < units; ++i) high |= bytes[2 * i + 1];
  if (high != 0)
    return Make<char16_t>(call, units,
                          [&](char16_t* out) { std::memcpy(out, bytes.data(), 2 * units); });
  return Make<uint8_t>(call, units, [&](uint8_t* out) {
    for (size_t i = 0; i < units; ++i) out[i] = bytes[2 * i];
  });
}

// decode(view, start, length, encoding, fatal) → the string; null if it would be over the limit;
// undefined if fatal and the bytes are not valid UTF-8.
JSValueRef Decode(Call& call) {
  Bytes bytes = Range(call, 0);
  if (call.failed()) return call.undefined();
  switch (EncodingAt(call, 3)) {
    case kUtf8:
      return DecodeUtf8String(call, bytes);
    case kUtf16le:
      return DecodeUtf16String(call, bytes);
    case kLatin1:
      return MakeLatin1(call, bytes);
    case kAscii:
      return MakeLatin1(call, bytes, 0x7F);
    default:
      return call.ThrowError("decode: encoding is done in JavaScript");
  }
}

// utf8Incomplete(view) → how many last bytes begin a character
JSValueRef Utf8IncompleteFunction(Call& call) {
  Bytes bytes = call.view(0);
  if (call.failed()) return call.undefined();
  return call.number_value(static_cast<double>(Utf8Incomplete(bytes)));
}

JSValueRef IsUtf8(Call& call) {
  Bytes bytes = call.view(0);
  if (call.failed()) return call.undefined();
  return call.boolean_value(ScanUtf8(bytes).valid);
}
JSValueRef IsAsciiFunction(Call& call) {
  Bytes bytes = call.view(0);
  if (call.failed()) return call.undefined();
  return call.boolean_value(IsAscii(bytes));
}

// compare(a, start, length, b, start, length) → -1, 0 or 1
JSValueRef Compare(Call& call) {
  Bytes a = Range(call, 0);
  Bytes b = Range(call, 3);
  if (call.failed()) return call.undefined();
  size_t common = std::min(a.size(), b.size());
  int order = common > 0 ? std::memcmp(a.data(), b.data(), common) : 0;
  if (order == 0) order = (a.size() > b.size()) - (a.size() < b.size());
  return call.number_value(order < 0 ? -1 : order > 0);
}

// Finds a whole unit of unit_size bytes: positions are multiples of it.
double Find(Bytes bytes, Bytes wanted, size_t start, bool forward, size_t unit_size) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string_view part(reinterpret_cast<const char*>(wanted.data()), wanted.size());
  for (;;) {
    size_t found = std::string_view::npos;
    if (!forward) {
      found = text.rfind(part, start);
    } else if (start <= text.size()) {
      const void* at = memmem(text.data() + start, text.size() - start, part.data(), part.size());
      if (at != nullptr) found = static_cast<size_t>(static_cast<const char*>(at) - text.data());
    }
    if (found == std::string_view::npos) return -1;
    if (found % unit_size == 0) return static_cast<double>(found);
    if (!forward && found == 0) return -1;
    start = forward ? found + 1 : found - 1;
  }
}

// indexOf(bytes, start, length, wanted, start, length, from, forward, unit size) → where wanted,
// which is not empty, is found first at `from` or after it, or last there or before it; -1 if
// nowhere
JSValueRef IndexOf(Call& call) {
  Bytes bytes = Range(call, 0);
  Bytes wanted = Range(call, 3);
  if (call.failed()) return call.undefined();
  return call.number_value(
      Find(bytes, wanted, Size(call, 6), call.boolean(7), std::max<size_t>(Size(call, 8), 1)));
}

constexpr FunctionEntry kFunctions[] = {
    {"utf8Length", Guarded<Utf8LengthFunction>},
    {"write", Guarded<Write>},
    {"decode", Guarded<Decode>},
    {"utf8Incomplete", Guarded<Utf8IncompleteFunction>},
    {"isUtf8", Guarded<IsUtf8>},
    {"isAscii", Guarded<IsAsciiFunction>},
    {"compare", Guarded<Compare>},
    {"indexOf", Guarded<IndexOf>},
};

}  // namespace

void BindBuffer(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("unitsWritten", JSObjectMakeTypedArrayWithBytesNoCopy(
                                   binder.context(), kJSTypedArrayTypeFloat64Array, &units_written,
                                   sizeof units_written, nullptr, nullptr, nullptr));
  binder.Number("maxBytes", static_cast<double>(kMaxBytes));
  binder.Number("maxStringLength", static_cast<double>(kMaxStringLength));
}

}  // namespace sluice::js
