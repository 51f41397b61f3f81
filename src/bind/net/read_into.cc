// Of NetState, whose streams may read into memory of the program's own.
#include <algorithm>
#include <climits>

#include "bind/net/state.h"
#include "engine/view.h"

namespace sluice::js {
namespace {

// Less memory than this is not read into where more has come: to copy what one read brought, in
// parts, takes less than a read for each of them.
constexpr size_t kLeastOwn = 16 * 1024;

}  // namespace

void NetState::ReadInto(uint32_t id, JSValueRef view) {
  Handle* handle = Find(id);
  if (handle == nullptr) return;
  auto& target = handle->own().target;
  if (JSValueIsUndefined(engine_.context(), view)) {
    target.reset();
    return;
  }
  if (!target) target = std::make_unique<Borrowed>(engine_.context());
  target->Change(view);
}

// Where the next bytes of a stream go if that is the program's memory. It is looked at anew for
// each read, as a program may take it away or move it whenever it runs; none where it did, where
// the size can change, or where the engine does not tell.
std::span<uint8_t> NetState::OwnMemory(uint32_t id, size_t wanted) {
  // What waits may be in this memory too, or have it taken away.
  if (batch_.count > 0) Deliver();
  // A callback that turned the loop looks at what it was told of.
  if (batch_.count > 0 || batch_.giving > 0) return {};
  Handle* handle = Find(id);
  if (handle == nullptr || handle->target() == nullptr) return {};
  auto memory = ViewOf(handle->target()->all().front());
  if (!memory || memory->size() < std::min(wanted, kLeastOwn)) return {};
  own_memory_ = memory->data();
  return memory->first(std::min<size_t>(memory->size(), INT32_MAX));
}

}  // namespace sluice::js
