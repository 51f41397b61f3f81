#include "engine/message_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace sluice::js {
namespace {

Message Text(std::u16string text) {
  Message message;
  message.kind = Message::Kind::kText;
  message.text = std::move(text);
  return message;
}

TEST(MessageQueue, KeepsOrderAndBounds) {
  MessageQueue queue;
  queue.set_capacity(6);
  EXPECT_TRUE(queue.Push(Text(u"a")));
  EXPECT_TRUE(queue.Push(Text(u"bc")));
  EXPECT_FALSE(queue.Push(Text(u"d")));
  EXPECT_EQ(queue.size(), 6u);
  EXPECT_EQ(queue.Pop()->text, u"a");
  EXPECT_EQ(queue.Pop()->text, u"bc");
  EXPECT_FALSE(queue.Pop());
}

TEST(MessageQueue, WaitEndsByTimeByInterruptAndByAMessageOfAnotherThread) {
  MessageQueue queue;
  EXPECT_FALSE(queue.Wait(0));
  std::thread sender([&] {
    for (int i = 0; i < 1000; ++i)
      while (!queue.Push(Text(std::u16string(1, static_cast<char16_t>(i)))))
        std::this_thread::yield();
    queue.Interrupt();
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(queue.Wait(-1)->text[0], i);
  EXPECT_FALSE(queue.Wait(-1));
  sender.join();
}

TEST(MessageQueue, RefusesOnceClosed) {
  MessageQueue queue;
  queue.Push(Text(u"a"));
  queue.Close();
  EXPECT_FALSE(queue.Push(Text(u"b")));
  EXPECT_EQ(queue.size(), 0u);
}

}  // namespace
}  // namespace sluice::js
