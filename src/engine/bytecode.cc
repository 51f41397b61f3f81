#include "engine/bytecode.h"

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "engine/bytecode_format.h"
#include "engine/engine.h"
#include "engine/jsc_spi.h"

// The data, from the object file that the build links in last; absent while it is made.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern const char sluice_bytecode[];
[[gnu::weak, gnu::visibility("hidden")]] extern const char sluice_bytecode_end[];
}

namespace sluice::js {
namespace {

using bytecode::Block;
using bytecode::Entry;
using bytecode::Header;
using bytecode::Image;
using Word = uintptr_t;

std::string_view Data() {
  if (&sluice_bytecode == nullptr) return {};
  return {sluice_bytecode, static_cast<size_t>(sluice_bytecode_end - sluice_bytecode)};
}

std::string_view current;  // Data(), or what the build tries

const Header& HeaderOf(std::string_view data) {
  return *reinterpret_cast<const Header*>(data.data());
}
const Entry& EntryOf(std::string_view data, size_t index) {
  return reinterpret_cast<const Entry*>(data.data() + sizeof(Header))[index];
}

// A script of the engine's: its table of virtual functions, its count, …
struct Script {
  const Word* functions;
};
constexpr size_t kBeforeFunctions = 2;  // words of a table before its first function
constexpr size_t kCachedBytecode = 4;   // which function returns the bytecode of a script
constexpr size_t kMostFunctions = 22;

constexpr uint32_t kNotHash = 0xff;

// Of the script that runs now, the engine's object for its bytecode; null once it was taken.
thread_local void* offered = nullptr;

// Takes the place of a script's cachedBytecode(): the engine gets a counted pointer, by memory.
void** CachedBytecode(void** result, const Script*) {
  *result = std::exchange(offered, nullptr);
  if (*result != nullptr) ++*static_cast<uint32_t*>(*result);
  return result;
}

// Scripts with bytecode have this table: a copy of the engine's, but for that function.
const Word* Functions(const Script* script) {
  static const auto table = [script] {
    std::array<Word, kBeforeFunctions + kMostFunctions> copy;
    std::memcpy(copy.data(), script->functions - kBeforeFunctions, sizeof copy);
    copy[kBeforeFunctions + kCachedBytecode] = reinterpret_cast<Word>(CachedBytecode);
    return copy;
  }();
  return table.data() + kBeforeFunctions;
}

std::span<const uint8_t> TextOf(const BuiltinSource& source) {
  return {reinterpret_cast<const uint8_t*>(source.begin),
          static_cast<size_t>(source.end - source.begin)};
}

}  // namespace

Bytecode::Bytecode() = default;

Bytecode::~Bytecode() {
  for (auto& image : images_) {
    auto** words = reinterpret_cast<bytecode::TableHead**>(image.get());
    bytecode::TableHead* leaves = words[HeaderOf(current).leaves_word];
    if (leaves != nullptr) spi::table.free(leaves - 1);
  }
}

bool Bytecode::Has(size_t index) const {
  return spi::On(spi::Fast::kBytecode) && EntryOf(current, index).size != 0;
}

JSValueRef Bytecode::Run(JSContextRef context, size_t index, JSStringRef url, JSObjectRef self,
                         JSValueRef* exception) {
  const Entry& entry = EntryOf(current, index);
  // A script is made of a text that is parsed at once; then it gets the text it stands for.
  auto* script = static_cast<Script*>(
      spi::table.make_script(JSContextGetGroup(context), url, 1, "0", 1, nullptr, nullptr));
  spi::StringHandle text = spi::table.immortal_latin1(TextOf(BuiltinSources()[index]));
  reinterpret_cast<Block*>(text.impl)->hash |= entry.hash & ~kNotHash;
  auto& block = reinterpret_cast<spi::StringImpl**>(script)[HeaderOf(current).source_word];
  std::swap(text.impl, block);
  JSStringRelease(spi::table.make_opaque(std::move(text)).string);
  script->functions = Functions(script);

  images_.push_back(std::make_unique<Image>());
  Image& image = *images_.back();
  image.size = image.length = entry.size;
  image.bytes = current.data() + entry.offset;
  offered = &image;
  JSValueRef result = spi::table.run_script(context, script, self, exception);
  if (offered != &image) ++taken_;
  offered = nullptr;
  spi::table.release_script(script);
  return result;
}

void UseBytecode(std::string_view data) {
  current = data;
}

void CheckBytecode() {
  if (current.empty()) current = Data();
  if (!spi::On(spi::Fast::kBytecode)) return;
  if (current.size() < sizeof(Header)) {
    spi::TurnOff(spi::Fast::kBytecode);
    return;
  }
  const Header& header = HeaderOf(current);
  if (std::string_view(header.magic, sizeof header.magic) != bytecode::kMagic ||
      std::string_view(header.digest, sizeof header.digest) != BuiltinDigest() ||
      header.engine_version != spi::table.bytecode_version() ||
      header.count != BuiltinSources().size())
    spi::TurnOff(spi::Fast::kBytecode);
}

}  // namespace sluice::js
