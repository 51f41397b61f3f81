#include "stream/write_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice {
namespace {

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Contents(const WriteQueue& queue) {
  iovec parts[256];
  int count = queue.Peek(parts, 256);
  std::string text;
  for (int i = 0; i < count; ++i)
    text.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return text;
}

TEST(WriteQueue, IsEmptyAtFirst) {
  WriteQueue queue;
  iovec part;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.Peek(&part, 1), 0);
}

TEST(WriteQueue, KeepsTheOrderOfCopiesAndBorrowedBytes) {
  WriteQueue queue;
  std::string borrowed = "B";
  queue.Append(Bytes("a"), true);
  queue.Append(Bytes(borrowed), false);
  queue.Append(Bytes("c"), true);
  EXPECT_EQ(Contents(queue), "aBc");
  EXPECT_EQ(queue.bytes(), 3u);
}

TEST(WriteQueue, CopyDoesNotSeeLaterChanges) {
  WriteQueue queue;
  std::string text = "first";
  queue.Append(Bytes(text), true);
  text = "other";
  EXPECT_EQ(Contents(queue), "first");
}

TEST(WriteQueue, BorrowedBytesAreNotCopied) {
  WriteQueue queue;
  std::string text = "bytes";
  queue.Append(Bytes(text), false);
  iovec part;
  queue.Peek(&part, 1);
  EXPECT_EQ(part.iov_base, text.data());
}

TEST(WriteQueue, DropCutsWithinAPiece) {
  WriteQueue queue;
  queue.Append(Bytes("hello"), false);
  queue.Append(Bytes(" world"), false);
  queue.Drop(3);
  EXPECT_EQ(Contents(queue), "lo world");
  queue.Drop(4);
  EXPECT_EQ(Contents(queue), "orld");
  queue.Drop(4);
  EXPECT_TRUE(queue.empty());
}

TEST(WriteQueue, EmptyBytesAddNothing) {
  WriteQueue queue;
  queue.Append({}, true);
  queue.Append({}, false);
  EXPECT_TRUE(queue.empty());
}

TEST(WriteQueue, SmallCopiesShareBlocks) {
  WriteQueue queue;
  for (int i = 0; i < 1000; ++i) queue.Append(Bytes("x"), true);
  iovec parts[8];
  EXPECT_LE(queue.Peek(parts, 8), 2);
  EXPECT_EQ(Contents(queue), std::string(1000, 'x'));
}

TEST(WriteQueue, CopyAfterAPartlyWrittenBlockIsInOrder) {
  WriteQueue queue;
  queue.Append(Bytes("first"), true);
  queue.Append(Bytes("second"), true);
  queue.Drop(7);
  queue.Append(Bytes("third"), true);
  EXPECT_EQ(Contents(queue), "condthird");
}

TEST(WriteQueue, CopyAfterTheBlockWasWrittenOutIsInOrder) {
  WriteQueue queue;
  std::string borrowed = "borrowed";
  queue.Append(Bytes("a"), true);
  queue.Append(Bytes("b"), true);
  queue.Append(Bytes(borrowed), false);
  queue.Drop(2);
  queue.Append(Bytes("c"), true);
  EXPECT_EQ(Contents(queue), "borrowedc");
}

TEST(WriteQueue, PeekFillsNoMoreThanAsked) {
  WriteQueue queue;
  for (int i = 0; i < 10; ++i) queue.Append(Bytes("x"), false);
  iovec parts[4];
  EXPECT_EQ(queue.Peek(parts, 4), 4);
}

TEST(WriteQueue, StreamOfPiecesThatNeverRunsEmptyKeepsItsOrder) {
  WriteQueue queue;
  std::string expected;
  uint64_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    std::string text(1 + (random >> 40) % 40, static_cast<char>('a' + i % 26));
    queue.Append(Bytes(text), true);
    expected += text;
    size_t drop = std::min<size_t>(queue.bytes() - 1, (random >> 50) % 40);
    queue.Drop(drop);
    expected.erase(0, drop);
    ASSERT_EQ(queue.bytes(), expected.size());
    if (i % 1000 != 0) continue;
    ASSERT_EQ(Contents(queue), expected.substr(0, Contents(queue).size()));
  }
  while (!queue.empty()) {
    std::string head = Contents(queue);
    ASSERT_EQ(head, expected.substr(0, head.size()));
    queue.Drop(head.size());
    expected.erase(0, head.size());
  }
  EXPECT_EQ(expected, "");
}

TEST(WriteQueueDeathTest, DroppingMoreThanThereIsAborts) {
  WriteQueue queue;
  queue.Append(Bytes("x"), true);
  EXPECT_DEATH(queue.Drop(2), "check failed");
}

}  // namespace
}  // namespace sluice
