// Internal. binding('group'): server groups, over the listeners of binding('net'), which tells of
// what becomes of members.
#include <algorithm>

#include "bind/net/state.h"
#include "engine/task.h"
#include "engine/value.h"
#include "sluice/server.h"

namespace sluice::js {
namespace {

// lead(listenerId, group, subs, whether it encrypts) → whether the name was free: makes the
// listener a group's master
JSValueRef Lead(Call& call) {
  int64_t subs = call.integer(2);
  std::string name = call.string(1);
  if (call.failed() || State(call).listener(Id(call)) == nullptr || subs < 0 ||
      subs > static_cast<int64_t>(Task::kMaxTasks))
    return call.boolean_value(false);
  Transport transport = call.boolean(3) ? Transport::kTls : Transport::kTcp;
  return call.boolean_value(State(call).Lead(Id(call), name, static_cast<int>(subs), transport) !=
                            nullptr);
}

// join() → number of this task's seat in its group, 0 if the master is gone
JSValueRef Join(Call& call) {
  return call.number_value(State(call).Join());
}

// retire(seat): this sub takes no more connections; what its master says comes until close()
JSValueRef Retire(Call& call) {
  State(call).Retire(Id(call));
  return call.undefined();
}

JSValueRef Indices(Call& call, const std::vector<int>& list) {
  std::vector<JSValueRef> indices;
  for (int index : list) indices.push_back(call.number_value(index));
  return call.array_value(indices);
}

// closeGroup(listenerId) → indices of the subs that are told: no more accepting and hand-overs.
// The number stays, for what subs report, until close().
JSValueRef CloseGroup(Call& call) {
  NetState& state = State(call);
  if (Listener* listener = state.listener(Id(call))) listener->Close();
  Group* group = state.group(Id(call));
  return Indices(call, group != nullptr ? group->Close() : std::vector<int>());
}

// drainGroup(listenerId, text) tells the ready subs how they are drained
JSValueRef DrainGroup(Call& call) {
  std::string how = call.string(1);
  if (Group* group = State(call).group(Id(call))) group->Drain(how);
  return call.undefined();
}

// countDrained(how many ended by themselves, by the drain, by its deadline) tells the master what
// became of the connections of this sub
JSValueRef CountDrained(Call& call) {
  const TaskOptions& task = call.engine().task().options();
  if (!task.group) return call.undefined();
  for (size_t i = 0; i < 3; ++i)
    task.group->member(task.member)->drained[i] = static_cast<uint64_t>(call.integer(i));
  return call.undefined();
}

// drained(listenerId, index) → those numbers of a member
JSValueRef DrainedOf(Call& call) {
  Group* group = State(call).group(Id(call));
  auto index = static_cast<int>(call.integer(1));
  if (group == nullptr || !group->member(index)) return call.undefined();
  std::vector<JSValueRef> numbers;
  for (const auto& count : group->member(index)->drained)
    numbers.push_back(call.number_value(static_cast<double>(count.load())));
  return call.array_value(numbers);
}

// leftGroup() → whether the master closed the group: this sub's connections have ended
JSValueRef LeftGroup(Call& call) {
  const TaskOptions& task = call.engine().task().options();
  return call.boolean_value(task.group && task.group->Closed(task.member));
}

// setBalance(listenerId, 0 round-robin | 1 least connections | 2 by kPick)
JSValueRef SetBalance(Call& call) {
  int64_t mode = call.integer(1);
  if (Group* group = State(call).group(Id(call)))
    group->set_balance(mode == 1 ? Balance::kLeastConnections : Balance::kRoundRobin);
  State(call).set_picks(Id(call), mode == 2);
  return call.undefined();
}

// setWriteLimit(listenerId, bytes that may wait in all members; 0: no limit)
JSValueRef SetWriteLimit(Call& call) {
  if (Group* group = State(call).group(Id(call)))
    group->queues().set_limit(static_cast<uint64_t>(std::max<int64_t>(call.integer(1), 0)));
  return call.undefined();
}

// readyMembers(listenerId) → indices
JSValueRef ReadyMembers(Call& call) {
  Group* group = State(call).group(Id(call));
  return Indices(call, group != nullptr ? group->Ready() : std::vector<int>());
}

// member(listenerId, index) → [state, connections, connections in all, bytes in, bytes out]
JSValueRef NumbersOf(Call& call) {
  Group* group = State(call).group(Id(call));
  auto index = static_cast<int>(call.integer(1));
  if (group == nullptr || !group->member(index)) return call.undefined();
  MemberNumbers numbers = group->numbers(index);
  auto value = [&](uint64_t count) { return call.number_value(static_cast<double>(count)); };
  JSValueRef parts[] = {call.number_value(static_cast<double>(group->state(index))),
                        value(numbers.connections), value(numbers.connections_total),
                        value(numbers.bytes_in), value(numbers.bytes_out)};
  return call.array_value(parts);
}

// memberEnd(listenerId, index) → [code, error, stack] of a sub whose task ended
JSValueRef MemberEndOf(Call& call) {
  Group* group = State(call).group(Id(call));
  MemberEnd end = group != nullptr ? group->end(static_cast<int>(call.integer(1))) : MemberEnd{};
  JSValueRef parts[] = {call.number_value(end.code), call.string_value(end.error),
                        call.string_value(end.stack)};
  return call.array_value(parts);
}

constexpr FunctionEntry kFunctions[] = {
    {"lead", Guarded<Lead>},
    {"join", Guarded<Join>},
    {"retire", Guarded<Retire>},
    {"closeGroup", Guarded<CloseGroup>},
    {"drainGroup", Guarded<DrainGroup>},
    {"countDrained", Guarded<CountDrained>},
    {"drained", Guarded<DrainedOf>},
    {"leftGroup", Guarded<LeftGroup>},
    {"setBalance", Guarded<SetBalance>},
    {"setWriteLimit", Guarded<SetWriteLimit>},
    {"readyMembers", Guarded<ReadyMembers>},
    {"member", Guarded<NumbersOf>},
    {"memberEnd", Guarded<MemberEndOf>},
};

}  // namespace

void BindGroup(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
