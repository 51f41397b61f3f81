// Internal. binding('tls'): TLS over the streams of binding('net'). A stream that is wrapped keeps
// its number; what TLS adds arrives through the same dispatch (bind/net/state.h).
#include "sluice/tls.h"

#include "bind/net/state.h"
#include "bind/tls/handle.h"
#include "bind/tls/parts.h"
#include "engine/error_value.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

TlsStream* TlsOf(Call& call) {
  return dynamic_cast<TlsStream*>(StreamOf(call));
}

// wrap(id, options, session) makes the stream of that number a TLS one. Throws if it cannot;
// returns whether the session, if any, is offered.
JSValueRef Wrap(Call& call) {
  NetState& state = State(call);
  Stream* lower = StreamOf(call);
  auto options = TlsArgument<const TlsOptions>(call, 1);
  if (!options) return call.undefined();
  std::span<const uint8_t> session;
  if (!call.is_undefined(2)) session = call.bytes(2);
  if (call.failed()) return call.undefined();
  Error error;
  auto stream = TlsStream::Wrap(Ref<Stream>(lower), options, &state, &state, &error);
  if (!stream) return ThrowError(call, error);
  bool offered = !session.empty() && stream->SetSession(session);
  state.Replace(Id(call), Ref<Stream>(stream.get()));
  return call.boolean_value(offered);
}

// setSession(id, bytes), setServerName(id, name) → whether it is so now; before start()
JSValueRef SetSession(Call& call) {
  TlsStream* stream = TlsOf(call);
  auto session = call.bytes(1);
  return call.boolean_value(stream != nullptr && !call.failed() && stream->SetSession(session));
}

JSValueRef SetServerName(Call& call) {
  TlsStream* stream = TlsOf(call);
  return call.boolean_value(stream != nullptr && stream->SetServerName(call.string(1)));
}

// start(id, early) begins the handshake; early: bytes read from the plain stream already
JSValueRef Start(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  std::span<const uint8_t> early;
  if (!call.is_undefined(1)) early = call.bytes(1);
  if (!call.failed()) stream->Start(early);
  return call.undefined();
}

// choose(id, context or undefined, OCSP response or undefined) answers kHello
JSValueRef Choose(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  std::span<const uint8_t> response;
  if (!call.is_undefined(2)) response = call.bytes(2);
  if (!call.failed())
    stream->Choose(FromTlsHandle<const TlsContext>(call.context(), call[1]), response);
  return call.undefined();
}

// chooseProtocol(id, name or undefined) answers kProtocols
JSValueRef ChooseProtocol(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  std::string protocol;
  if (!call.is_undefined(1)) protocol = call.string(1);
  if (!call.failed()) stream->ChooseProtocol(protocol);
  return call.undefined();
}

// giveSession(id, session or undefined) answers kLookup → whether the session is well-formed
JSValueRef GiveSession(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.boolean_value(true);
  std::span<const uint8_t> session;
  if (!call.is_undefined(1)) session = call.bytes(1);
  return call.failed() ? call.undefined() : call.boolean_value(stream->GiveSession(session));
}

// setKeyCert(id, context) → whether the connection shows that context's certificate now
JSValueRef SetKeyCert(Call& call) {
  TlsStream* stream = TlsOf(call);
  auto context = FromTlsHandle<const TlsContext>(call.context(), call[1]);
  return call.boolean_value(stream != nullptr && context && stream->UseCertificate(*context));
}

// ---- What a connection tells; undefined where there is no TLS stream of that number

JSValueRef TextOr(Call& call, const std::string& text) {
  return text.empty() ? call.undefined() : call.string_value(text);
}

JSValueRef BytesOr(Call& call, const std::vector<uint8_t>& bytes) {
  return bytes.empty() ? call.undefined() : MakeBytes(call.context(), bytes);
}

template <std::string (TlsStream::*getter)() const>
JSValueRef Text(Call& call) {
  TlsStream* stream = TlsOf(call);
  return stream != nullptr ? TextOr(call, (stream->*getter)()) : call.undefined();
}

template <std::vector<uint8_t> (TlsStream::*getter)() const>
JSValueRef Bytes(Call& call) {
  TlsStream* stream = TlsOf(call);
  return stream != nullptr ? BytesOr(call, (stream->*getter)()) : call.undefined();
}

template <bool (TlsStream::*getter)() const>
JSValueRef Flag(Call& call) {
  TlsStream* stream = TlsOf(call);
  return call.boolean_value(stream != nullptr && (stream->*getter)());
}

// cipher(id) → {name, standardName, version}
JSValueRef Cipher(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  auto cipher = stream->cipher();
  if (cipher.name.empty()) return call.undefined();
  JSObjectRef object = JSObjectMake(call.context(), nullptr, nullptr);
  Set(call.context(), object, "name", call.string_value(cipher.name));
  Set(call.context(), object, "standardName", call.string_value(cipher.standard_name));
  Set(call.context(), object, "version", call.string_value(cipher.version));
  return object;
}

// ephemeralKey(id) → {type, name, size}, {} on a server
JSValueRef EphemeralKey(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  auto key = stream->ephemeral_key();
  JSObjectRef object = JSObjectMake(call.context(), nullptr, nullptr);
  if (key.type.empty()) return object;
  Set(call.context(), object, "type", call.string_value(key.type));
  if (!key.name.empty()) Set(call.context(), object, "name", call.string_value(key.name));
  Set(call.context(), object, "size",
      key.bits > 0 ? call.number_value(key.bits) : call.undefined());
  return object;
}

// exportKeyingMaterial(id, size, label, context or undefined) → bytes or undefined
JSValueRef ExportKeyingMaterial(Call& call) {
  TlsStream* stream = TlsOf(call);
  int64_t size = call.integer(1);
  if (stream == nullptr || size <= 0 || size > 65536) return call.undefined();
  std::optional<std::span<const uint8_t>> context;
  if (!call.is_undefined(3)) context = call.bytes(3);
  std::string label = call.string(2);
  if (call.failed()) return call.undefined();
  auto bytes = stream->ExportKeyingMaterial(static_cast<size_t>(size), label, context);
  return bytes ? MakeBytes(call.context(), *bytes) : call.undefined();
}

JSValueRef SharedSigalgs(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  return MakeStrings(call.context(), stream->shared_signature_algorithms());
}

// peerCertificates(id) → array of DER, leaf first
JSValueRef PeerCertificates(Call& call) {
  TlsStream* stream = TlsOf(call);
  JSObjectRef array = JSObjectMakeArray(call.context(), 0, nullptr, nullptr);
  if (stream == nullptr) return array;
  unsigned index = 0;
  for (const auto& der : stream->peer_certificates())
    JSObjectSetPropertyAtIndex(call.context(), array, index++, MakeBytes(call.context(), der),
                               nullptr);
  return array;
}

// verifyError(id) → {code, message} or undefined
JSValueRef VerifyError(Call& call) {
  TlsStream* stream = TlsOf(call);
  if (stream == nullptr) return call.undefined();
  Error error = stream->verify_error();
  return error ? JSValueRef{ErrorFields(call.context(), error)} : call.undefined();
}

// setMaxFragment(id, bytes) → whether it was taken
JSValueRef SetMaxFragment(Call& call) {
  TlsStream* stream = TlsOf(call);
  int64_t bytes = call.integer(1);
  return call.boolean_value(stream != nullptr && bytes > 0 &&
                            stream->SetMaxFragment(static_cast<size_t>(bytes)));
}

constexpr FunctionEntry kFunctions[] = {
    {"wrap", Guarded<Wrap>},
    {"setSession", Guarded<SetSession>},
    {"setServerName", Guarded<SetServerName>},
    {"start", Guarded<Start>},
    {"choose", Guarded<Choose>},
    {"chooseProtocol", Guarded<ChooseProtocol>},
    {"giveSession", Guarded<GiveSession>},
    {"setKeyCert", Guarded<SetKeyCert>},
    {"protocol", Guarded<Text<&TlsStream::protocol>>},
    {"session", Guarded<Bytes<&TlsStream::session>>},
    {"tlsTicket", Guarded<Bytes<&TlsStream::tls_ticket>>},
    {"finished", Guarded<Bytes<&TlsStream::finished>>},
    {"peerFinished", Guarded<Bytes<&TlsStream::peer_finished>>},
    {"ocspResponse", Guarded<Bytes<&TlsStream::ocsp_response>>},
    {"ownCertificate", Guarded<Bytes<&TlsStream::own_certificate>>},
    {"asksOcsp", Guarded<Flag<&TlsStream::asks_ocsp>>},
    {"secure", Guarded<Flag<&TlsStream::secure>>},
    {"sessionReused", Guarded<Flag<&TlsStream::session_reused>>},
    {"truncated", Guarded<Flag<&TlsStream::truncated>>},
    {"cipher", Guarded<Cipher>},
    {"ephemeralKey", Guarded<EphemeralKey>},
    {"exportKeyingMaterial", Guarded<ExportKeyingMaterial>},
    {"sharedSigalgs", Guarded<SharedSigalgs>},
    {"peerCertificates", Guarded<PeerCertificates>},
    {"verifyError", Guarded<VerifyError>},
    {"setMaxFragment", Guarded<SetMaxFragment>},
};

}  // namespace

void BindTls(Binder& binder) {
  binder.Functions(kFunctions);
  AddTlsContexts(binder);
  AddTlsDuplexes(binder);
  AddTlsFormats(binder);
}

}  // namespace sluice::js
