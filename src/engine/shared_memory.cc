#include "engine/shared_memory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/jsc_spi.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using spi::table;

// A SharedArrayBuffer on the engine's heap.
struct BufferCell : spi::Cell {
  void* butterfly;
  void** buffer;  // the engine's ArrayBuffer: a count, then what it keeps, with the bytes first
};

const BufferCell* CellOf(JSValueRef value) {
  return static_cast<const BufferCell*>(spi::CellOf(value));
}

// Whether value is a SharedArrayBuffer, as far as JavaScript can tell.
bool IsShared(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObject(context, value)) return false;
  JSObjectRef global = JSContextGetGlobalObject(context);
  JSValueRef constructor = Get(context, global, "SharedArrayBuffer");
  if (!JSValueIsObject(context, constructor)) return false;
  JSValueRef exception = nullptr;
  bool is = JSValueIsInstanceOfConstructor(context, value, const_cast<JSObjectRef>(constructor),
                                           &exception);
  return is && exception == nullptr &&
         JSValueGetTypedArrayType(context, value, nullptr) == kJSTypedArrayTypeArrayBuffer;
}

// The engine's buffer of a SharedArrayBuffer, or null where it does not lie where it is expected:
// the bytes must be those that the API tells.
void* BufferOf(JSContextRef context, JSValueRef value) {
  const BufferCell* cell = CellOf(value);
  if (cell == nullptr || !table.is_shared(cell)) return nullptr;
  auto* bytes = JSObjectGetArrayBufferBytesPtr(context, const_cast<JSObjectRef>(value), nullptr);
  auto address = reinterpret_cast<uintptr_t>(cell->buffer);
  if (bytes == nullptr || address == 0 || address % alignof(void*) != 0) return nullptr;
  constexpr int kWords = 6;
  for (int i = 0; i < kWords; ++i)
    if (cell->buffer[i] == bytes) return cell->buffer;
  return nullptr;
}

// Another buffer of the engine's for the same memory; null if it is not shared.
spi::CountedHandle Share(void* buffer) {
  // What the engine calls ArrayBufferContents, which is smaller: it is filled while it is all zero,
  // and the new buffer takes it over.
  alignas(16) std::array<std::byte, 256> contents{};
  if (!table.share_buffer(buffer, contents.data())) return {};
  return table.make_buffer(contents.data());
}

// A view takes over the count of buffer, and gives it back at its own end.
class View {
 public:
  explicit View(spi::CountedHandle buffer) : view_(table.view_buffer(buffer, 0, std::nullopt)) {}
  ~View() { table.delete_view(view_.pointer, std::destroying_delete_t{}); }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  JSObjectRef Wrap(JSContextRef context) const {
    return table.wrap_view(view_.pointer, context, JSContextGetGlobalContext(context));
  }

 private:
  spi::CountedHandle view_;
};

}  // namespace

std::shared_ptr<SharedMemory> SharedMemory::Of(JSContextRef context, JSValueRef value) {
  if (!spi::On(spi::Fast::kSharing) || !IsShared(context, value)) return nullptr;
  void* buffer = BufferOf(context, value);
  if (buffer == nullptr) return nullptr;
  spi::CountedHandle own = Share(buffer);
  if (own.pointer == nullptr) return nullptr;
  return std::shared_ptr<SharedMemory>(new SharedMemory(own.pointer));
}

SharedMemory::~SharedMemory() {
  spi::CountedHandle own;
  own.pointer = buffer_;
  View view(std::move(own));
}

JSObjectRef SharedMemory::Make(JSContextRef context) const {
  spi::CountedHandle buffer = Share(buffer_);
  if (buffer.pointer == nullptr) return nullptr;
  return View(std::move(buffer)).Wrap(context);
}

}  // namespace sluice::js
