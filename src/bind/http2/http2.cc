// Internal. binding('http2'): sessions (bind/http2/session.h).
#ifdef SLUICE_HTTP2
#include "bind/http2/session.h"
#include "engine/text.h"
#include "sluice/loop.h"
#else
#include "engine/value.h"
#endif

namespace sluice::js {
namespace {

#ifdef SLUICE_HTTP2

const Nghttp2& Library() {
  std::string why;
  return *FindNghttp2(&why);  // load() was called
}

class Handle final : public NativeObject {
 public:
  explicit Handle(std::shared_ptr<Http2Session> held) : session(std::move(held)) {}
  size_t cost() const override { return session->cost(); }
  const std::shared_ptr<Http2Session> session;
};

Http2Session* SessionOf(Call& call) {
  auto* handle = NativeArgument<Handle>(call, 0);
  return handle != nullptr ? handle->session.get() : nullptr;
}

// load() throws ERR_FEATURE_UNAVAILABLE where the library is not there; → its version
JSValueRef Load(Call& call) {
  std::string why;
  const Nghttp2* library = FindNghttp2(&why);
  if (library != nullptr) return call.string_value(library->version(0)->version_str);
  return call.ThrowError("http2 needs libnghttp2: " + why, "ERR_FEATURE_UNAVAILABLE");
}

// create(server, numbers of Http2Limits in their order…) → session
JSValueRef Create(Call& call) {
  auto count = [&](size_t i) { return static_cast<uint32_t>(call.integer(i)); };
  Http2Limits limits{count(1),
                     count(2),
                     count(3),
                     count(4),
                     count(5),
                     count(6),
                     count(7),
                     count(8),
                     call.number(9),
                     call.number(10),
                     call.number(11),
                     call.boolean(12),
                     static_cast<Http2Padding>(call.integer(13))};
  if (call.failed()) return call.undefined();
  auto session = Http2Session::Make(Library(), call.boolean(0), limits);
  if (!session) return call.ThrowError("no memory for an HTTP/2 session", "ENOMEM");
  return MakeNative(call.context(), std::make_shared<Handle>(std::move(session)));
}

JSValueRef Latin1(JSContextRef context, const std::string& text) {
  StringMaker<uint8_t> maker(text.size());
  std::copy(text.begin(), text.end(), maker.data());
  return maker.Finish(context);
}

// What happened, as [event, stream, a, b, text, event…]; undefined if nothing.
JSValueRef HappenedValue(Call& call, Http2Session& session) {
  if (!session.any()) return call.undefined();
  auto happened = session.Take();
  JSContextRef context = call.context();
  JSObjectRef array = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  auto add = [&](JSValueRef value) {
    JSObjectSetPropertyAtIndex(context, array, index++, value, nullptr);
  };
  for (const auto& one : happened) {
    add(call.number_value(static_cast<int>(one.event)));
    add(call.number_value(one.stream));
    add(call.number_value(one.a));
    add(call.number_value(one.b));
    add(one.text.empty() ? call.undefined() : Latin1(context, one.text));
  }
  return array;
}

// receive(session, bytes) → what happened
JSValueRef Receive(Call& call) {
  Http2Session* session = SessionOf(call);
  auto bytes = call.bytes(1);
  if (call.failed()) return call.undefined();
  session->Receive(bytes, call.engine().loop().now());
  return HappenedValue(call, *session);
}

// take(session) → what happened
JSValueRef Take(Call& call) {
  Http2Session* session = SessionOf(call);
  return session != nullptr ? HappenedValue(call, *session) : call.undefined();
}

// send(session, most) → bytes, or undefined
JSValueRef Send(Call& call) {
  Http2Session* session = SessionOf(call);
  auto most = static_cast<size_t>(call.integer(1));
  if (call.failed()) return call.undefined();
  auto bytes = session->Send(most);
  return bytes.empty() ? call.undefined() : MakeBytes(call.context(), bytes);
}

// What the program sends: fields are bytes (see Http2Session); → number, negative: of an error.
// request(session, fields, end, trailers), respond(session, id, fields, end, trailers)
JSValueRef Request(Call& call) {
  Http2Session* session = SessionOf(call);
  auto fields = call.bytes(1);
  if (call.failed()) return call.undefined();
  return call.number_value(session->Request(fields, call.boolean(2), call.boolean(3)));
}

JSValueRef Respond(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  auto fields = call.bytes(2);
  if (call.failed()) return call.undefined();
  return call.number_value(session->Respond(id, fields, call.boolean(3), call.boolean(4)));
}

// inform(session, id, fields), trailers(session, id, fields), push(session, id, fields),
// write(session, id, bytes)
template <int32_t (Http2Session::*function)(int32_t, std::span<const uint8_t>)>
JSValueRef OfStream(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  auto bytes = call.bytes(2);
  if (call.failed()) return call.undefined();
  return call.number_value((session->*function)(id, bytes));
}

// end(session, id), reset(session, id, code), consumed(session, id, bytes)
JSValueRef End(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  return call.failed() ? call.undefined() : call.number_value(session->End(id));
}

JSValueRef Reset(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  auto code = static_cast<uint32_t>(call.integer(2));
  return call.failed() ? call.undefined() : call.number_value(session->Reset(id, code));
}

JSValueRef Consumed(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  auto bytes = static_cast<size_t>(std::max<int64_t>(call.integer(2), 0));
  if (!call.failed()) session->Consumed(id, bytes);
  return call.undefined();
}

// settings(session, id, value, id, value…) → 0 or an error
JSValueRef Settings(Call& call) {
  Http2Session* session = SessionOf(call);
  std::vector<nghttp2_settings_entry> entries;
  for (size_t i = 1; i + 1 < call.size(); i += 2)
    entries.push_back(
        {static_cast<int32_t>(call.integer(i)), static_cast<uint32_t>(call.integer(i + 1))});
  return call.failed() ? call.undefined() : call.number_value(session->Settings(entries));
}

// ping(session, 8 bytes) → 0 or an error
JSValueRef Ping(Call& call) {
  Http2Session* session = SessionOf(call);
  auto payload = call.bytes(1);
  if (call.failed()) return call.undefined();
  if (payload.size() != 8) return call.ThrowRangeError("a ping has 8 bytes", "ERR_OUT_OF_RANGE");
  return call.number_value(
      session->library().submit_ping(session->get(), NGHTTP2_FLAG_NONE, payload.data()));
}

// goaway(session, code, last stream or 0 for the last that was begun, data) → 0 or an error
JSValueRef Goaway(Call& call) {
  Http2Session* session = SessionOf(call);
  auto code = static_cast<uint32_t>(call.integer(1));
  auto last = static_cast<int32_t>(call.integer(2));
  auto data = call.bytes(3);
  if (call.failed()) return call.undefined();
  return call.number_value(session->Goaway(code, last, data));
}

// terminate(session, code): tells the peer, and takes nothing more from it
JSValueRef Terminate(Call& call) {
  Http2Session* session = SessionOf(call);
  auto code = static_cast<uint32_t>(call.integer(1));
  if (call.failed()) return call.undefined();
  return call.number_value(session->Terminate(code));
}

// window(session, size) → 0 or an error: how much the peer may send before it is consumed
JSValueRef Window(Call& call) {
  Http2Session* session = SessionOf(call);
  auto size = static_cast<int32_t>(call.integer(1));
  if (call.failed()) return call.undefined();
  return call.number_value(
      session->library().session_set_local_window_size(session->get(), NGHTTP2_FLAG_NONE, 0, size));
}

// altsvc(session, id, origin, value), origin(session, text…): bytes → 0 or an error
JSValueRef Altsvc(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  auto origin = call.bytes(2), value = call.bytes(3);
  if (call.failed()) return call.undefined();
  return call.number_value(session->library().submit_altsvc(session->get(), NGHTTP2_FLAG_NONE, id,
                                                            origin.data(), origin.size(),
                                                            value.data(), value.size()));
}

JSValueRef Origin(Call& call) {
  Http2Session* session = SessionOf(call);
  std::vector<nghttp2_origin_entry> origins;
  for (size_t i = 1; i < call.size(); i++) {
    auto text = call.bytes(i);
    origins.push_back({text.data(), text.size()});
  }
  if (call.failed()) return call.undefined();
  return call.number_value(session->library().submit_origin(session->get(), NGHTTP2_FLAG_NONE,
                                                            origins.data(), origins.size()));
}

JSValueRef Numbers(Call& call, std::initializer_list<double> numbers) {
  std::vector<JSValueRef> values;
  for (double number : numbers) values.push_back(call.number_value(number));
  return call.array_value(values);
}

// alive(session), memory(session)
JSValueRef Alive(Call& call) {
  Http2Session* session = SessionOf(call);
  return session != nullptr ? call.boolean_value(session->alive()) : call.undefined();
}

// The values of both sides, of numbers 1 to 6 and 8: localSettings(session),
// remoteSettings(session)
template <auto Nghttp2::*function>
JSValueRef SettingsOf(Call& call) {
  Http2Session* session = SessionOf(call);
  if (session == nullptr) return call.undefined();
  auto get = [&](int id) -> double {
    return (session->library().*function)(session->get(), static_cast<nghttp2_settings_id>(id));
  };
  return Numbers(call, {get(1), get(2), get(3), get(4), get(5), get(6), get(8)});
}

// state(session) → numbers in the order of lib/internal/http2/session.js
JSValueRef State(Call& call) {
  Http2Session* session = SessionOf(call);
  if (session == nullptr) return call.undefined();
  const Nghttp2& library = session->library();
  nghttp2_session* of = session->get();
  return Numbers(call, {static_cast<double>(library.session_get_effective_local_window_size(of)),
                        static_cast<double>(library.session_get_effective_recv_data_length(of)),
                        static_cast<double>(library.session_get_next_stream_id(of)),
                        static_cast<double>(library.session_get_local_window_size(of)),
                        static_cast<double>(library.session_get_last_proc_stream_id(of)),
                        static_cast<double>(library.session_get_remote_window_size(of)),
                        static_cast<double>(library.session_get_outbound_queue_size(of)),
                        static_cast<double>(library.session_get_hd_deflate_dynamic_table_size(of)),
                        static_cast<double>(library.session_get_hd_inflate_dynamic_table_size(of)),
                        static_cast<double>(session->memory())});
}

// streamState(session, id) → [state, local close, remote close, local window], or undefined
JSValueRef StreamState(Call& call) {
  Http2Session* session = SessionOf(call);
  auto id = static_cast<int32_t>(call.integer(1));
  if (call.failed()) return call.undefined();
  const Nghttp2& library = session->library();
  nghttp2_session* of = session->get();
  nghttp2_stream* stream = library.session_find_stream(of, id);
  if (stream == nullptr) return call.undefined();
  return Numbers(
      call, {static_cast<double>(library.stream_get_state(stream)),
             static_cast<double>(library.session_get_stream_local_close(of, id)),
             static_cast<double>(library.session_get_stream_remote_close(of, id)),
             static_cast<double>(library.session_get_stream_effective_local_window_size(of, id))});
}

// errorText(number) → what the library says of an error
JSValueRef ErrorText(Call& call) {
  return call.string_value(Library().strerror(static_cast<int>(call.integer(0))));
}

constexpr FunctionEntry kFunctions[] = {
    {"load", Guarded<Load>},
    {"create", Guarded<Create>},
    {"receive", Guarded<Receive>},
    {"take", Guarded<Take>},
    {"send", Guarded<Send>},
    {"request", Guarded<Request>},
    {"respond", Guarded<Respond>},
    {"inform", Guarded<OfStream<&Http2Session::Inform>>},
    {"trailers", Guarded<OfStream<&Http2Session::Trailers>>},
    {"push", Guarded<OfStream<&Http2Session::Push>>},
    {"write", Guarded<OfStream<&Http2Session::Write>>},
    {"end", Guarded<End>},
    {"reset", Guarded<Reset>},
    {"consumed", Guarded<Consumed>},
    {"settings", Guarded<Settings>},
    {"ping", Guarded<Ping>},
    {"goaway", Guarded<Goaway>},
    {"terminate", Guarded<Terminate>},
    {"window", Guarded<Window>},
    {"altsvc", Guarded<Altsvc>},
    {"origin", Guarded<Origin>},
    {"alive", Guarded<Alive>},
    {"localSettings", Guarded<SettingsOf<&Nghttp2::session_get_local_settings>>},
    {"remoteSettings", Guarded<SettingsOf<&Nghttp2::session_get_remote_settings>>},
    {"state", Guarded<State>},
    {"streamState", Guarded<StreamState>},
    {"errorText", Guarded<ErrorText>},
};

#else

JSValueRef Load(Call& call) {
  return call.ThrowError("http2 is not available: this sluice was built without libnghttp2",
                         "ERR_FEATURE_UNAVAILABLE");
}

constexpr FunctionEntry kFunctions[] = {{"load", Guarded<Load>}};

#endif

}  // namespace

void BindHttp2(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
