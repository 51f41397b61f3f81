// Internal. Text encodings between code units and bytes; knows nothing of the engine. All
// functions accept any input and any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::js {

using Bytes = std::span<const uint8_t>;
using Latin1 = std::span<const uint8_t>;
using Utf16 = std::span<const char16_t>;

// Encoded is what an encoder did: it reads whole characters only, as many as fit.
struct Encoded {
  size_t read = 0;     // code units
  size_t written = 0;  // bytes
};

// UTF-8. A lone surrogate is written as U+FFFD.
size_t Utf8Length(Latin1 text);
size_t Utf8Length(Utf16 text);
Encoded EncodeUtf8(Latin1 text, std::span<uint8_t> out);
Encoded EncodeUtf8(Utf16 text, std::span<uint8_t> out);

// Utf8Text is what bytes hold when read as the WHATWG's UTF-8 decoder does: each maximal part of a
// character that is not valid becomes one U+FFFD.
struct Utf8Text {
  size_t units = 0;    // UTF-16 code units
  bool ascii = true;   // every byte is below 0x80
  bool latin1 = true;  // every character is below U+0100
  bool valid = true;
};
Utf8Text ScanUtf8(Bytes bytes);
// Writes ScanUtf8(bytes).units units. To Latin-1 only if ScanUtf8(bytes).latin1.
void DecodeUtf8(Bytes bytes, uint8_t* out);
void DecodeUtf8(Bytes bytes, char16_t* out);
// How many of the last bytes (0 to 3) begin a character that further bytes could complete.
size_t Utf8Incomplete(Bytes bytes);
bool IsAscii(Bytes bytes);

// The low byte of each unit.
Encoded EncodeLatin1(Latin1 text, std::span<uint8_t> out);
Encoded EncodeLatin1(Utf16 text, std::span<uint8_t> out);

// UTF-16, little end first.
Encoded EncodeUtf16(Latin1 text, std::span<uint8_t> out);
Encoded EncodeUtf16(Utf16 text, std::span<uint8_t> out);

// Two hexadecimal digits a byte; ends at the first pair that is none.
Encoded DecodeHex(Latin1 text, std::span<uint8_t> out);
Encoded DecodeHex(Utf16 text, std::span<uint8_t> out);

// Base64 in either alphabet; other characters are skipped, the first '=' ends the text, and the
// last character may lack its padding. out need not hold all of it.
Encoded DecodeBase64(Latin1 text, std::span<uint8_t> out);
Encoded DecodeBase64(Utf16 text, std::span<uint8_t> out);

}  // namespace sluice::js
