#include "engine/encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

static_assert(std::endian::native == std::endian::little, "UTF-16 is copied as it is in memory");

namespace sluice::js {
namespace {

constexpr size_t kBlock = 32;  // what one step of the loops that compilers vectorise looks at

// Copies ASCII units from the front of text as long as they fit; returns how many.
template <class Char>
size_t CopyAscii(std::span<const Char> text, std::span<uint8_t> out) {
  size_t limit = std::min(text.size(), out.size());
  size_t i = 0;
  while (i + kBlock <= limit) {
    Char all = 0;
    for (size_t j = 0; j < kBlock; ++j) {
      all = static_cast<Char>(all | text[i + j]);
      out[i + j] = static_cast<uint8_t>(text[i + j]);
    }
    if (all >= 0x80) break;
    i += kBlock;
  }
  for (; i < limit && text[i] < 0x80; ++i) out[i] = static_cast<uint8_t>(text[i]);
  return i;
}

size_t AsciiPrefix(Bytes bytes) {
  size_t i = 0;
  while (i + kBlock <= bytes.size()) {
    uint8_t all = 0;
    for (size_t j = 0; j < kBlock; ++j) all |= bytes[i + j];
    if (all >= 0x80) break;
    i += kBlock;
  }
  while (i < bytes.size() && bytes[i] < 0x80) ++i;
  return i;
}

bool IsLead(char16_t c) {
  return (c & 0xFC00) == 0xD800;
}
bool IsTrail(char16_t c) {
  return (c & 0xFC00) == 0xDC00;
}

struct CodePoint {
  uint32_t value;
  size_t length;  // code units or bytes that it took
};

CodePoint Next(Latin1 text, size_t i) {
  return {text[i], 1};
}

CodePoint Next(Utf16 text, size_t i) {
  uint32_t c = text[i];
  if ((c & 0xF800) != 0xD800) return {c, 1};
  if (IsLead(text[i]) && i + 1 < text.size() && IsTrail(text[i + 1]))
    return {0x10000 + ((c - 0xD800) << 10) + (text[i + 1] - 0xDC00u), 2};
  return {0xFFFD, 1};
}

uint8_t Follower(uint32_t bits) {
  return static_cast<uint8_t>(0x80 | (bits & 0x3F));
}

// Returns how many bytes it wrote, 0 if they do not fit.
size_t PutUtf8(uint32_t c, std::span<uint8_t> out) {
  size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  if (length > out.size()) return 0;
  switch (length) {
    case 1:
      out[0] = static_cast<uint8_t>(c);
      break;
    case 2:
      out[0] = static_cast<uint8_t>(0xC0 | (c >> 6));
      out[1] = Follower(c);
      break;
    case 3:
      out[0] = static_cast<uint8_t>(0xE0 | (c >> 12));
      out[1] = Follower(c >> 6);
      out[2] = Follower(c);
      break;
    default:
      out[0] = static_cast<uint8_t>(0xF0 | (c >> 18));
      out[1] = Follower(c >> 12);
      out[2] = Follower(c >> 6);
      out[3] = Follower(c);
  }
  return length;
}

template <class Char>
Encoded ToUtf8(std::span<const Char> text, std::span<uint8_t> out) {
  Encoded done;
  while (done.read < text.size()) {
    size_t run = CopyAscii(text.subspan(done.read), out.subspan(done.written));
    done.read += run;
    done.written += run;
    // Where one character is not ASCII, others near it tend not to be.
    size_t near = std::min(text.size(), done.read + kBlock);
    while (done.read < near) {
      CodePoint c = Next(text, done.read);
      size_t length = PutUtf8(c.value, out.subspan(done.written));
      if (length == 0) return done;
      done.read += c.length;
      done.written += length;
    }
  }
  return done;
}

// What may follow a first byte: how many bytes, and the range of the first of them.
struct Follow {
  uint8_t count;
  uint8_t low;
  uint8_t high;
};
Follow FollowOf(uint8_t first) {
  if (first < 0xC2 || first > 0xF4) return {0, 0, 0};
  if (first < 0xE0) return {1, 0x80, 0xBF};
  if (first < 0xF0)
    return {2, static_cast<uint8_t>(first == 0xE0 ? 0xA0 : 0x80),
            static_cast<uint8_t>(first == 0xED ? 0x9F : 0xBF)};
  return {3, static_cast<uint8_t>(first == 0xF0 ? 0x90 : 0x80),
          static_cast<uint8_t>(first == 0xF4 ? 0x8F : 0xBF)};
}

struct Decoded {
  uint32_t value;
  size_t length;
  bool valid;
  bool complete;  // false: the bytes ended inside a character that was valid so far
};

bool Follows(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

// Reads the character at bytes[i], or the maximal part of one that is not valid.
Decoded NextUtf8Slow(Bytes bytes, size_t i) {
  uint8_t first = bytes[i];
  Follow follow = FollowOf(first);
  if (follow.count == 0) return {0xFFFD, 1, false, true};
  uint32_t value = first & (0x3Fu >> follow.count);
  for (size_t n = 1; n <= follow.count; ++n) {
    if (i + n == bytes.size()) return {0xFFFD, n, false, false};
    uint8_t byte = bytes[i + n];
    if (byte < follow.low || byte > follow.high) return {0xFFFD, n, false, true};
    value = value << 6 | (byte & 0x3F);
    follow.low = 0x80;
    follow.high = 0xBF;
  }
  return {value, follow.count + size_t{1}, true, true};
}

// The same, with the usual cases first.
inline Decoded NextUtf8(Bytes bytes, size_t i) {
  uint32_t first = bytes[i];
  if (first < 0x80) return {first, 1, true, true};
  if (i + 2 < bytes.size() && Follows(bytes[i + 1])) {
    uint32_t two = (first & 0x1F) << 6 | (bytes[i + 1] & 0x3Fu);
    if (first >= 0xC2 && first < 0xE0) return {two, 2, true, true};
    if ((first & 0xF0) == 0xE0 && Follows(bytes[i + 2])) {
      uint32_t three = ((two & 0x3FF) << 6) | (bytes[i + 2] & 0x3Fu);
      if (three >= 0x800 && (three & 0xF800) != 0xD800) return {three, 3, true, true};
    }
  }
  return NextUtf8Slow(bytes, i);
}

template <class Char>
void FromUtf8(Bytes bytes, Char* out) {
  size_t i = 0;
  while (i < bytes.size()) {
    size_t run = AsciiPrefix(bytes.subspan(i));
    std::copy_n(bytes.data() + i, run, out);
    i += run;
    out += run;
    size_t near = std::min(bytes.size(), i + kBlock);
    while (i < near) {
      Decoded c = NextUtf8(bytes, i);
      i += c.length;
      if (c.value >= 0x10000) {
        *out++ = static_cast<Char>(0xD7C0 + (c.value >> 10));
        *out++ = static_cast<Char>(0xDC00 | (c.value & 0x3FF));
      } else {
        *out++ = static_cast<Char>(c.value);
      }
    }
  }
}

constexpr uint8_t kNone = 0xFF;

constexpr std::array<uint8_t, 256> kHexDigits = [] {
  std::array<uint8_t, 256> table{};
  table.fill(kNone);
  for (uint8_t i = 0; i < 10; ++i) table[static_cast<size_t>('0' + i)] = i;
  for (uint8_t i = 0; i < 6; ++i) {
    table[static_cast<size_t>('a' + i)] = static_cast<uint8_t>(10 + i);
    table[static_cast<size_t>('A' + i)] = static_cast<uint8_t>(10 + i);
  }
  return table;
}();

constexpr std::array<uint8_t, 256> kBase64Digits = [] {
  std::array<uint8_t, 256> table{};
  table.fill(kNone);
  for (uint8_t i = 0; i < 26; ++i) {
    table[static_cast<size_t>('A' + i)] = i;
    table[static_cast<size_t>('a' + i)] = static_cast<uint8_t>(26 + i);
  }
  for (uint8_t i = 0; i < 10; ++i)
    table[static_cast<size_t>('0' + i)] = static_cast<uint8_t>(52 + i);
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}();

template <class Char>
uint8_t Digit(const std::array<uint8_t, 256>& table, Char c) {
  if constexpr (sizeof(Char) > 1)
    if (c > 0xFF) return kNone;
  return table[static_cast<uint8_t>(c)];
}

template <class Char>
Encoded FromHex(std::span<const Char> text, std::span<uint8_t> out) {
  Encoded done;
  size_t pairs = std::min(text.size() / 2, out.size());
  for (; done.written < pairs; ++done.written, done.read += 2) {
    uint8_t high = Digit(kHexDigits, text[done.read]);
    uint8_t low = Digit(kHexDigits, text[done.read + 1]);
    if ((high | low) > 15) break;
    out[done.written] = static_cast<uint8_t>(high << 4 | low);
  }
  return done;
}

template <class Char>
Encoded FromBase64(std::span<const Char> text, std::span<uint8_t> out) {
  Encoded done;
  uint32_t bits = 0;
  int count = 0;  // of the bits that wait for a byte
  while (done.read < text.size() && done.written < out.size()) {
    while (count == 0 && done.read + 4 <= text.size() && done.written + 3 <= out.size()) {
      const Char* four = text.data() + done.read;
      uint32_t a = Digit(kBase64Digits, four[0]), b = Digit(kBase64Digits, four[1]);
      uint32_t c = Digit(kBase64Digits, four[2]), d = Digit(kBase64Digits, four[3]);
      if ((a | b | c | d) > 63) break;
      uint32_t group = a << 18 | b << 12 | c << 6 | d;
      out[done.written] = static_cast<uint8_t>(group >> 16);
      out[done.written + 1] = static_cast<uint8_t>(group >> 8);
      out[done.written + 2] = static_cast<uint8_t>(group);
      done.read += 4;
      done.written += 3;
    }
    if (done.read == text.size()) break;
    Char c = text[done.read];
    if (c == '=') break;
    ++done.read;
    uint8_t digit = Digit(kBase64Digits, c);
    if (digit == kNone) continue;
    bits = bits << 6 | digit;
    count += 6;
    if (count < 8) continue;
    if (done.written == out.size()) break;
    count -= 8;
    out[done.written++] = static_cast<uint8_t>(bits >> count);
    bits &= (1u << count) - 1;
  }
  return done;
}

template <class Char>
Encoded ToLatin1(std::span<const Char> text, std::span<uint8_t> out) {
  size_t count = std::min(text.size(), out.size());
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(text[i]);
  return {count, count};
}

}  // namespace

size_t Utf8Length(Latin1 text) {
  size_t length = text.size();
  for (uint8_t c : text) length += c >> 7;
  return length;
}

size_t Utf8Length(Utf16 text) {
  size_t length = text.size();
  for (char16_t c : text) length += (c >= 0x80) + (c >= 0x800);
  // A pair was counted as two times three bytes and takes four.
  for (size_t i = 1; i < text.size(); ++i)
    length -= IsLead(text[i - 1]) && IsTrail(text[i]) ? 2u : 0u;
  return length;
}

Encoded EncodeUtf8(Latin1 text, std::span<uint8_t> out) {
  return ToUtf8(text, out);
}
Encoded EncodeUtf8(Utf16 text, std::span<uint8_t> out) {
  return ToUtf8(text, out);
}

Utf8Text ScanUtf8(Bytes bytes) {
  Utf8Text text;
  size_t i = 0;
  while (i < bytes.size()) {
    size_t run = AsciiPrefix(bytes.subspan(i));
    i += run;
    text.units += run;
    size_t near = std::min(bytes.size(), i + kBlock);
    text.ascii = text.ascii && i == near;
    while (i < near) {
      Decoded c = NextUtf8(bytes, i);
      i += c.length;
      text.units += c.value >= 0x10000 ? 2 : 1;
      text.latin1 = text.latin1 && c.value < 0x100;
      text.valid = text.valid && c.valid;
    }
  }
  return text;
}

void DecodeUtf8(Bytes bytes, uint8_t* out) {
  FromUtf8(bytes, out);
}
void DecodeUtf8(Bytes bytes, char16_t* out) {
  FromUtf8(bytes, out);
}

size_t Utf8Incomplete(Bytes bytes) {
  for (size_t back = 1; back <= std::min<size_t>(3, bytes.size()); ++back) {
    size_t start = bytes.size() - back;
    if ((bytes[start] & 0xC0) == 0x80) continue;
    Decoded c = NextUtf8(bytes, start);
    return !c.complete && c.length == back ? back : 0;
  }
  return 0;
}

bool IsAscii(Bytes bytes) {
  return AsciiPrefix(bytes) == bytes.size();
}

Encoded EncodeLatin1(Latin1 text, std::span<uint8_t> out) {
  return ToLatin1(text, out);
}
Encoded EncodeLatin1(Utf16 text, std::span<uint8_t> out) {
  return ToLatin1(text, out);
}

Encoded EncodeUtf16(Latin1 text, std::span<uint8_t> out) {
  size_t count = std::min(text.size(), out.size() / 2);
  for (size_t i = 0; i < count; ++i) {
    out[2 * i] = text[i];
    out[2 * i + 1] = 0;
  }
  return {count, 2 * count};
}

Encoded EncodeUtf16(Utf16 text, std::span<uint8_t> out) {
  size_t count = std::min(text.size(), out.size() / 2);
  if (count > 0) std::memcpy(out.data(), text.data(), 2 * count);
  return {count, 2 * count};
}

Encoded DecodeHex(Latin1 text, std::span<uint8_t> out) {
  return FromHex(text, out);
}
Encoded DecodeHex(Utf16 text, std::span<uint8_t> out) {
  return FromHex(text, out);
}
Encoded DecodeBase64(Latin1 text, std::span<uint8_t> out) {
  return FromBase64(text, out);
}
Encoded DecodeBase64(Utf16 text, std::span<uint8_t> out) {
  return FromBase64(text, out);
}

}  // namespace sluice::js
