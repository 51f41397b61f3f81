#include "engine/buffer_count.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace sluice::js {
namespace {

// The words at the beginning of a VM, which is many times as long.
constexpr size_t kWords = 256;
using Words = std::array<size_t, kWords>;

Words Look(const void* vm) {
  Words words;
  std::memcpy(words.data(), vm, sizeof words);
  return words;
}

// Make makes an ArrayBuffer of bytes that nobody looks at.
bool Make(JSContextRef context, size_t size) {
  static uint8_t bytes[4096];
  return JSObjectMakeArrayBufferWithBytesNoCopy(
             context, bytes, size, [](void*, void*) {}, nullptr, nullptr) != nullptr;
}

// Whether words[i] counts bytes of ArrayBuffers: it follows their vector, which is a pointer, a
// capacity and a length (32 bits each), and both grew by one ArrayBuffer of size bytes. Gives the
// bytes that the engine adds to a size.
std::optional<size_t> Overhead(const Words& before, const Words& after, size_t i, size_t size) {
  constexpr size_t kMost = 512;
  size_t grown = after[i] - before[i] - size;
  bool longer = (after[i - 1] >> 32) == (before[i - 1] >> 32) + 1;
  if (!longer || after[i - 2] == 0 || grown > kMost) return std::nullopt;
  return grown;
}

}  // namespace

BufferCount* BufferCount::For(JSGlobalContextRef context) {
  auto* count = new BufferCount;
  const void* vm = JSContextGetGroup(context);
  constexpr size_t kFirst = 1021;
  constexpr size_t kSecond = 4001;
  Words start = Look(vm);
  if (!Make(context, kFirst)) return count;
  Words one = Look(vm);
  if (!Make(context, kSecond)) return count;
  Words two = Look(vm);
  for (size_t i = 2; i < kWords; ++i) {
    auto overhead = Overhead(start, one, i, kFirst);
    if (!overhead || Overhead(one, two, i, kSecond) != overhead) continue;
    if (count->known()) {  // more than one place looks right
      count->counted_ = nullptr;
      break;
    }
    count->overhead_ = *overhead;
    count->counted_ = reinterpret_cast<size_t*>(const_cast<void*>(vm)) + i;
  }
  return count;
}

void BufferCount::Adding(size_t size) {
  shares_.fetch_add(1, std::memory_order_relaxed);
  // An engine that takes off itself what it frees needs no help.
  if (known() && bytes() < alive_.load()) counted_ = nullptr;
  alive_.fetch_add(size + overhead_);
}

void BufferCount::Freed(size_t size) {
  alive_.fetch_sub(size + overhead_);
  if (size_t* counted = counted_.load(); counted != nullptr) *counted -= size + overhead_;
  Release();
}

void BufferCount::Leave() {
  counted_ = nullptr;
  Release();
}

void BufferCount::Release() {
  if (shares_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

}  // namespace sluice::js
