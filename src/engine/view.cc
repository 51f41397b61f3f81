#include "engine/view.h"

#include <bitset>

#include "engine/value.h"

namespace sluice::js {
namespace {

// How the engine lays out a typed array on 64-bit machines.
struct ViewCell : spi::Cell {
  void* butterfly;
  uint8_t* bytes;
  size_t length;
  size_t offset;
  uint8_t mode;  // how the bytes are kept; those of a fixed length are learned
};

struct Learned {
  uint8_t type = 0;  // 0: not known
  std::bitset<256> modes;
};
Learned learned;

const ViewCell* CellOf(JSValueRef value) {
  return static_cast<const ViewCell*>(spi::CellOf(value));
}

// Whether the cell of a view that ends in a 7 says what the API says.
bool Agrees(JSContextRef context, JSValueRef value) {
  const ViewCell* cell = CellOf(value);
  auto* object = const_cast<JSObjectRef>(value);
  size_t length = JSObjectGetTypedArrayByteLength(context, object, nullptr);
  if (length == 0 || cell->length != length || cell->bytes[length - 1] != 7) return false;
  // Asking for the bytes can move them to an ArrayBuffer.
  auto* base = static_cast<uint8_t*>(JSObjectGetTypedArrayBytesPtr(context, object, nullptr));
  size_t offset = JSObjectGetTypedArrayByteOffset(context, object, nullptr);
  return cell->length == length && cell->bytes == base + offset && cell->bytes[length - 1] == 7;
}

// Views whose bytes end in a 7, and values that must not be taken for such a view.
constexpr const char* kSamples = R"((() => {
  const seven = (length) => new Uint8Array(length).fill(7);
  const growing = () => new ArrayBuffer(8, { maxByteLength: 16 });
  class Derived extends Uint8Array {}
  return [
    [seven(24), seven(5000), new Uint8Array(seven(100).buffer),
      new Uint8Array(seven(100).buffer, 13, 29), new Derived(seven(100).buffer, 13, 29)],
    [new Uint8Array(growing()), new Uint8Array(growing(), 1, 3), new Int8Array(8),
      new Uint8ClampedArray(8), new Uint16Array(8), new Float64Array(8),
      new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), {}, [1], 'text', () => {}],
  ];
})())";

// A program may have replaced what the samples are made with: what they are is not taken for
// granted.
Learned Learn(JSContextRef context) {
  JSValueRef failure = nullptr;
  JSValueRef samples =
      JSEvaluateScript(context, String(kSamples).get(), nullptr, nullptr, 1, &failure);
  auto lists = Elements(context, samples, &failure);
  if (lists.size() != 2 || failure != nullptr) return {};
  auto views = Elements(context, lists[0], &failure);
  Learned found;
  for (JSValueRef view : views) {
    if (JSValueGetTypedArrayType(context, view, nullptr) != kJSTypedArrayTypeUint8Array) return {};
    const ViewCell* cell = CellOf(view);
    if (cell == nullptr) return {};
    if (view == views[0]) found.type = cell->type;
    if (cell->type != found.type) return {};
    found.modes.set(cell->mode);
    if (!Agrees(context, view)) return {};
    found.modes.set(cell->mode);
  }
  for (JSValueRef other : Elements(context, lists[1], &failure)) {
    const ViewCell* cell = CellOf(other);
    if (cell == nullptr || (cell->type == found.type && found.modes.test(cell->mode))) return {};
  }
  return found;
}

}  // namespace

void LearnViews(JSContextRef context) {
  if (!spi::On(spi::Fast::kViews)) return;
  learned = Learn(context);
  if (learned.type == 0) spi::TurnOff(spi::Fast::kViews);
}

std::optional<std::span<uint8_t>> ViewOf(JSValueRef value) {
  if (!spi::On(spi::Fast::kViews)) return std::nullopt;
  const ViewCell* cell = CellOf(value);
  if (cell == nullptr || cell->type != learned.type || !learned.modes.test(cell->mode))
    return std::nullopt;
  if (cell->bytes == nullptr) return std::span<uint8_t>();  // detached
  return std::span<uint8_t>{cell->bytes, cell->length};
}

}  // namespace sluice::js
