#include "loop/heap_trim.h"

#include <fstream>
#include <memory>
#include <vector>

#include "support.h"

namespace sluice::test {
namespace {

class HeapTrimTest : public LoopTest {
 protected:
  static size_t ResidentPages() {
    size_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident;
  }
  // What a burst leaves: 32 MB of small pieces that are free, with some in use between them.
  void LeaveHoles() {
    constexpr size_t kPiece = 1024, kPieces = 32 * 1024, kKept = 64;
    std::vector<std::unique_ptr<char[]>> pieces;
    for (size_t i = 0; i < kPieces; ++i) {
      pieces.push_back(std::make_unique<char[]>(kPiece));
      if (i % kKept == 0) kept_.push_back(std::make_unique<char[]>(kPiece));
    }
  }
  std::vector<std::unique_ptr<char[]>> kept_;
};

TEST_F(HeapTrimTest, MemoryGoesBackToTheSystemAfterABurst) {
#ifdef SLUICE_SANITIZED
  GTEST_SKIP() << "the allocator is not the C library's";
#endif
  SLUICE_NEEDS("SLUICE_HEAP_TRIM");
  LeaveHoles();
  const size_t before = ResidentPages();
  for (uint32_t i = 0; i < HeapTrim::kBurst; ++i) loop().NoteMemoryFreed();
  EXPECT_TRUE(Until([&] { return ResidentPages() + 4096 < before; }));  // 16 MB
}

TEST_F(HeapTrimTest, FewerThanABurstSetNoTimer) {
  for (uint32_t i = 0; i + 1 < HeapTrim::kBurst; ++i) loop().NoteMemoryFreed();
  EXPECT_EQ(BusyTurns(3), 0);
  EXPECT_FALSE(loop().alive());
}

TEST_F(HeapTrimTest, ABurstKeepsNoLoopAlive) {
  for (uint32_t i = 0; i < HeapTrim::kBurst; ++i) loop().NoteMemoryFreed();
  loop().Run();
}

}  // namespace
}  // namespace sluice::test
