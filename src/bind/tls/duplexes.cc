// Internal. Of binding('tls'): TLS over streams that JavaScript moves the bytes of.
#include "bind/net/state.h"
#include "bind/tls/duplex_stream.h"
#include "bind/tls/parts.h"

namespace sluice::js {
namespace {

DuplexStream* DuplexOf(Call& call) {
  return dynamic_cast<DuplexStream*>(BottomOf(StreamOf(call)));
}

// createDuplex() → id of a stream that JavaScript moves the bytes of; it must be wrapped.
// feed(id, bytes), feedEnd(id), duplexFailed(id), written(id): see bind/tls/duplex_stream.h
JSValueRef CreateDuplex(Call& call) {
  NetState& state = State(call);
  return call.number_value(state.Add(Ref<Stream>(DuplexStream::Make(state).get())));
}

JSValueRef Feed(Call& call) {
  DuplexStream* duplex = DuplexOf(call);
  auto bytes = call.bytes(1);
  if (duplex != nullptr && !call.failed()) duplex->Feed(bytes);
  return call.undefined();
}

JSValueRef FeedEnd(Call& call) {
  if (DuplexStream* duplex = DuplexOf(call)) duplex->FeedEnd();
  return call.undefined();
}

JSValueRef DuplexFailed(Call& call) {
  if (DuplexStream* duplex = DuplexOf(call)) duplex->Failed();
  return call.undefined();
}

JSValueRef Written(Call& call) {
  if (DuplexStream* duplex = DuplexOf(call)) duplex->Written();
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"createDuplex", Guarded<CreateDuplex>}, {"feed", Guarded<Feed>},
    {"feedEnd", Guarded<FeedEnd>},           {"duplexFailed", Guarded<DuplexFailed>},
    {"written", Guarded<Written>},
};

}  // namespace

void AddTlsDuplexes(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
