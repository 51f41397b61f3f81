#include "engine/native_object.h"

#include <new>

#include "engine/task.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

struct Holder {
  std::shared_ptr<NativeObject> object;
  Cost cost;
};

JSClassRef HandleClass() {
  static JSClassRef made = [] {
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    definition.className = "NativeObject";
    definition.finalize = [](JSObjectRef object) {
      delete static_cast<Holder*>(JSObjectGetPrivate(object));
    };
    return JSClassCreate(&definition);
  }();
  return made;
}

}  // namespace

Cost::Cost(Engine& engine, size_t bytes) : total_(engine.external_bytes()), bytes_(bytes) {
  total_->fetch_add(bytes, std::memory_order_relaxed);
  engine.ReportMemory(bytes);
}

MemoryClaim::MemoryClaim(Engine& engine)
    : task_(engine.task().shared_from_this()), total_(engine.external_bytes()) {}

void MemoryClaim::Take(uint64_t bytes) {
  if (bytes == 0) return;
  uint64_t limit = task_->max_heap.load(std::memory_order_relaxed);
  if (limit == 0) limit = sys::MemoryLimit();
  uint64_t own = task_->own_heap_bytes.load(std::memory_order_relaxed);
  uint64_t others = total_->load(std::memory_order_relaxed);
  do {
    if (bytes > limit || own + others > limit - bytes) throw std::bad_alloc();
  } while (!total_->compare_exchange_weak(others, others + bytes, std::memory_order_relaxed));
  bytes_ += bytes;
}

JSObjectRef MakeNative(JSContextRef context, std::shared_ptr<NativeObject> object) {
  size_t cost = object->cost();
  return JSObjectMake(context, HandleClass(),
                      new Holder{std::move(object), {*Engine::Current(), cost}});
}

std::shared_ptr<NativeObject>* NativeOf(JSContextRef context, JSValueRef value) {
  if (!JSValueIsObjectOfClass(context, value, HandleClass())) return nullptr;
  return &static_cast<Holder*>(JSObjectGetPrivate(const_cast<JSObjectRef>(value)))->object;
}

}  // namespace sluice::js
