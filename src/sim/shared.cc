#include "sim/shared.h"

#include <sys/mman.h>

#include <array>
#include <bit>

#include "base/check.h"

namespace sluice::sim {
namespace {

// Address space; what is not used costs nothing.
constexpr size_t kSize = size_t{1} << 30;
constexpr size_t kClasses = 31;

struct Head {
  char* next;
  char* end;
  std::array<void*, kClasses> free;
};

Head* head = nullptr;

size_t ClassOf(size_t size) {
  return static_cast<size_t>(std::bit_width((size < 16 ? 16 : size) - 1));
}

}  // namespace

void Arena::Open() {
  if (head != nullptr) munmap(head, kSize);
  void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  SLUICE_CHECK(memory != MAP_FAILED);
  head = new (memory) Head{};
  head->next = static_cast<char*>(memory) + 4096;
  head->end = static_cast<char*>(memory) + kSize;
}

void* Arena::Take(size_t size) {
  size_t index = ClassOf(size);
  SLUICE_CHECK(index < kClasses);
  if (void* memory = head->free[index]) {
    head->free[index] = *static_cast<void**>(memory);
    return memory;
  }
  size_t room = size_t{1} << index;
  SLUICE_CHECK(static_cast<size_t>(head->end - head->next) >= room);
  char* memory = head->next;
  head->next += room;
  return memory;
}

void Arena::Give(void* memory, size_t size) {
  size_t index = ClassOf(size);
  *static_cast<void**>(memory) = head->free[index];
  head->free[index] = memory;
}

}  // namespace sluice::sim
