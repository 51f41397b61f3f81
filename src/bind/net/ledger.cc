// Internal. binding('ledger'): what the ledger knows of connections, as JSON texts of one form
// (ledger/json.h).
#include <algorithm>

#include "bind/net/state.h"
#include "engine/value.h"
#include "ledger/json.h"
#include "ledger/loop_ledger.h"

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

// quiet(id of a stream) → ms since a byte came or went; 0 while bytes wait to be written
JSValueRef Quiet(Call& call) {
  Stream* stream = StreamOf(call);
  const ConnectionRecord* record = stream != nullptr ? stream->record() : nullptr;
  if (record == nullptr || stream->queued() > 0) return call.number_value(0);
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
// first; undefined if there is no such code
JSValueRef Recent(Call& call) {
  Ledger::Filter filter;
  filter.account = static_cast<uint64_t>(call.integer(0));
  if (!call.is_undefined(1)) filter.group = call.string(1);
  if (!call.is_undefined(2)) {
    filter.code = CloseCodeOf(call.string(2));
    if (filter.code == CloseCode::kNone) return call.undefined();
  }
  if (!call.is_undefined(3)) filter.peer = call.string(3);
  if (!call.is_undefined(4)) filter.since_ms = WallClock().LoopTime(call.number(4));
  if (!call.is_undefined(5)) filter.limit = static_cast<size_t>(call.integer(5));
  return JsonOf(call, Ledger::Recent(filter));
}

// note(id, code) sets the cause of the end, if there is none yet
JSValueRef Note(Call& call) {
  if (Stream* stream = StreamOf(call)) stream->Note(CloseReason::Of(CloseCodeOf(call.string(1))));
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

constexpr FunctionEntry kFunctions[] = {
    {"note", Guarded<Note>},     {"refuse", Guarded<Refuse>}, {"info", Guarded<Info>},
    {"closed", Guarded<Closed>}, {"reason", Guarded<Reason>}, {"reasonOf", Guarded<ReasonOf>},
    {"list", Guarded<List>},     {"recent", Guarded<Recent>}, {"quiet", Guarded<Quiet>},
};

}  // namespace

void BindLedger(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
