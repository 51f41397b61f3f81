#include "bind/module/kept.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "engine/bytecode.h"
#include "engine/engine.h"
#include "engine/version.h"

namespace sluice::js {
namespace {

constexpr std::string_view kMagic = "sluice kept 1\n";
constexpr size_t kAlignment = 16;

// A file begins with this; then what was made, the text, and the maker with the path, each at a
// multiple of kAlignment.
struct Head {
  std::array<char, 16> magic;
  uint64_t check;  // of all that follows it
  uint64_t made;   // sizes in bytes
  uint64_t text;
  uint32_t maker;
  uint32_t wide;  // whether the text has two bytes a character
  uint32_t note;
  uint32_t unused[3];
};
static_assert(sizeof(Head) % kAlignment == 0);
constexpr size_t kChecked = offsetof(Head, made);  // where what is checked begins

// For damage and for names: what is found is compared in full.
uint64_t HashOf(std::string_view bytes) {
  return std::hash<std::string_view>()(bytes);
}

size_t Aligned(size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

std::string_view BytesOf(const Characters& text) {
  return text.Visit([](auto characters) {
    return std::string_view(reinterpret_cast<const char*>(characters.data()),
                            characters.size_bytes());
  });
}

bool IsWide(const Characters& text) {
  return text.Visit([](auto characters) { return sizeof(characters[0]) > 1; });
}

// What decides what is made of a text: these built-in modules, this build of the engine, its
// options.
const std::string& Tools() {
  static const std::string tools = [] {
    std::vector<std::string> options;
    for (char** one = environ; *one != nullptr; ++one)
      if (std::strncmp(*one, "JSC_", 4) == 0) options.emplace_back(*one);
    std::ranges::sort(options);
    std::string text(BuiltinDigest());
    text += ' ' + GetVersions().jsc + ' ' + std::to_string(ProgramScript::Version());
    for (const std::string& option : options) text += ' ' + option;
    return text;
  }();
  return tools;
}

std::string MakerOf(const KeptKey& key) {
  std::string maker(key.kind);
  maker += ' ';
  maker += Tools();
  maker += '\0';
  maker += key.path;
  return maker;
}

std::string NameOf(const KeptKey& key) {
  std::array<char, 17> digits;
  std::snprintf(digits.data(), digits.size(), "%016llx",
                static_cast<unsigned long long>(HashOf(MakerOf(key))));
  return std::string(key.kind) + '-' + digits.data();
}

}  // namespace

bool Kept::Read() {
  std::string_view bytes = mapping_.bytes();
  if (bytes.size() < sizeof(Head)) return false;
  const Head& head = *reinterpret_cast<const Head*>(bytes.data());
  if (!std::string_view(head.magic.data(), head.magic.size()).starts_with(kMagic) ||
      head.made > bytes.size() || head.text > bytes.size())
    return false;
  size_t text = sizeof(Head) + Aligned(head.made);
  size_t maker = text + Aligned(head.text);
  if (bytes.size() != maker + head.maker || head.check != HashOf(bytes.substr(kChecked)))
    return false;
  made_ = {bytes.substr(sizeof(Head), head.made), head.note};
  wide_ = head.wide != 0;
  text_ = bytes.substr(text, head.text);
  maker_ = bytes.substr(maker);
  return true;
}

bool Kept::IsOf(const KeptKey& key) const {
  return wide_ == IsWide(key.text) && text_ == BytesOf(key.text) && maker_ == MakerOf(key);
}

std::optional<Kept> Kept::Find(const std::string& folder, const KeptKey& key) {
  std::optional<Mapping> mapping = PrivateFolder(folder).Map(NameOf(key));
  if (!mapping) return std::nullopt;
  Kept kept(std::move(*mapping));
  if (!kept.Read() || !kept.IsOf(key)) return std::nullopt;
  return kept;
}

std::optional<Kept::Made> Kept::FindLasting(const std::string& folder, const KeptKey& key) {
  static std::mutex mutex;
  static auto& lasting = *new std::map<std::string, const Kept*>();
  std::scoped_lock lock(mutex);
  std::string name = NameOf(key);
  auto known = lasting.find(name);
  if (known != lasting.end() && known->second->IsOf(key)) return known->second->made_;
  std::optional<Kept> found = Find(folder, key);
  if (!found) return std::nullopt;
  if (found->made_.bytes.empty()) return Made{};
  // The one before, of another text, may be in use.
  const Kept* kept = lasting[name] = new Kept(std::move(*found));
  return kept->made_;
}

void Kept::Keep(const std::string& folder, const KeptKey& key, const Made& made) {
  std::string_view text = BytesOf(key.text);
  std::string maker = MakerOf(key);
  Head head{.magic = {},
            .check = 0,
            .made = made.bytes.size(),
            .text = text.size(),
            .maker = static_cast<uint32_t>(maker.size()),
            .wide = IsWide(key.text),
            .note = made.note,
            .unused = {}};
  kMagic.copy(head.magic.data(), head.magic.size());
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
  for (std::string_view part : {made.bytes, text}) {
    bytes += part;
    bytes.resize(Aligned(bytes.size()));
  }
  bytes += maker;
  uint64_t check = HashOf(std::string_view(bytes).substr(kChecked));
  std::memcpy(bytes.data() + offsetof(Head, check), &check, sizeof check);
  PrivateFolder(folder).Write(NameOf(key), bytes);
}

}  // namespace sluice::js
