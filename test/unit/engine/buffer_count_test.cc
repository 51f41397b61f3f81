#include "engine/buffer_count.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>
#include <vector>

namespace sluice::js {
namespace {

constexpr size_t kSize = 256 * 1024;

struct Made {
  BufferCount* count;
  size_t* alive;
  std::vector<uint8_t> bytes = std::vector<uint8_t>(kSize);
};

void Free(void*, void* made) {
  auto* gone = static_cast<Made*>(made);
  *gone->alive -= 1;
  gone->count->Freed(kSize);
  delete gone;
}

class BufferCounts : public testing::Test {
 protected:
  BufferCounts() : context_(JSGlobalContextCreate(nullptr)), count_(BufferCount::For(context_)) {}
  ~BufferCounts() override {
    if (context_ == nullptr) return;
    count_->Leave();
    JSGlobalContextRelease(context_);
  }

  JSObjectRef Make() {
    auto* made = new Made{count_, &alive_};
    alive_ += 1;
    count_->Adding(kSize);
    return JSObjectMakeArrayBufferWithBytesNoCopy(context_, made->bytes.data(), kSize, Free, made,
                                                  nullptr);
  }

  JSGlobalContextRef context_;
  BufferCount* count_;
  size_t alive_ = 0;
};

TEST_F(BufferCounts, FollowWhatIsMadeAndFreed) {
  const char* collects = std::getenv("JSC_useGC");
  if (collects != nullptr && std::string_view(collects) == "0")
    GTEST_SKIP() << "without a collector nothing is freed";
  ASSERT_TRUE(count_->known());
  size_t before = count_->bytes();
  size_t freed = 0;
  for (int i = 0; i < 1000; ++i) {
    size_t alive = alive_;
    Make();
    if (alive_ <= alive) ++freed;
    // The engine adds some bytes to each, and may forget what was there before.
    EXPECT_GE(count_->bytes(), alive_ * kSize);
    EXPECT_LE(count_->bytes(), alive_ * (kSize + 512) + before);
  }
  EXPECT_GT(freed, 5u) << "collections";
  EXPECT_TRUE(count_->known());
}

TEST_F(BufferCounts, OutliveTheirOwner) {
  for (int i = 0; i < 10; ++i) Make();
  count_->Leave();
  JSGlobalContextRelease(context_);
  context_ = nullptr;
  EXPECT_EQ(alive_, 0u);
}

}  // namespace
}  // namespace sluice::js
