// What TLS streams tell: secrets, sessions, names, protocols and keys that are asked for.
#include "bind/net/state.h"
#include "engine/text.h"
#include "engine/value.h"
#include "grant/grant.h"

namespace sluice::js {
void NetState::OnKeylog(TlsStream& stream, std::string_view line) {
  if (grant::ToUse(grant::Scope::kCapture).error() != 0) return;
  Tell(stream.tag, NetEvent::kKeylog, MakeString(engine_.context(), line));
}

void NetState::OnSession(TlsStream& stream, std::span<const uint8_t> session) {
  // Below another TLS stream, whose number it has, nobody asked for its sessions.
  if (this->stream(static_cast<uint32_t>(stream.tag)) != &stream) return;
  Tell(stream.tag, NetEvent::kSession, MakeBytes(engine_.context(), session));
}

void NetState::OnHello(TlsStream& stream, const std::string& server_name) {
  Tell(stream.tag, NetEvent::kHello, MakeName(engine_.context(), server_name));
}

void NetState::OnProtocols(TlsStream& stream, const std::string& server_name,
                           std::span<const uint8_t> offer) {
  JSContextRef context = engine_.context();
  Tell(stream.tag, NetEvent::kProtocols, MakeString(context, server_name),
       MakeBytes(context, offer));
}

void NetState::OnServerSession(TlsStream& stream, std::span<const uint8_t> id,
                               std::span<const uint8_t> session) {
  if (this->stream(static_cast<uint32_t>(stream.tag)) != &stream) return;  // as for OnSession
  JSContextRef context = engine_.context();
  Tell(stream.tag, NetEvent::kServerSession, MakeBytes(context, id), MakeBytes(context, session));
}

bool NetState::OnPsk(TlsStream& stream, const char* text, PreSharedKey* key) {
  JSContextRef context = engine_.context();
  JSValueRef said = text != nullptr ? MakeString(context, text) : JSValueMakeUndefined(context);
  JSValueRef arguments[] = {JSValueMakeNumber(context, static_cast<double>(stream.tag)),
                            JSValueMakeNumber(context, static_cast<double>(NetEvent::kPsk)), said};
  // Without ticks and jobs afterwards: OpenSSL is at work, and what they do may close the stream.
  JSValueRef exception = nullptr;
  JSValueRef answer = JSObjectCallAsFunction(context, dispatch_, nullptr, std::size(arguments),
                                             arguments, &exception);
  if (exception != nullptr || answer == nullptr || !JSValueIsObject(context, answer)) return false;
  auto* list = const_cast<JSObjectRef>(JSValueToObject(context, answer, nullptr));
  // lib/internal/tls/psk.js: a Uint8Array and a text.
  JSValueRef first = JSObjectGetPropertyAtIndex(context, list, 0, nullptr);
  if (JSValueGetTypedArrayType(context, first, nullptr) != kJSTypedArrayTypeUint8Array)
    return false;
  auto* view = const_cast<JSObjectRef>(first);
  auto* data = static_cast<uint8_t*>(JSObjectGetTypedArrayBytesPtr(context, view, nullptr));
  if (data == nullptr) return false;
  data += JSObjectGetTypedArrayByteOffset(context, view, nullptr);
  key->key.assign(data, data + JSObjectGetTypedArrayByteLength(context, view, nullptr));
  key->identity = Text(context, JSObjectGetPropertyAtIndex(context, list, 1, nullptr));
  return true;
}

}  // namespace sluice::js
