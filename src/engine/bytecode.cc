#include "engine/bytecode.h"

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "engine/bytecode_format.h"
#include "engine/engine.h"
#include "engine/jsc_spi.h"
#include "engine/text.h"

// The data, from the object file that the build links in last; absent while it is made.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern const char sluice_bytecode[];
[[gnu::weak, gnu::visibility("hidden")]] extern const char sluice_bytecode_end[];
}

namespace sluice::js {

// A script of the engine's: a table of virtual functions, a count, …
struct bytecode::Script {
  const uintptr_t* functions;
};

namespace {

using bytecode::Block;
using bytecode::Entry;
using bytecode::Header;
using bytecode::Image;
using bytecode::Script;
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

constexpr size_t kBeforeFunctions = 2;  // words of a table before its first function
constexpr size_t kCachedBytecode = 4;   // which function returns the bytecode of a script
constexpr size_t kMostFunctions = 22;

constexpr uint32_t kNotHash = 0xff;

// Of the script that runs now, one reference to the engine's object for its bytecode; null once it
// was taken.
thread_local Image* offered = nullptr;

// Takes the place of a script's cachedBytecode(): the engine gets a counted pointer, by memory.
Image** CachedBytecode(Image** result, const Script*) {
  *result = std::exchange(offered, nullptr);
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

Block*& BlockOf(Script* script) {
  return reinterpret_cast<Block**>(script)[HeaderOf(current).source_word];
}

// A script is made of a text that is parsed at once; then it gets the text it stands for.
Script* MakeScript(JSContextGroupRef group, JSStringRef url, spi::StringHandle text) {
  auto* script =
      static_cast<Script*>(spi::table.make_script(group, url, 1, "0", 1, nullptr, nullptr));
  auto* block = reinterpret_cast<Block*>(text.impl);
  text.impl = reinterpret_cast<spi::StringImpl*>(std::exchange(BlockOf(script), block));
  JSStringRelease(spi::table.make_opaque(std::move(text)).string);
  return script;
}

// SetHash tells the hash of a script's text, which the engine need not look at for it then.
void SetHash(Script* script, uint32_t hash) {
  Block* block = BlockOf(script);
  block->hash |= hash & ~kNotHash;
  // Bytecode names the text that it was made of. The engine makes an atom of that, and keeps it as
  // long as there are functions that were not called yet; so it is this one and no copy.
  if (spi::table.make_atom == nullptr) return;
  spi::StringHandle atom = spi::table.make_atom(*reinterpret_cast<spi::StringImpl*>(block));
  JSStringRelease(spi::table.make_opaque(std::move(atom)).string);
}

// Offer has a script that runs next ask for bytecode: image is one reference to it.
void Offer(Script* script, Image* image) {
  script->functions = Functions(script);
  offered = image;
}

// WasTaken returns whether the engine took what it was offered.
bool WasTaken() {
  return std::exchange(offered, nullptr) == nullptr;
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
  Script* script = MakeScript(JSContextGetGroup(context), url,
                              spi::table.immortal_latin1(TextOf(BuiltinSources()[index])));
  SetHash(script, entry.hash);
  Offer(script, Keep({current.data() + entry.offset, entry.size}));
  JSValueRef result = spi::table.run_script(context, script, self, exception);
  if (WasTaken()) ++taken_;
  spi::table.release_script(script);
  return result;
}

bytecode::Image* Bytecode::Keep(std::string_view bytes) {
  images_.push_back(std::make_unique<Image>());
  Image& image = *images_.back();
  image.size = image.length = bytes.size();
  image.bytes = bytes.data();
  ++image.references;
  return &image;
}

bool ProgramScript::Possible() {
  return spi::On(spi::Fast::kBytecode) && spi::On(spi::Fast::kStrings) &&
         spi::table.compile_script != nullptr;
}

uint32_t ProgramScript::Version() {
  return spi::On(spi::Fast::kBytecode) ? spi::table.bytecode_version() : 0;
}

ProgramScript::ProgramScript(JSContextRef context, Bytecode& bytecode, const Characters& text,
                             JSStringRef url)
    : context_(context),
      bytecode_(bytecode),
      length_(static_cast<int>(text.size())),
      script_(MakeScript(JSContextGetGroup(context), url, CopyOf(text))) {}

ProgramScript::~ProgramScript() {
  spi::table.release_script(script_);
}

std::optional<ProgramScript::Made> ProgramScript::Compile() {
  image_ = bytecode::Compile(JSContextGetGroup(context_), script_, length_);
  if (image_ == nullptr) return std::nullopt;
  return Made{{static_cast<const char*>(image_->bytes), image_->size}, BlockOf(script_)->hash};
}

void ProgramScript::Take(const Made& made) {
  image_ = bytecode_.Keep(made.bytes);
  SetHash(script_, made.hash);
}

JSValueRef ProgramScript::Run(JSValueRef* exception) {
  if (image_ != nullptr) Offer(script_, image_);
  JSValueRef result = spi::table.run_script(context_, script_, nullptr, exception);
  WasTaken();
  return result;
}

bytecode::Image* bytecode::Compile(JSContextGroupRef group, void* script, int length) {
  // Both are of the engine's: a file that is not open, and no error. Larger than they are.
  alignas(16) unsigned char file[256] = {0xff, 0xff, 0xff, 0xff};
  alignas(16) unsigned char error[512] = {};
  Source whole{script, 0, length};
  Image* image = nullptr;
  spi::table.compile_script(&image, group, &whole, file, error);
  bool as_expected = image != nullptr && image->references == 1 && image->size != 0 &&
                     image->size == image->length && image->bytes != nullptr;
  return as_expected ? image : nullptr;
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
