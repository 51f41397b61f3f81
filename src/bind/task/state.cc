#include "bind/task/state.h"

namespace sluice::js {
namespace {

constexpr int kMessagesPerTurn = 64;  // so that a flood of messages does not starve sockets

}  // namespace

JSValueRef Utf16Value(JSContextRef context, const std::u16string& text) {
  static_assert(sizeof(JSChar) == sizeof(char16_t));
  String string(
      JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(text.data()), text.size()));
  return JSValueMakeString(context, string.get());
}

JSValueRef MessageData(JSContextRef context, Message& message) {
  if (message.kind != Message::Kind::kBytes) return Utf16Value(context, message.text);
  if (message.byte_count == 0) {
    static uint8_t nothing;
    return JSObjectMakeArrayBufferWithBytesNoCopy(context, &nothing, 0, nullptr, nullptr, nullptr);
  }
  return JSObjectMakeArrayBufferWithBytesNoCopy(
      context, message.bytes.release(), message.byte_count,
      [](void* bytes, void*) { delete[] static_cast<uint8_t*>(bytes); }, nullptr, nullptr);
}

TaskState::~TaskState() {
  engine_.task().queue().Listen(nullptr, nullptr);
  if (dispatch_ != nullptr) JSValueUnprotect(engine_.context(), dispatch_);
  for (const auto& [id, child] : children_)
    if (auto task = child.worker ? Task::Find(id) : nullptr) task->RequestEnd(1);
}

void TaskState::set_dispatch(JSObjectRef function) {
  dispatch_ = function;
  JSValueProtect(engine_.context(), function);
}

int TaskState::Spawn(TaskOptions options) {
  Error error;
  bool worker = options.port != nullptr;
  options.quota = options.quota.Within(engine_.task().options().quota);
  auto task =
      Task::Spawn(std::move(options), engine_.task().id(), engine_.loop().mailbox(), Ended, &error);
  if (!task) return -static_cast<int>(error.number);
  children_[task->id()] = {true, worker};
  engine_.loop().Hold();
  return task->id();
}

void TaskState::Hold(int id, bool on) {
  auto found = children_.find(id);
  if (found == children_.end() || found->second.holds == on) return;
  found->second.holds = on;
  on ? engine_.loop().Hold() : engine_.loop().Release();
}

void TaskState::Detach(int id) {
  Hold(id, false);
  children_.erase(id);
}

void TaskState::Listen(bool on) {
  if (on == listening_) return;
  listening_ = on;
  auto& queue = engine_.task().queue();
  if (on)
    queue.Listen(engine_.loop().mailbox(), Deliver);
  else
    queue.Listen(nullptr, nullptr);
  // The main task is kept by the tasks that it started; any other by wanting to hear.
  if (engine_.task().is_main()) return;
  on ? engine_.loop().Hold() : engine_.loop().Release();
}

void TaskState::Tell(Event event, std::span<const JSValueRef> values) {
  JSContextRef context = engine_.context();
  std::vector<JSValueRef> arguments{JSValueMakeNumber(context, event)};
  arguments.insert(arguments.end(), values.begin(), values.end());
  if (dispatch_ != nullptr) engine_.Call(dispatch_, arguments);
}

// On the parent's thread.
void TaskState::Ended(int id, const TaskEnd& end) {
  Engine* engine = Engine::Current();
  if (engine == nullptr) return;
  TaskState& state = engine->State<TaskState>();
  JSContextRef context = engine->context();
  JSValueRef values[] = {JSValueMakeNumber(context, id), JSValueMakeNumber(context, end.code),
                         MakeString(context, end.error),
                         JSValueMakeBoolean(context, end.out_of_memory)};
  state.Tell(kEnded, values);
  state.Detach(id);
}

void TaskState::Deliver() {
  if (Engine* engine = Engine::Current()) engine->State<TaskState>().DeliverSome();
}

void TaskState::DeliverSome() {
  auto& queue = engine_.task().queue();
  for (int i = 0; i < kMessagesPerTurn && listening_ && !engine_.ending(); ++i) {
    auto message = queue.Pop();
    if (!message) break;
    JSContextRef context = engine_.context();
    JSValueRef values[] = {JSValueMakeNumber(context, message->from),
                           JSValueMakeNumber(context, static_cast<double>(message->kind)),
                           MessageData(context, *message),
                           message->addition.empty() ? JSValueMakeUndefined(context)
                                                     : Utf16Value(context, message->addition)};
    Tell(kMessage, values);
  }
  if (listening_) queue.Listen(engine_.loop().mailbox(), Deliver);
}

}  // namespace sluice::js
