#include "bind/net/read_slab.h"

#include <sys/mman.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "base/switch.h"

namespace sluice::js {
namespace {

constexpr size_t kAlignment = 16;
constexpr size_t kSmallPooled = 64;           // that stay warm
constexpr size_t kLargeInUse = 48;            // then small ones must do, however many peers send
constexpr size_t kLargePooled = kLargeInUse;  // all that wait for a collection are read into again
constexpr uint64_t kTrimAfterMs = 2'000;      // without large reads; then their memory goes back

// HugeRegion is address space for large slabs, which the kernel fills with huge pages where it has
// some: what moves much through many slabs in turn needs few translations then. Its owner locks.
class HugeRegion {
 public:
  explicit HugeRegion(size_t size) : size_(size) {
    void* reserved = mmap(nullptr, kSlots * size_ + kHugePage, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) return;
    auto address = reinterpret_cast<uintptr_t>(reserved);
    begin_ = reinterpret_cast<uint8_t*>((address + kHugePage - 1) / kHugePage * kHugePage);
    if (!TurnedOff("SLUICE_HUGE_PAGES")) (void)madvise(begin_, kSlots * size_, MADV_HUGEPAGE);
    for (size_t i = kSlots; i > 0; --i) free_.push_back(begin_ + (i - 1) * size_);
  }
  // Get returns null if none is left.
  uint8_t* Get() {
    if (free_.empty()) return nullptr;
    uint8_t* memory = free_.back();
    free_.pop_back();
    return memory;
  }
  // Put gives memory of Get back to the system; returns false for other memory.
  bool Put(uint8_t* memory) {
    if (begin_ == nullptr || memory < begin_ || memory >= begin_ + kSlots * size_) return false;
    (void)madvise(memory, size_, MADV_DONTNEED);
    free_.push_back(memory);
    return true;
  }

 private:
  static constexpr size_t kSlots = kLargeInUse + kLargePooled;
  static constexpr size_t kHugePage = 2 << 20;
  const size_t size_;
  uint8_t* begin_ = nullptr;
  std::vector<uint8_t*> free_;
};

// Pool keeps memory of slabs of one size. The collector may free on any thread.
class Pool {
 public:
  // region may be null; the pool takes it over.
  Pool(size_t size, size_t most, HugeRegion* region) : size_(size), most_(most), region_(region) {}

  uint8_t* Get() {
    {
      std::lock_guard lock(mutex_);
      used_ = true;
      ++in_use_;
      if (!free_.empty()) {
        uint8_t* memory = free_.back();
        free_.pop_back();
        return memory;
      }
      if (uint8_t* memory = region_ ? region_->Get() : nullptr) return memory;
    }
    return static_cast<uint8_t*>(::operator new(size_, kPage));
  }
  void Put(uint8_t* memory) {
    {
      std::lock_guard lock(mutex_);
      --in_use_;
      if (free_.size() < most_) {
        free_.push_back(memory);
        return;
      }
      if (region_ && region_->Put(memory)) return;
    }
    ::operator delete(memory, kPage);
  }
  size_t in_use() {
    std::lock_guard lock(mutex_);
    return in_use_;
  }
  // Trim frees what is pooled if nothing was taken since it was called last; returns whether.
  bool Trim() {
    std::lock_guard lock(mutex_);
    if (std::exchange(used_, false)) return false;
    for (uint8_t* memory : std::exchange(free_, {}))
      if (!region_ || !region_->Put(memory)) ::operator delete(memory, kPage);
    return true;
  }

 private:
  static constexpr std::align_val_t kPage{4096};
  const size_t size_;
  const size_t most_;  // memory that is kept
  std::mutex mutex_;   // guards what follows
  const std::unique_ptr<HugeRegion> region_;
  std::vector<uint8_t*> free_;
  bool used_ = false;
  size_t in_use_ = 0;
};

Pool& PoolOf(size_t size) {
  if (size == ReadSlab::kSize) {
    static Pool* small = new Pool(size, kSmallPooled, nullptr);
    return *small;
  }
  static Pool* large = new Pool(size, kLargePooled, new HugeRegion(size));
  return *large;
}

template <size_t size>
void Return(void* bytes, void* count) {
  PoolOf(size).Put(static_cast<uint8_t*>(bytes));
  static_cast<BufferCount*>(count)->Freed(size);
}

}  // namespace

ReadSlab::ReadSlab(Engine& engine)
    : context_(engine.context()),
      count_(BufferCount::For(context_)),
      trim_(engine.loop(), [this] { Trim(); }) {}

ReadSlab::~ReadSlab() {
  for (Slab* slab : {&small_, &large_})
    if (slab->array != nullptr) JSValueUnprotect(context_, slab->array);
  count_->Leave();
}

bool ReadSlab::turns(size_t wanted) const {
  const Slab& slab = wanted > kSize ? large_ : small_;
  return &slab != current_ || Full(slab, wanted);
}

bool ReadSlab::Full(const Slab& slab, size_t wanted) {
  return slab.array == nullptr ||
         slab.size - slab.used < std::max(slab.least, std::min(wanted, kSize));
}

std::span<uint8_t> ReadSlab::Space(size_t wanted) {
  bool large =
      wanted > kSize && (!Full(large_, wanted) || PoolOf(kLargeSize).in_use() < kLargeInUse);
  current_ = large ? &large_ : &small_;
  if (Full(*current_, wanted)) Renew(*current_);
  return {current_->memory + current_->used, current_->size - current_->used};
}

void ReadSlab::Renew(Slab& slab) {
  if (slab.array != nullptr) JSValueUnprotect(context_, slab.array);
  slab.memory = PoolOf(slab.size).Get();
  count_->Adding(slab.size);
  slab.array = JSObjectMakeArrayBufferWithBytesNoCopy(
      context_, slab.memory, slab.size, slab.size == kSize ? Return<kSize> : Return<kLargeSize>,
      count_, nullptr);
  JSValueProtect(context_, slab.array);
  // Asking for the address pins the memory: a program cannot transfer it to an ArrayBuffer of its
  // own, whose end would free what is read into here.
  (void)JSObjectGetArrayBufferBytesPtr(context_, slab.array, nullptr);
  slab.used = 0;
  if (slab.size != kSize && !trim_.active()) trim_.SetAfter(kTrimAfterMs);
}

// What large reads used is given back once there are none.
void ReadSlab::Trim() {
  if (!PoolOf(kLargeSize).Trim()) {
    trim_.SetAfter(kTrimAfterMs);
    return;
  }
  if (large_.array != nullptr) JSValueUnprotect(context_, large_.array);
  large_.array = nullptr;
}

size_t ReadSlab::Take(size_t size) {
  Slab& slab = *current_;
  size_t offset = slab.used;
  slab.used = std::min(slab.size, (slab.used + size + kAlignment - 1) & ~(kAlignment - 1));
  return offset;
}

}  // namespace sluice::js
