#include "js/text.h"

#include <bit>
#include <cstring>

namespace sluice::js {
namespace {

// Where the engine keeps a string's characters. The public API can only copy them to UTF-16, so
// this is found out by making strings with known contents; if anything is not as expected, the
// public API is used instead.
struct Layout {
  bool known = false;
  uint32_t latin1_flag = 0;
};

// A StringImpl's fields; packed, as characters follow the last one at once and may be fewer than
// the padding would be.
struct [[gnu::packed]] Block {
  uint32_t references;
  uint32_t length;
  const void* data;
  uint32_t flags;
};
static_assert(sizeof(Block) == 20);

// An OpaqueJSString's first fields.
struct Opaque {
  uint32_t references;
  uint32_t padding;
  const spi::StringImpl* block;
};

template <class T>
T Peek(const void* address) {
  T fields;
  std::memcpy(&fields, address, sizeof fields);
  return fields;
}

// Owns the block that it is given.
bool Matches(spi::StringHandle handle, const void* data, size_t length, uint32_t& flags) {
  const spi::StringImpl* block = handle.impl;
  String opaque(spi::MakeOpaque(std::move(handle)).string);
  if (handle.impl != nullptr || opaque.get() == nullptr) return false;
  if (Peek<Opaque>(opaque.get()).block != block) return false;
  Block fields = Peek<Block>(block);
  flags = fields.flags;
  return fields.length == length && fields.data == data &&
         JSStringGetLength(opaque.get()) == length;
}

Layout FindLayout() {
  std::span<uint8_t> latin1;
  spi::StringHandle narrow = spi::NewLatin1(21, latin1);
  if (narrow.impl == nullptr || latin1.size() != 21) return {};
  std::memset(latin1.data(), 'n', 21);
  std::span<char16_t> utf16;
  spi::StringHandle wide = spi::NewUtf16(23, utf16);
  if (wide.impl == nullptr || utf16.size() != 23) return {};
  std::fill(utf16.begin(), utf16.end(), u'\u2192');
  uint32_t narrow_flags = 0;
  uint32_t wide_flags = 0;
  bool narrow_ok = Matches(std::move(narrow), latin1.data(), 21, narrow_flags);
  bool wide_ok = Matches(std::move(wide), utf16.data(), 23, wide_flags);
  uint32_t difference = narrow_flags ^ wide_flags;
  bool one_bit = std::has_single_bit(difference) && (narrow_flags & difference) != 0;
  if (!narrow_ok || !wide_ok || !one_bit) return {};
  return {true, difference};
}

const Layout& KnownLayout() {
  static const Layout layout = FindLayout();
  return layout;
}

const char16_t* AsUtf16(const JSChar* text) {
  return reinterpret_cast<const char16_t*>(text);
}
static_assert(sizeof(JSChar) == sizeof(char16_t));

}  // namespace

Characters::Characters(Call& call, size_t argument)
    : string_(JSValueToStringCopy(call.context(), call[argument], call.exception())) {
  if (string_.get() == nullptr) return;
  const Layout& layout = KnownLayout();
  if (!layout.known) {
    utf16_ = {AsUtf16(JSStringGetCharactersPtr(string_.get())), JSStringGetLength(string_.get())};
    return;
  }
  const spi::StringImpl* impl = Peek<Opaque>(string_.get()).block;
  if (impl == nullptr) return;
  Block block = Peek<Block>(impl);
  if ((block.flags & layout.latin1_flag) != 0)
    latin1_ = {static_cast<const uint8_t*>(block.data), block.length};
  else
    utf16_ = {static_cast<const char16_t*>(block.data), block.length};
}

template <class Char>
StringMaker<Char>::StringMaker(size_t length) {
  if (length == 0) return;
  if (!KnownLayout().known) {
    own_ = std::make_unique<Char[]>(length);
    data_ = {own_.get(), length};
    return;
  }
  if constexpr (sizeof(Char) == 1)
    block_ = spi::NewLatin1(length, data_);
  else
    block_ = spi::NewUtf16(length, data_);
}

template <class Char>
StringMaker<Char>::~StringMaker() {
  if (block_.impl != nullptr) JSStringRelease(spi::MakeOpaque(std::move(block_)).string);
}

template <class Char>
JSValueRef StringMaker<Char>::Finish(JSContextRef context) {
  if (own_ != nullptr) {
    std::u16string wide(data_.begin(), data_.end());
    return JSValueMakeString(
        context, String(JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(wide.data()),
                                                     wide.size()))
                     .get());
  }
  if (block_.impl == nullptr) return JSValueMakeString(context, String("").get());
  return JSValueMakeString(context, String(spi::MakeOpaque(std::move(block_)).string).get());
}

template class StringMaker<uint8_t>;
template class StringMaker<char16_t>;

}  // namespace sluice::js
