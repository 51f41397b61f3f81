#include "engine/text.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace sluice::js {
namespace {

// Where the engine keeps a string's characters. The public API can only copy them to UTF-16, so
// this is found out by making strings with known contents; if anything is not as expected, the
// public API is used instead.
struct Layout {
  uint32_t latin1_flag = 0;
  uint8_t string_type = 0;
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
constexpr uint32_t kReference = 2;  // what counts one

// A string value is a pointer to this.
struct StringCell : spi::Cell {
  uintptr_t block;
};
static_assert(sizeof(StringCell) == 16);
constexpr uintptr_t kRope = 1;  // a bit of block: the string is still in parts

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
  String opaque(spi::table.make_opaque(std::move(handle)).string);
  if (handle.impl != nullptr || opaque.get() == nullptr) return false;
  if (Peek<Opaque>(opaque.get()).block != block) return false;
  Block fields = Peek<Block>(block);
  flags = fields.flags;
  return fields.length == length && fields.data == data &&
         JSStringGetLength(opaque.get()) == length;
}

bool FindBlocks(Layout& layout) {
  std::span<uint8_t> latin1;
  spi::StringHandle narrow = spi::table.new_latin1(21, latin1);
  if (narrow.impl == nullptr || latin1.size() != 21) return false;
  std::memset(latin1.data(), 'n', 21);
  std::span<char16_t> utf16;
  spi::StringHandle wide = spi::table.new_utf16(23, utf16);
  if (wide.impl == nullptr || utf16.size() != 23) return false;
  std::fill(utf16.begin(), utf16.end(), u'\u2192');
  uint32_t narrow_flags = 0;
  uint32_t wide_flags = 0;
  bool narrow_ok = Matches(std::move(narrow), latin1.data(), 21, narrow_flags);
  bool wide_ok = Matches(std::move(wide), utf16.data(), 23, wide_flags);
  uint32_t difference = narrow_flags ^ wide_flags;
  bool one_bit = std::has_single_bit(difference) && (narrow_flags & difference) != 0;
  if (!narrow_ok || !wide_ok || !one_bit) return false;
  layout.latin1_flag = difference;
  return true;
}

// GiveUp ends the one count of a block that nobody else has, and that something counts next.
void GiveUp(spi::StringImpl* block) {
  reinterpret_cast<Block*>(block)->references -= kReference;
}

const StringCell* CellOf(JSValueRef value) {
  return static_cast<const StringCell*>(spi::CellOf(value));
}

// Values of which only the first two are strings, one in one piece and one in two.
constexpr const char* kSamples = R"((() => {
  const parts = (text) => text.repeat(30) + text;
  return ['n'.repeat(30), parts('n'), Symbol('n'), 12345678901234567890n, {}, [], () => {}];
})())";

bool CellsAreAsExpected(JSContextRef context, Layout& layout) {
  JSValueRef failure = nullptr;
  JSValueRef samples =
      JSEvaluateScript(context, String(kSamples).get(), nullptr, nullptr, 1, &failure);
  auto values = Elements(context, samples, &failure);
  if (failure != nullptr) return false;
  std::vector<const StringCell*> cells;
  for (JSValueRef value : values) cells.push_back(CellOf(value));
  if (std::count(cells.begin(), cells.end(), nullptr) > 0) return false;
  layout.string_type = cells[0]->type;
  auto are_strings = std::count_if(cells.begin(), cells.end(), [&](const StringCell* cell) {
    return cell->type == layout.string_type;
  });
  if (are_strings != 2 || cells[1]->type != layout.string_type) return false;
  if ((cells[0]->block & kRope) != 0 || (cells[1]->block & kRope) == 0) return false;
  size_t lengths[] = {30, 31};
  for (int i : {0, 1}) {  // the API's copy of the value makes one piece of it
    String copy(JSValueToStringCopy(context, values[i], nullptr));
    if ((cells[i]->block & kRope) != 0) return false;
    auto block = Peek<Block>(reinterpret_cast<const void*>(cells[i]->block));
    std::string expected(lengths[i], 'n');
    if (block.length != expected.size() || (block.flags & layout.latin1_flag) == 0 ||
        std::memcmp(block.data, expected.data(), expected.size()) != 0)
      return false;
  }
  return true;
}

// Whether the engine makes a string of a block as StringMaker expects.
bool BlocksBecomeStrings(JSContextRef context) {
  std::span<uint8_t> data;
  spi::StringHandle handle = spi::table.new_latin1(25, data);
  std::memset(data.data(), 'n', data.size());
  spi::StringImpl* block = std::exchange(handle.impl, nullptr);
  auto counts = [&](uint32_t count) { return Peek<Block>(block).references == count * kReference; };
  if (!counts(1)) return false;
  GiveUp(block);
  JSValueRef value = spi::table.make_string(JSContextGetGroup(context), block);
  const StringCell* cell = CellOf(value);
  return cell != nullptr && cell->block == reinterpret_cast<uintptr_t>(block) && counts(1);
}

Layout learned;

bool Fast() {
  return spi::On(spi::Fast::kStrings);
}

}  // namespace

void LearnStrings(JSContextRef context) {
  if (!Fast()) return;
  Layout layout;
  bool as_expected =
      FindBlocks(layout) && BlocksBecomeStrings(context) && CellsAreAsExpected(context, layout);
  if (as_expected)
    learned = layout;
  else
    spi::TurnOff(spi::Fast::kStrings);
}

Characters::Characters(Call& call, size_t argument) {
  if (Fast()) {
    const StringCell* cell = CellOf(call[argument]);
    if (cell != nullptr && cell->type == learned.string_type && (cell->block & kRope) == 0) {
      Read(reinterpret_cast<const spi::StringImpl*>(cell->block), learned.latin1_flag);
      return;
    }
  }
  string_ = String(JSValueToStringCopy(call.context(), call[argument], call.exception()));
  if (string_.get() == nullptr) return;
  if (!Fast()) {
    utf16_ = string_.utf16();
    return;
  }
  Read(Peek<Opaque>(string_.get()).block, learned.latin1_flag);
}

void Characters::Read(const spi::StringImpl* impl, uint32_t latin1_flag) {
  if (impl == nullptr) return;
  Block block = Peek<Block>(impl);
  if ((block.flags & latin1_flag) != 0)
    latin1_ = {static_cast<const uint8_t*>(block.data), block.length};
  else
    utf16_ = {static_cast<const char16_t*>(block.data), block.length};
}

spi::StringHandle CopyOf(const Characters& text) {
  return text.Visit([]<class Char>(std::span<const Char> characters) {
    std::span<Char> data;
    spi::StringHandle block;
    if constexpr (sizeof(Char) == 1)
      block = spi::table.new_latin1(characters.size(), data);
    else
      block = spi::table.new_utf16(characters.size(), data);
    std::copy(characters.begin(), characters.end(), data.begin());
    return block;
  });
}

template <class Char>
StringMaker<Char>::StringMaker(size_t length) {
  if (length == 0) return;
  if (!Fast()) {
    own_ = std::make_unique<Char[]>(length);
    data_ = {own_.get(), length};
    return;
  }
  if constexpr (sizeof(Char) == 1)
    block_ = spi::table.new_latin1(length, data_);
  else
    block_ = spi::table.new_utf16(length, data_);
}

template <class Char>
StringMaker<Char>::~StringMaker() {
  if (block_.impl != nullptr) JSStringRelease(spi::table.make_opaque(std::move(block_)).string);
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
  if (data_.size() > 1) {  // of one character there is one string
    spi::StringImpl* block = std::exchange(block_.impl, nullptr);
    GiveUp(block);
    return spi::table.make_string(JSContextGetGroup(context), block);
  }
  return JSValueMakeString(context, String(spi::table.make_opaque(std::move(block_)).string).get());
}

template class StringMaker<uint8_t>;
template class StringMaker<char16_t>;

}  // namespace sluice::js
