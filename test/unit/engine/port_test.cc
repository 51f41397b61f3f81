#include "engine/port.h"

#include <gtest/gtest.h>

#include <atomic>
#include <utility>

namespace sluice::js {
namespace {

PortMessage Text(std::string_view text) {
  auto bytes = std::make_shared<PortBytes>();
  bytes->data = std::make_unique<uint8_t[]>(text.size());
  bytes->size = text.size();
  std::copy(text.begin(), text.end(), bytes->data.get());
  PortMessage message;
  message.value = std::move(bytes);
  return message;
}

// What waits at a port: "-" for nothing, "closed" for nothing any more.
std::string Next(const PortOwner& port) {
  bool closed = false;
  auto message = port->Take(&closed);
  if (!message) return closed ? "closed" : "-";
  return {reinterpret_cast<const char*>(message->value->data.get()), message->value->size};
}

TEST(Port, WhatOneEndPostsWaitsAtTheOtherInOrder) {
  auto [one, two] = Port::Channel();
  one->Post(Text("a"));
  one->Post(Text("b"));
  EXPECT_EQ(Next(one), "-");
  EXPECT_EQ(Next(two), "a");
  EXPECT_EQ(Next(two), "b");
  EXPECT_EQ(Next(two), "-");
}

TEST(Port, AnEndHearsOfTheOthersEndAfterWhatItSent) {
  auto [one, two] = Port::Channel();
  one->Post(Text("last"));
  one = PortOwner();
  EXPECT_FALSE(two->ended());
  EXPECT_EQ(Next(two), "last");
  EXPECT_TRUE(two->ended());
  EXPECT_EQ(Next(two), "closed");
}

TEST(Port, APortOfAMessageThatNobodyTakesIsClosed) {
  auto [one, two] = Port::Channel();
  auto [moved, peer] = Port::Channel();
  PortMessage message = Text("x");
  message.ports.push_back(std::move(moved));
  one->Post(std::move(message));
  EXPECT_FALSE(peer->ended());
  two = PortOwner();
  EXPECT_TRUE(peer->ended());
}

TEST(Port, PortsThatWaitOnPortsEndHoweverDeepTheyAre) {
  constexpr int kDeep = 300'000;
  auto [first, inner] = Port::Channel();
  for (int i = 0; i < kDeep; ++i) {
    auto [one, two] = Port::Channel();
    PortMessage message;
    message.ports.push_back(std::exchange(inner, std::move(two)));
    one->Post(std::move(message));
  }
  inner = PortOwner();
  EXPECT_TRUE(first->ended());
}

TEST(Port, APortThatGoesThroughItsOwnChannelEndsIt) {
  auto [one, two] = Port::Channel();
  PortMessage message = Text("x");
  message.ports.push_back(std::move(two));
  one->Post(std::move(message));
  EXPECT_TRUE(message.ports.empty() || !message.ports[0]);
  EXPECT_TRUE(one->ended());
}

TEST(Port, BroadcastsReachAllOthersOfTheName) {
  PortOwner one = Port::Broadcast("news");
  PortOwner two = Port::Broadcast("news");
  PortOwner three = Port::Broadcast("news");
  PortOwner other = Port::Broadcast("else");
  one->Post(Text("x"));
  EXPECT_EQ(Next(one), "-");
  EXPECT_EQ(Next(two), "x");
  EXPECT_EQ(Next(three), "x");
  EXPECT_EQ(Next(other), "-");
  two = PortOwner();
  EXPECT_EQ(Next(three), "-");
}

TEST(Port, WhoListensGetsAnEndOfEachChannelThatIsDialled) {
  PortOwner listener = Port::Listen("service");
  PortOwner one = Port::Dial("service");
  PortOwner two = Port::Dial("service");
  bool closed = false;
  auto first = listener->Take(&closed);
  ASSERT_TRUE(first && first->ports.size() == 1);
  one->Post(Text("x"));
  EXPECT_EQ(Next(first->ports[0]), "x");
  first->ports[0]->Post(Text("y"));
  EXPECT_EQ(Next(one), "y");
  listener = PortOwner();
  EXPECT_TRUE(two->ended());
  EXPECT_FALSE(Port::Dial("service"));
}

std::atomic<int> told{0};

TEST(Port, ItIsToldOnceUntilNothingWaits) {
  Loop loop;
  auto [one, two] = Port::Channel();
  two->Attach(loop.mailbox(), [](int) { ++told; });
  for (const char* text : {"a", "b", "c"}) one->Post(Text(text));
  loop.RunOnce(0);
  EXPECT_EQ(told, 1);
  while (Next(two) != "-") {
  }
  one->Post(Text("d"));
  loop.RunOnce(0);
  EXPECT_EQ(told, 2);
}

}  // namespace
}  // namespace sluice::js
