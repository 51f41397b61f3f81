// Internal. Strings of the engine by their characters: reading one without a copy, making one in
// place. All of it is for the thread of the engine.
#pragma once

#include <memory>
#include <span>

#include "engine/value.h"

namespace sluice::js {

// The most characters that a string made here may have: 512 MiB, as in Node, so that no length in
// bytes comes near an overflow.
inline constexpr size_t kMaxStringLength = 0x1fffffe8;

// LearnStrings finds out how the engine keeps strings, and turns the path off if that is not as
// expected: strings are read and made by the public API then. Once, before any is.
void LearnStrings(JSContextRef context);

// Characters are the code units of a string value: Latin-1 where the engine holds the string so,
// UTF-16 otherwise. The call keeps the string.
class Characters {
 public:
  // value must be a primitive string.
  Characters(Call& call, size_t argument);

  size_t size() const { return latin1_.data() != nullptr ? latin1_.size() : utf16_.size(); }
  // Visit calls function with std::span<const uint8_t> or std::span<const char16_t>.
  template <class Function>
  auto Visit(Function function) const {
    return latin1_.data() != nullptr ? function(latin1_) : function(utf16_);
  }

 private:
  void Read(const spi::StringImpl* impl, uint32_t latin1_flag);

  String string_;  // the API's copy, where there is need of one
  std::span<const uint8_t> latin1_;
  std::span<const char16_t> utf16_;
};

// CopyOf returns a block of the same characters, of which there is at least one. kStrings must be
// on.
spi::StringHandle CopyOf(const Characters& text);

// StringMaker makes a string of a known length. Char is uint8_t (Latin-1) or char16_t.
template <class Char>
class StringMaker {
 public:
  // length is at most kMaxStringLength.
  explicit StringMaker(size_t length);
  ~StringMaker();
  StringMaker(const StringMaker&) = delete;
  StringMaker& operator=(const StringMaker&) = delete;

  // The caller fills data, all of it.
  Char* data() { return data_.data(); }
  // Finish returns the string; once.
  JSValueRef Finish(JSContextRef context);

 private:
  spi::StringHandle block_;
  std::unique_ptr<Char[]> own_;  // where the engine's blocks are not as known
  std::span<Char> data_;
};

}  // namespace sluice::js
