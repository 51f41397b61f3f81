// Internal. What binding('task') keeps per engine: what other tasks tell this one goes through one
// function, dispatch(event, a, b, c, d).
#pragma once

#include <map>
#include <span>
#include <string>

#include "engine/task.h"
#include "engine/value.h"

namespace sluice::js {

// The numbers are those of lib/internal/task/task.js.
enum Event {
  kMessage = 1,  // a: the sender, b: kind, c: text, JSON or ArrayBuffer, d: addition (JSON)
  kEnded,        // a: id of a task that this one started, b: its exit code, c: why, d: whether its
                 // heap was too large
};

// Text of UTF-16 as a string, and a message's data: a string, or an ArrayBuffer that takes the
// bytes over.
JSValueRef Utf16Value(JSContextRef context, const std::u16string& text);
JSValueRef MessageData(JSContextRef context, Message& message);

// TaskState is loop thread only.
class TaskState final : public BindingState {
 public:
  explicit TaskState(Engine& engine) : engine_(engine) {}
  ~TaskState() override;

  void set_dispatch(JSObjectRef function);
  // Spawn starts a task, which keeps this one; returns its id, or -errno.
  int Spawn(TaskOptions options);
  // Hold sets whether a task keeps this one. Detach gives it up.
  void Hold(int id, bool on);
  void Detach(int id);
  // Listen has messages told, which keeps this task unless it is the main one.
  void Listen(bool on);

 private:
  struct Child {
    bool holds = true;
    bool worker = false;  // it ends with this one
  };
  void Tell(Event event, std::span<const JSValueRef> values);
  static void Ended(int id, const TaskEnd& end);
  static void Deliver();
  void DeliverSome();

  Engine& engine_;
  JSObjectRef dispatch_ = nullptr;
  bool listening_ = false;
  std::map<int, Child> children_;
};

}  // namespace sluice::js
