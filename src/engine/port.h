// Internal. Port: an end of a channel between tasks, with the messages that wait there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/shared_memory.h"
#include "grant/holdings.h"
#include "sluice/loop.h"

namespace sluice::js {

class Hub;
class Port;

// PortOwner closes its port when it goes: a port belongs to one engine, or to a message on its way.
class PortOwner {
 public:
  explicit PortOwner(std::shared_ptr<Port> port = nullptr) : port_(std::move(port)) {}
  ~PortOwner();
  PortOwner(PortOwner&& other) noexcept = default;
  PortOwner& operator=(PortOwner&& other) noexcept {
    std::swap(port_, other.port_);
    return *this;
  }
  Port* operator->() const { return port_.get(); }
  explicit operator bool() const { return port_ != nullptr; }

 private:
  std::shared_ptr<Port> port_;
};

// PortBytes is memory that moves or is copied from one task to another.
struct PortBytes {
  std::unique_ptr<uint8_t[]> data;
  size_t size = 0;
};

// PortDescriptor is a descriptor on its way to another task; one that nobody takes is closed.
class PortDescriptor {
 public:
  explicit PortDescriptor(int fd) : fd_(fd) {}
  ~PortDescriptor();
  PortDescriptor(PortDescriptor&& other) noexcept
      : departed_(std::move(other.departed_)), fd_(other.Take()) {}
  PortDescriptor& operator=(PortDescriptor&&) = delete;
  int Take() { return std::exchange(fd_, -1); }

 private:
  grant::Departed departed_;  // whoever sent it has it on its account
  int fd_;
};

// PortMessage is a value in the form of lib/internal/messages/envelope.js, and what goes with it by
// number.
struct PortMessage {
  std::shared_ptr<const PortBytes> value;
  std::vector<PortBytes> buffers;
  std::vector<std::shared_ptr<SharedMemory>> memories;
  std::vector<PortOwner> ports;
  std::vector<PortDescriptor> descriptors;
};

// Port is one of the ends of a hub. Any thread.
class Port final : public std::enable_shared_from_this<Port> {
 public:
  // Channel returns two ports, each of which hears the other; one that closes ends both.
  static std::pair<PortOwner, PortOwner> Channel();
  // Broadcast returns a port that hears all others of that name, and whom they hear.
  static PortOwner Broadcast(const std::string& name);
  // Listen returns a port that takes, for each Dial of the name, a message with one end of a
  // channel and no value. The first that listens is dialled.
  static PortOwner Listen(const std::string& name);
  // Dial returns the other end; none if nobody listens.
  static PortOwner Dial(const std::string& name);

  Port(std::shared_ptr<Hub> hub, int id) : hub_(std::move(hub)), id_(id) {}
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  int id() const { return id_; }  // of all ports of the process

  // Post hands message to the other ports of the hub. With more than one of them it has only a
  // value and memories. What nobody hears is dropped, with what goes with it.
  void Post(PortMessage message);
  // Take takes the first message, if there is one; *closed tells that there will be no more.
  std::optional<PortMessage> Take(bool* closed);
  // ended returns whether Take would tell that the port is closed.
  bool ended() const;
  // Attach has deliver(id) posted to mailbox when there is something to take; again only after Take
  // found nothing. With null it is not told.
  void Attach(std::shared_ptr<Mailbox> mailbox, void (*deliver)(int id));
  // Close takes the port out of its hub; what waits is dropped.
  void Close();

 private:
  friend class Hub;
  void Notify();

  const std::shared_ptr<Hub> hub_;  // its lock guards what follows
  const int id_;
  std::deque<PortMessage> messages_;
  std::shared_ptr<Mailbox> mailbox_;
  void (*deliver_)(int id) = nullptr;
  bool posted_ = false;
  bool peer_closed_ = false;
};

}  // namespace sluice::js
