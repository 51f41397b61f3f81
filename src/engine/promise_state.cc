#include "engine/promise_state.h"

#include <cstdint>

#include "engine/jsc_spi.h"

namespace sluice::js {
namespace {

constexpr unsigned kPending = 0;
constexpr unsigned kFulfilled = 1;

// A promise in the engine's memory: behind the cell's own words, its flags, whose two lowest bits
// are the state, and what it was settled with. The flags are a small integer up to engine 2.52, and
// the upper 16 bits of a pointer from 2.54 on.
struct Layout {
  uint8_t type = 0;  // of cells that are promises; 0: unknown
  unsigned shift = 0;
};

uint64_t Word(JSObjectRef object, int index) {
  return reinterpret_cast<const uint64_t*>(object)[index];
}
unsigned StateOf(JSObjectRef object, const Layout& layout) {
  return static_cast<unsigned>(Word(object, 2) >> layout.shift) & 3;
}
JSValueRef ResultOf(JSObjectRef object) {
  return reinterpret_cast<JSValueRef>(Word(object, 3));
}

// Looks at a promise that is pending, and at one that is fulfilled; one that is rejected would be
// told to the program.
Layout Learn(JSContextRef context) {
  JSObjectRef resolve;
  JSValueRef mark = JSValueMakeNumber(context, 0x51ce);
  JSObjectRef pending = JSObjectMakeDeferredPromise(context, nullptr, nullptr, nullptr);
  JSObjectRef done = JSObjectMakeDeferredPromise(context, &resolve, nullptr, nullptr);
  if (pending == nullptr || done == nullptr) return {};
  JSObjectCallAsFunction(context, resolve, nullptr, 1, &mark, nullptr);
  const spi::Cell* cell = spi::CellOf(pending);
  const spi::Cell* other = spi::CellOf(JSObjectMake(context, nullptr, nullptr));
  if (cell == nullptr || other == nullptr || cell->type == other->type) return {};
  for (unsigned shift : {0u, 48u}) {
    Layout layout{cell->type, shift};
    if (StateOf(pending, layout) == kPending && StateOf(done, layout) == kFulfilled &&
        ResultOf(done) == mark)
      return layout;
  }
  return {};
}

}  // namespace

std::optional<std::pair<unsigned, JSValueRef>> PromiseStateOf(JSContextRef context,
                                                              JSObjectRef object) {
  static const Layout layout = spi::On(spi::Fast::kStatistics) ? Learn(context) : Layout{};
  const spi::Cell* cell = spi::CellOf(object);
  if (layout.type == 0 || cell == nullptr || cell->type != layout.type) return std::nullopt;
  unsigned state = StateOf(object, layout);
  if (state == kPending) return std::pair(state, JSValueMakeUndefined(context));
  return std::pair(state, ResultOf(object));
}

}  // namespace sluice::js
