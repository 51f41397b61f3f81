// Internal. binding('ledger'): what the ledger knows of connections, as JSON texts of one form
// (ledger/json.h).
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "bind/net/state.h"
#include "engine/denied.h"
#include "engine/task.h"
#include "engine/text.h"
#include "engine/value.h"
#include "grant/grant.h"
#include "ledger/capture.h"
#include "ledger/json.h"
#include "ledger/loop_ledger.h"
#include "ledger/peer_filter.h"

namespace sluice::js {
namespace {

constexpr size_t kMostAtOnce = 256;  // snapshots of a call, so that no turn becomes long

JSValueRef JsonOf(Call& call, const std::vector<ConnectionInfo>& list) {
  WallClock clock;
  JsonWriter json;
  json.Open('[');
  for (const ConnectionInfo& info : list) Put(json, info, clock);
  return call.string_value(json.Close(']').text());
}

// info(id of a stream) → a snapshot with TCP_INFO, undefined for what is no open connection
JSValueRef Info(Call& call) {
  Stream* stream = StreamOf(call);
  const ConnectionRecord* record = stream != nullptr ? stream->record() : nullptr;
  if (record == nullptr || !record->entered()) return call.undefined();
  JsonWriter json;
  Put(json, record->Snapshot(true), WallClock());
  return call.string_value(json.text());
}

// closed(connection's id) → the last closed one of that id, undefined if it is not kept any more
JSValueRef Closed(Call& call) {
  Ledger::Filter filter;
  filter.id = static_cast<uint64_t>(call.integer(0));
  filter.limit = 1;
  auto found = Ledger::Recent(filter);
  if (found.empty()) return call.undefined();
  JsonWriter json;
  Put(json, found.front(), WallClock());
  return call.string_value(json.text());
}

// reason(id of a stream) → number of the CloseCode, 0 for none yet
JSValueRef Reason(Call& call) {
  Stream* stream = StreamOf(call);
  const ConnectionRecord* record = stream != nullptr ? stream->record() : nullptr;
  CloseReason reason = record != nullptr ? record->reason() : CloseReason();
  return call.number_value(static_cast<double>(reason.code));
}

// reasonOf(number of a CloseCode) → its {by, code} as JSON
JSValueRef ReasonOf(Call& call) {
  int64_t code = call.integer(0);
  if (code < 0 || code >= static_cast<int64_t>(kCloseCodes)) code = 0;
  JsonWriter json;
  Put(json, CloseReason::Of(static_cast<CloseCode>(code)));
  return call.string_value(json.text());
}

// quiet(id of a stream) → ms since a byte came or went; 0 while bytes wait to be written, or read
JSValueRef Quiet(Call& call) {
  Stream* stream = StreamOf(call);
  const ConnectionRecord* record = stream != nullptr ? stream->record() : nullptr;
  if (record == nullptr || stream->queued() > 0 || record->unread() > 0)
    return call.number_value(0);
  uint64_t now = call.engine().loop().now();
  uint64_t last = record->last_moved();
  return call.number_value(now > last ? static_cast<double>(now - last) : 0);
}

// list(account, place, whether with TCP_INFO) → [place to go on from or 0, JSON of an array]
JSValueRef List(Call& call) {
  std::vector<ConnectionInfo> found;
  auto place = static_cast<size_t>(std::max<int64_t>(call.integer(1), 0));
  place = LoopLedger::Of(call.engine().loop())
              .List(place, kMostAtOnce, call.boolean(2), static_cast<uint64_t>(call.integer(0)),
                    &found);
  JSValueRef parts[] = {call.number_value(static_cast<double>(place)), JsonOf(call, found)};
  return call.array_value(parts);
}

// recent(account, group, code, peer, since in ms of 1970, limit) → JSON of an array, the last
// first; undefined if there is no such code, null if peer names none
JSValueRef Recent(Call& call) {
  Ledger::Filter filter;
  filter.account = static_cast<uint64_t>(call.integer(0));
  // Of any account and group: those of other tasks too.
  bool all = filter.account == 0 && call.is_undefined(1);
  if (all && grant::ToUse(grant::Scope::kControl).error() != 0) return ThrowDenied(call);
  if (!call.is_undefined(1)) filter.group = call.string(1);
  if (!call.is_undefined(2)) {
    filter.code = CloseCodeOf(call.string(2));
    if (filter.code == CloseCode::kNone) return call.undefined();
  }
  if (!call.is_undefined(3)) filter.peer = call.string(3);
  if (!filter.peer.empty() && !PeerFilter::Parse(filter.peer)) return call.null();
  if (!call.is_undefined(4)) filter.since_ms = WallClock().LoopTime(call.number(4));
  if (!call.is_undefined(5)) filter.limit = static_cast<size_t>(call.integer(5));
  return JsonOf(call, Ledger::Recent(filter));
}

// note(id, code) sets the cause of the end, if there is none yet
JSValueRef Note(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Note(CloseReason::Of(CloseCodeOf(call.string(1))));
  return call.undefined();
}

// draining(group or '', whether a server of it begins to drain or has ended that)
JSValueRef Draining(Call& call) {
  LoopLedger::Of(call.engine().loop()).SetDraining(call.string(0), call.boolean(1));
  return call.undefined();
}

// refuse(id of an accepted stream, a name of Refusal) closes it, and counts it as refused
JSValueRef Refuse(Call& call) {
  NetState& state = State(call);
  Stream* stream = StreamOf(call);
  if (stream == nullptr) return call.undefined();
  if (ConnectionRecord* record = stream->record())
    record->account().Refuse(RefusalOf(call.string(1)));
  stream->Note(CloseReason::Of(CloseCode::kAdmission));
  stream->Close();
  state.Remove(Id(call));
  return call.undefined();
}

// ---- Captures

// Those of a loop whose numbers were not told yet.
struct Captures final : LoopState {
  explicit Captures(Loop& owner) : loop(owner) {}
  struct One {
    std::weak_ptr<Capture> capture;
    bool stopping = false;  // the loop goes on until its numbers are told
  };
  void Told(double number) {
    auto found = open.find(number);
    if (found == open.end()) return;
    if (found->second.stopping) loop.Release();
    open.erase(found);
  }
  Loop& loop;
  std::map<double, One> open;
};

JSValueRef ResultOf(JSContextRef context, const CaptureNumbers& numbers) {
  JsonWriter json;
  json.Open('{').Member("connections", numbers.connections).Member("packets", numbers.packets);
  json.Member("dropped", numbers.dropped).Member("bytes", numbers.bytes);
  json.Member("error", numbers.error).Close('}');
  return MakeString(context, json.text());
}

// capture(account, group, file, whether records, peer or undefined, ids or undefined, snap, bytes,
// ms, callback(JSON of its numbers)) → its number, or -errno
JSValueRef StartCapture(Call& call) {
  if (grant::ToUse(grant::Scope::kCapture).error() != 0) return ThrowDenied(call);
  CaptureOptions options;
  auto account = static_cast<uint64_t>(call.integer(0));
  std::string group = call.is_undefined(1) ? "" : call.string(1);
  options.file = call.name(2);
  options.records = call.boolean(3);
  std::string peer = call.is_undefined(4) ? "" : call.string(4);
  std::set<uint64_t> ids;
  if (!call.is_undefined(5)) {
    std::span<uint8_t> bytes = call.bytes(5);  // a Float64Array
    for (size_t i = 0; i + sizeof(double) <= bytes.size(); i += sizeof(double)) {
      double id;
      std::memcpy(&id, bytes.data() + i, sizeof id);
      ids.insert(static_cast<uint64_t>(id));
    }
  }
  options.snap = static_cast<uint32_t>(call.integer(6));
  options.max_bytes = static_cast<uint64_t>(call.integer(7));
  options.max_ms = static_cast<uint64_t>(call.integer(8));
  JSObjectRef callback = call.object(9);
  if (call.failed()) return call.undefined();
  auto peers = AddressRange::Parse(peer);
  if (!peer.empty() && !peers) return call.number_value(-EINVAL);
  options.wants = [account, group, peers, ids](const ConnectionInfo& info) {
    if (group.empty() ? info.account != account : info.group != group) return false;
    return (!peers || peers->Contains(info.peer)) && (ids.empty() || ids.contains(info.id));
  };
  static std::atomic<double> last{0};
  double number = last = last + 1;
  JSValueProtect(call.context(), callback);
  std::shared_ptr<Mailbox> mailbox = call.engine().loop().mailbox();
  options.ended = [mailbox, callback, number](const CaptureNumbers& numbers) {
    mailbox->Post([numbers, callback, number] {
      Engine& engine = *Engine::Current();
      engine.loop().State<Captures>().Told(number);
      JSValueRef text = ResultOf(engine.context(), numbers);
      engine.Call(callback, {&text, 1});
      JSValueUnprotect(engine.context(), callback);
    });
  };
  Error error;
  std::shared_ptr<Capture> capture = Capture::Start(std::move(options), &error);
  if (!capture) {
    JSValueUnprotect(call.context(), callback);
    return call.number_value(-static_cast<double>(error.number));
  }
  call.engine().loop().State<Captures>().open[number].capture = capture;
  return call.number_value(number);
}

// stopCapture(number)
JSValueRef StopCapture(Call& call) {
  Captures& captures = call.engine().loop().State<Captures>();
  auto found = captures.open.find(call.number(0));
  if (found == captures.open.end()) return call.undefined();
  if (auto capture = found->second.capture.lock()) capture->Stop();
  if (!std::exchange(found->second.stopping, true)) captures.loop.Hold();
  return call.undefined();
}

// ---- Limits of writes

ConnectionRecord* RecordOf(Call& call) {
  Stream* stream = StreamOf(call);
  return stream != nullptr ? stream->record() : nullptr;
}

// hold(id of a stream, bytes that wait in JavaScript) → whether too many wait in all
JSValueRef Hold(Call& call) {
  ConnectionRecord* record = RecordOf(call);
  auto bytes = static_cast<uint64_t>(std::max<int64_t>(call.integer(1), 0));
  return call.boolean_value(record != nullptr && record->Hold(bytes));
}

// longest() → ids of the connections of this task with the longest queues, which must end
JSValueRef Longest(Call& call) {
  std::vector<JSValueRef> ids;
  for (const LoopLedger::Place& place : LoopLedger::Of(call.engine().loop()).Longest())
    ids.push_back(call.number_value(static_cast<double>(place.id)));
  return call.array_value(ids);
}

// exceeded(id) counts a write that was refused
JSValueRef Exceeded(Call& call) {
  if (ConnectionRecord* record = RecordOf(call)) record->account().Exceed(WriteLimit::kSocket);
  return call.undefined();
}

// limitWrites(id, bytes, ms that so many may wait, ms without an acknowledgement), 0: no limit
JSValueRef LimitWrites(Call& call) {
  ConnectionRecord* record = RecordOf(call);
  if (record == nullptr) return call.undefined();
  auto number = [&](size_t i) {
    return static_cast<uint64_t>(std::max<int64_t>(call.integer(i), 0));
  };
  auto limits = std::make_shared<ConnectionLimits>();
  if (record->limits() != nullptr) *limits = *record->limits();
  limits->soft_bytes = number(1);
  limits->soft_ms = number(2);
  limits->write_stall = number(3);
  record->SetLimits(std::move(limits));
  return call.undefined();
}

// writeLimit(0 of the task | 1 of the process[, bytes]) → bytes; 0: no limit
JSValueRef WriteLimitOf(Call& call) {
  Loop& loop = call.engine().loop();
  bool process = call.integer(0) == 1;
  if (!call.is_undefined(1)) {
    auto bytes = static_cast<uint64_t>(std::max<int64_t>(call.integer(1), 0));
    // That of the process ends connections of all tasks.
    if (process && grant::ToUse(grant::Scope::kControl).error() != 0) return ThrowDenied(call);
    process ? SetProcessWriteLimit(bytes)
            : SetTaskWriteLimit(
                  loop, Quota::AtMost(bytes, call.engine().task().options().quota.write_queue));
  }
  return call.number_value(
      static_cast<double>(process ? ProcessWriteLimit() : TaskWriteLimit(loop)));
}

constexpr FunctionEntry kFunctions[] = {
    {"hold", Guarded<Hold>},
    {"longest", Guarded<Longest>},
    {"exceeded", Guarded<Exceeded>},
    {"limitWrites", Guarded<LimitWrites>},
    {"writeLimit", Guarded<WriteLimitOf>},
    {"note", Guarded<Note>},
    {"refuse", Guarded<Refuse>},
    {"info", Guarded<Info>},
    {"closed", Guarded<Closed>},
    {"reason", Guarded<Reason>},
    {"reasonOf", Guarded<ReasonOf>},
    {"list", Guarded<List>},
    {"recent", Guarded<Recent>},
    {"capture", Guarded<StartCapture>},
    {"stopCapture", Guarded<StopCapture>},
    {"quiet", Guarded<Quiet>},
    {"draining", Guarded<Draining>},
};

}  // namespace

void BindLedger(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Text("peerExpected", PeerFilter::kExpected);
}

}  // namespace sluice::js
