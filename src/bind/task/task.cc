// Internal. binding('task'): tasks and their messages for lib/internal/task.
#include "engine/task.h"

#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "bind/task/permission.h"
#include "bind/task/ports.h"
#include "bind/task/state.h"
#include "engine/denied.h"
#include "engine/value.h"
#include "grant/holdings.h"
#include "sys/files.h"

namespace sluice::js {
namespace {

std::u16string Utf16At(Call& call, size_t i) {
  String text(JSValueToStringCopy(call.context(), call[i], call.exception()));
  return text.get() != nullptr ? std::u16string(text.utf16()) : std::u16string();
}

// The message in arguments i (kind), i+1 (data) and i+2 (addition).
Message MessageAt(Call& call, size_t i) {
  Message message;
  message.kind = static_cast<Message::Kind>(std::clamp<int64_t>(call.integer(i), 0, 3));
  if (message.kind == Message::Kind::kBytes) {
    auto bytes = call.bytes(i + 1);
    message.byte_count = bytes.size();
    message.bytes = std::make_unique_for_overwrite<uint8_t[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), message.bytes.get());
    if (!call.is_undefined(i + 2)) message.addition = Utf16At(call, i + 2);
  } else if (message.kind != Message::Kind::kNone) {
    message.text = Utf16At(call, i + 1);
  }
  return message;
}

TaskState& State(Call& call) {
  return call.engine().State<TaskState>();
}
Task& Mine(Call& call) {
  return call.engine().task();
}
// The task whose id is the first argument, or null.
std::shared_ptr<Task> Other(Call& call) {
  double id = call.number(0);
  if (!(id >= 1 && id <= 2147483647)) return nullptr;
  return Task::Find(static_cast<int>(id));
}
JSValueRef Number(Call& call, double value) {
  return call.number_value(value);
}

// What a function returns that may be the last one: value, unless this task was asked to end.
JSValueRef EndedOr(Call& call, JSValueRef value) {
  call.engine().CheckEnd();
  return call.engine().ending() ? call.Terminate() : value;
}

JSValueRef SetDispatch(Call& call) {
  if (JSObjectRef function = call.object(0)) State(call).set_dispatch(function);
  return call.undefined();
}

// The process.argv of a task that runs a file: after it the arguments of this one's program.
std::vector<std::string> ArgumentsFor(Call& call, const std::string& file) {
  const EngineOptions& mine = call.engine().options();
  std::vector<std::string> arguments{mine.arguments[0], file};
  size_t own = mine.entry.empty() ? 1 : 2;
  if (mine.arguments.size() > own)
    arguments.insert(arguments.end(), mine.arguments.begin() + static_cast<ptrdiff_t>(own),
                     mine.arguments.end());
  return arguments;
}

// spawn(file, kind, data, permission, quotas…) → id or -errno
JSValueRef Spawn(Call& call) {
  TaskOptions options;
  options.file = call.string(0);
  options.name = options.file;
  options.arguments = ArgumentsFor(call, options.file);
  options.exec_arguments = call.engine().options().exec_arguments;
  options.argument = MessageAt(call, 1);
  int refused = SetSubject(call, options.file, 3, options);
  SetQuota(call, 4, options);
  if (call.failed()) return call.undefined();
  if (refused != 0) return Number(call, refused);
  return Number(call, State(call).Spawn(std::move(options)));
}

// spawnSub(file, group, member, permission, quotas…) → id or -errno: a task for a sub of a group of
// this task's
JSValueRef SpawnSub(Call& call) {
  TaskOptions options;
  options.file = call.string(0);
  options.arguments = ArgumentsFor(call, options.file);
  options.exec_arguments = call.engine().options().exec_arguments;
  options.group = Group::Find(call.string(1));
  options.member = static_cast<int>(call.integer(2));
  int refused = SetSubject(call, options.file, 3, options);
  SetQuota(call, 4, options);
  if (call.failed()) return call.undefined();
  if (refused != 0) return Number(call, refused);
  if (!options.group || options.member < 1 || !options.group->member(options.member))
    return Number(call, -EINVAL);
  options.name = options.group->member(options.member)->name();
  options.group->Starting(options.member);
  return Number(call, State(call).Spawn(std::move(options)));
}

std::vector<std::string> StringsAt(Call& call, size_t i) {
  std::vector<std::string> list;
  for (JSValueRef value : Elements(call.context(), call[i], call.exception()))
    list.push_back(Text(call.context(), value));
  return list;
}

// spawnWorker(name, port, preload, execArgv, maxHeap, stackSize, file) → id or -errno: a task that
// hears by the port what to run, and takes it over. The sizes are in bytes, 0 for the usual ones.
JSValueRef SpawnWorker(Call& call) {
  TaskOptions options;
  options.name = call.string(0);
  options.arguments = {call.engine().options().arguments[0]};
  options.preload = StringsAt(call, 2);
  options.exec_arguments = StringsAt(call, 3);
  if (int64_t bytes = call.integer(4); bytes > 0) options.max_heap = static_cast<uint64_t>(bytes);
  options.stack_size = static_cast<size_t>(std::max<int64_t>(call.integer(5), 0));
  int refused = SetSubject(call, call.is_undefined(6) ? "" : call.string(6), 7, options);
  if (call.failed()) return call.undefined();
  if (refused != 0) return Number(call, refused);
  auto port = ReleasePort(call.engine(), static_cast<int>(call.integer(1)));
  options.port = std::make_shared<PortOwner>(std::move(port));
  return Number(call, State(call).Spawn(std::move(options)));
}

// workerPort() → the number of the port that this task got from who started it
JSValueRef WorkerPort(Call& call) {
  const auto& port = Mine(call).options().port;
  if (!port || !*port) return call.undefined();
  return Number(call, AdoptPort(call.engine(), std::move(*port)));
}

// hold(id, on): whether a task that this one started keeps it
JSValueRef Hold(Call& call) {
  State(call).Hold(static_cast<int>(call.integer(0)), call.boolean(1));
  return call.undefined();
}

// beginWait(buffer, offset), endWait(): around a wait for what Atomics.notify() tells at that byte.
JSValueRef BeginWait(Call& call) {
  Mine(call).SetWait(SharedMemory::Of(call.context(), call[0]),
                     static_cast<size_t>(std::max<int64_t>(call.integer(1), 0)));
  return EndedOr(call, call.undefined());
}
JSValueRef EndWait(Call& call) {
  Mine(call).SetWait(nullptr, 0);
  return EndedOr(call, call.undefined());
}

// waitOf(id) → [a view of the memory, offset] where a task waits, or undefined
JSValueRef WaitOf(Call& call) {
  auto task = Other(call);
  if (!task) return call.undefined();
  auto [memory, offset] = task->wait();
  JSObjectRef view = memory ? memory->Make(call.context()) : nullptr;
  if (view == nullptr) return call.undefined();
  return call.array_value({view, Number(call, static_cast<double>(offset))});
}

// argument() → [kind, data], or undefined
JSValueRef Argument(Call& call) {
  const Message& argument = Mine(call).options().argument;
  if (argument.kind == Message::Kind::kNone) return call.undefined();
  Message copy;
  copy.kind = argument.kind;
  copy.text = argument.text;
  copy.byte_count = argument.byte_count;
  copy.bytes = std::make_unique_for_overwrite<uint8_t[]>(copy.byte_count);
  std::copy_n(argument.bytes.get(), argument.bytes ? copy.byte_count : 0, copy.bytes.get());
  JSValueRef parts[] = {Number(call, static_cast<double>(copy.kind)),
                        MessageData(call.context(), copy)};
  return call.array_value(parts);
}

// send(id, kind, data, addition) → whether it was queued
JSValueRef Send(Call& call) {
  auto task = Other(call);
  if (!task) return call.boolean_value(false);
  Message message = MessageAt(call, 1);
  if (call.failed()) return call.undefined();
  message.from = Mine(call).id();
  return call.boolean_value(task->queue().Push(std::move(message)));
}

// recv(timeoutMs) → [kind, from, data, addition], or undefined
JSValueRef Receive(Call& call) {
  Task& mine = Mine(call);
  int64_t timeout = call.integer(0);
  auto message = mine.queue().Wait(timeout);
  call.engine().CheckEnd();
  if (call.engine().ending()) return call.Terminate();
  if (!message) {
    // Each wait after a request to cancel is ended by it once; the program then looks.
    if (mine.cancel_requested()) mine.queue().Resume();
    return call.undefined();
  }
  JSContextRef context = call.context();
  JSValueRef parts[] = {
      Number(call, static_cast<double>(message->kind)), Number(call, message->from),
      MessageData(context, *message),
      message->addition.empty() ? call.undefined() : Utf16Value(context, message->addition)};
  return JSObjectMakeArray(context, 4, parts, call.exception());
}

JSValueRef Listen(Call& call) {
  State(call).Listen(call.boolean(0));
  return call.undefined();
}
JSValueRef Flush(Call& call) {
  Mine(call).queue().Clear();
  return call.undefined();
}

// currentSize(id), bufferSize(id) → bytes, or -1
JSValueRef CurrentSize(Call& call) {
  auto task = Other(call);
  return Number(call, task ? static_cast<double>(task->queue().size()) : -1);
}
JSValueRef BufferSize(Call& call) {
  auto task = Other(call);
  return Number(call, task ? static_cast<double>(task->queue().capacity()) : -1);
}
JSValueRef SetBufferSize(Call& call) {
  auto task = Other(call);
  if (task) task->queue().set_capacity(static_cast<size_t>(std::max<int64_t>(call.integer(1), 0)));
  return call.boolean_value(task != nullptr);
}

JSValueRef Descriptor(Call& call) {
  int fd = Mine(call).queue().Descriptor();
  grant::Hold(fd, grant::kUsable);
  return Number(call, fd);
}
JSValueRef Me(Call& call) {
  return Number(call, Mine(call).id());
}
JSValueRef Parent(Call& call) {
  return Number(call, Mine(call).parent());
}
JSValueRef Alive(Call& call) {
  return call.boolean_value(Other(call) != nullptr);
}
JSValueRef Count(Call& call) {
  return Number(call, static_cast<double>(Task::Count()));
}

JSValueRef List(Call& call) {
  std::vector<JSValueRef> ids;
  for (int id : Task::List()) ids.push_back(Number(call, id));
  return call.array_value(ids);
}

JSValueRef Yield(Call& call) {
  sched_yield();
  return call.undefined();
}

// cancel(id) → whether there is such a task
JSValueRef Cancel(Call& call) {
  auto task = Other(call);
  if (task && !MayEnd(call.engine().task(), *task)) return ThrowDenied(call);
  if (task) task->RequestCancel();
  return call.boolean_value(task != nullptr);
}
JSValueRef TestCancel(Call& call) {
  return call.boolean_value(Mine(call).cancel_requested());
}

// end(id, code[, error, stack]): ends another task's JavaScript, and why
JSValueRef End(Call& call) {
  auto task = Other(call);
  if (!task || task->is_main()) return call.undefined();
  if (!MayEnd(call.engine().task(), *task)) return ThrowDenied(call);
  if (!call.is_undefined(2)) task->SetFailure(call.string(2), call.string(3), EndCause::kWatchdog);
  task->RequestEnd(static_cast<int>(call.integer(1)));
  return call.undefined();
}

JSValueRef Detach(Call& call) {
  State(call).Detach(static_cast<int>(call.integer(0)));
  return call.undefined();
}

// priority(id, nice) → 0 or -errno
JSValueRef Priority(Call& call) {
  auto task = Other(call);
  if (task && !MayEnd(call.engine().task(), *task)) return ThrowDenied(call);
  return Number(call, task ? task->SetPriority(static_cast<int>(call.integer(1))) : -ESRCH);
}

// failed(error, stack): what ends this task
JSValueRef Failed(Call& call) {
  Mine(call).SetFailure(call.string(0), call.string(1));
  return call.undefined();
}

// setMaxHeap(id, bytes); 0 for no limit
JSValueRef SetMaxHeap(Call& call) {
  auto task = Other(call);
  if (task && (!MayEnd(call.engine().task(), *task) ||
               (grant::Restricted() && task->id() == Mine(call).id())))
    return ThrowDenied(call);
  if (task) task->SetMaxHeap(static_cast<uint64_t>(std::max<int64_t>(call.integer(1), 0)));
  return call.undefined();
}

// wantStack(id), and takeStack(id) → string, "" while there is none
JSValueRef WantStack(Call& call) {
  auto task = Other(call);
  if (task && !MayEnd(call.engine().task(), *task)) return ThrowDenied(call);
  if (task) task->WantStack();
  return call.undefined();
}
JSValueRef TakeStack(Call& call) {
  auto task = Other(call);
  return call.string_value(task ? task->TakeStack() : "");
}

// load(id) → [ms the current turn has lasted, 0 while it waits; ms of the last turn; heap bytes]
JSValueRef Load(Call& call) {
  auto task = Other(call);
  if (!task) return call.undefined();
  auto now = call.engine().loop().Refresh();
  uint64_t since = task->busy_since;
  JSValueRef parts[] = {
      Number(call, since != 0 && now > since ? static_cast<double>(now - since) : 0),
      Number(call, static_cast<double>(task->last_turn_ms)),
      Number(call, static_cast<double>(task->heap_bytes))};
  return call.array_value(parts);
}

// setProgramDirectory(path), and programDirectory(): where the main task's program is
JSValueRef SetProgramDirectory(Call& call) {
  Task::SetProgramDirectory(call.string(0));
  return call.undefined();
}
JSValueRef ProgramDirectory(Call& call) {
  return call.string_value(Task::ProgramDirectory());
}

JSValueRef IsFile(Call& call) {
  struct statx status;
  auto path = grant::ToPath(call.string(0), grant::kTask | grant::kQuiet);
  return call.boolean_value(sys::GetStatus(path, &status) == 0 && S_ISREG(status.stx_mode));
}

constexpr FunctionEntry kFunctions[] = {
    {"setDispatch", Guarded<SetDispatch>},
    {"spawn", Guarded<Spawn>},
    {"spawnSub", Guarded<SpawnSub>},
    {"spawnWorker", Guarded<SpawnWorker>},
    {"workerPort", Guarded<WorkerPort>},
    {"hold", Guarded<Hold>},
    {"beginWait", Last(Guarded<BeginWait>)},
    {"endWait", Last(Guarded<EndWait>)},
    {"waitOf", Guarded<WaitOf>},
    {"argument", Guarded<Argument>},
    {"send", Guarded<Send>},
    {"recv", Last(Guarded<Receive>)},
    {"listen", Guarded<Listen>},
    {"flush", Guarded<Flush>},
    {"currentSize", Guarded<CurrentSize>},
    {"bufferSize", Guarded<BufferSize>},
    {"setBufferSize", Guarded<SetBufferSize>},
    {"fd", Guarded<Descriptor>},
    {"me", Guarded<Me>},
    {"parent", Guarded<Parent>},
    {"alive", Guarded<Alive>},
    {"count", Guarded<Count>},
    {"list", Guarded<List>},
    {"yield", Guarded<Yield>},
    {"cancel", Guarded<Cancel>},
    {"testCancel", Guarded<TestCancel>},
    {"end", Guarded<End>},
    {"detach", Guarded<Detach>},
    {"priority", Guarded<Priority>},
    {"failed", Guarded<Failed>},
    {"setMaxHeap", Guarded<SetMaxHeap>},
    {"wantStack", Guarded<WantStack>},
    {"takeStack", Guarded<TakeStack>},
    {"load", Guarded<Load>},
    {"setProgramDirectory", Guarded<SetProgramDirectory>},
    {"programDirectory", Guarded<ProgramDirectory>},
    {"isFile", Guarded<IsFile>},
    {"checkStart", Guarded<CheckStart>},
};

}  // namespace

void BindTask(Binder& binder) {
  binder.Functions(kFunctions);
  const Task& task = Engine::Current()->task();
  binder.Number("id", task.id());
  binder.Text("name", task.name());
  binder.Text("group", task.options().group ? task.options().group->name() : "");
  binder.Number("member", task.options().member);
  binder.Value("isWorker", JSValueMakeBoolean(binder.context(), task.options().port != nullptr));
  binder.Number("maxTasks", static_cast<double>(Task::kMaxTasks));
  binder.Number("defaultMaxHeap", static_cast<double>(TaskOptions::DefaultMaxHeap()));
}

}  // namespace sluice::js
