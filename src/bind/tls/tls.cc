// Internal. binding('tls'): contexts, certificates by name, ticket keys and TLS over the streams of
// binding('net'). A stream that is wrapped keeps its number; what TLS adds arrives through the
// same dispatch (bind/net/state.h). Contexts, stores, keys and options are opaque objects.
#include "sluice/tls.h"

#include <openssl/ssl.h>

#include <cmath>

#include "bind/net/state.h"
#include "bind/tls/certificate_value.h"
#include "bind/tls/duplex_stream.h"
#include "bind/tls/handle.h"
#include "engine/error_value.h"
#include "engine/task.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

TlsStream* TlsOf(Call& call) {
  return dynamic_cast<TlsStream*>(StreamOf(call));
}
DuplexStream* DuplexOf(Call& call) {
  return dynamic_cast<DuplexStream*>(BottomOf(StreamOf(call)));
}

// Fields reads a plain object of options, each property once.
class Fields {
 public:
  Fields(Call& call, size_t i) : call_(call), object_(call.object(i)) {}
  explicit operator bool() const { return object_ != nullptr; }

  JSValueRef value(const char* name) const {
    return object_ != nullptr ? Get(call_.context(), object_, name) : call_.undefined();
  }
  bool has(const char* name) const {
    JSValueRef found = value(name);
    return !JSValueIsUndefined(call_.context(), found) && !JSValueIsNull(call_.context(), found);
  }
  std::string text(const char* name) const { return has(name) ? Content(value(name)) : ""; }
  bool flag(const char* name, bool otherwise) const {
    return has(name) ? JSValueToBoolean(call_.context(), value(name)) : otherwise;
  }
  double number(const char* name, double otherwise) const {
    if (!has(name)) return otherwise;
    double found = JSValueToNumber(call_.context(), value(name), call_.exception());
    return std::isfinite(found) && found >= 0 ? found : otherwise;
  }
  std::vector<std::string> list(const char* name) const {
    std::vector<std::string> all;
    for (JSValueRef one : Elements(call_.context(), value(name), call_.exception()))
      all.push_back(Content(one));
    return all;
  }
  // Each a string, bytes, or [data, passphrase].
  std::vector<TlsSecret> secrets(const char* name) const {
    std::vector<TlsSecret> all;
    for (JSValueRef one : Elements(call_.context(), value(name), call_.exception())) {
      auto pair = Elements(call_.context(), one, call_.exception());
      if (pair.size() == 2) {
        all.push_back({Content(pair[0]), Content(pair[1])});
      } else {
        all.push_back({Content(one), ""});
      }
    }
    return all;
  }

 private:
  // A string as UTF-8, or the bytes of a Buffer; nothing else is converted.
  std::string Content(JSValueRef value) const {
    if (call_.failed() || JSValueIsUndefined(call_.context(), value)) return {};
    Call one(call_.context(), 1, &value, call_.exception());
    if (one.is_string(0)) return one.string(0);
    auto bytes = one.bytes(0);
    return call_.failed() ? std::string()
                          : std::string(reinterpret_cast<char*>(bytes.data()), bytes.size());
  }

  Call& call_;
  JSObjectRef object_;
};

template <class T>
std::shared_ptr<T> Handle(Call& call, size_t i) {
  auto found = FromTlsHandle<T>(call.context(), call[i]);
  if (!found)
    call.ThrowTypeError("argument " + std::to_string(i + 1) + " is not the TLS object expected",
                        "ERR_INVALID_ARG_TYPE");
  return found;
}

// ---- Contexts and certificates

// createContext({cert, key, pfx, ca, extraCa, crl: arrays of strings, bytes or [data, passphrase];
// defaultCa, lenientCa, minVersion, maxVersion (0x0303…), ciphers, ecdhCurve, sigalgs, dhparam,
// honorCipherOrder, secureOptions, sessionIdContext, sessionTimeout (s), ticketKeys}) → context.
// Throws with code, reason and library.
JSValueRef CreateContext(Call& call) {
  Fields fields(call, 0);
  if (!fields) return call.undefined();
  TlsContextOptions options;
  options.certificates = fields.list("cert");
  options.keys = fields.secrets("key");
  options.archives = fields.secrets("pfx");
  options.authorities = fields.list("ca");
  options.extra_authorities = fields.list("extraCa");
  options.lenient_authorities = fields.flag("lenientCa", false);
  options.revocation_lists = fields.list("crl");
  options.default_authorities = fields.flag("defaultCa", false);
  options.min_version = static_cast<int>(fields.number("minVersion", options.min_version));
  options.max_version = static_cast<int>(fields.number("maxVersion", options.max_version));
  options.ciphers = fields.text("ciphers");
  options.curves = fields.text("ecdhCurve");
  options.signature_algorithms = fields.text("sigalgs");
  options.dh_parameters = fields.text("dhparam");
  options.honor_cipher_order = fields.flag("honorCipherOrder", true);
  options.extra_options = static_cast<uint64_t>(fields.number("secureOptions", 0));
  options.session_id_context = fields.text("sessionIdContext");
  options.session_timeout_s =
      static_cast<uint32_t>(fields.number("sessionTimeout", options.session_timeout_s));
  options.ticket_keys = FromTlsHandle<TicketKeys>(call.context(), fields.value("ticketKeys"));
  if (call.failed()) return call.undefined();
  Error error;
  auto context = TlsContext::Create(options, &error);
  for (auto& secret : options.keys) OPENSSL_cleanse(secret.data.data(), secret.data.size());
  if (!context) return ThrowError(call, error);
  return MakeTlsHandle(call.context(), std::move(context));
}

// contextCertificate(context) → DER of its certificate, or undefined
JSValueRef ContextCertificate(Call& call) {
  auto context = Handle<const TlsContext>(call, 0);
  if (!context || !context->has_certificate()) return call.undefined();
  return MakeBytes(call.context(), Der(context->certificate(), i2d_X509));
}

// contextIssuer(context) → DER of who signed its certificate, or undefined
JSValueRef ContextIssuer(Call& call) {
  auto context = Handle<const TlsContext>(call, 0);
  if (!context) return call.undefined();
  auto issuer = context->issuer();
  return issuer.empty() ? call.undefined() : MakeBytes(call.context(), issuer);
}

JSValueRef CreateStore(Call& call) {
  return MakeTlsHandle(call.context(), std::make_shared<CertificateStore>());
}

// storeSet(store, name, context, verifyClient) → whether it was taken; name "" is the default
JSValueRef StoreSet(Call& call) {
  auto store = Handle<CertificateStore>(call, 0);
  auto context = Handle<const TlsContext>(call, 2);
  if (!store || !context) return call.undefined();
  return call.boolean_value(store->Set(call.string(1), context, call.boolean(3)));
}

// storeRemove(store, name) → whether there was one
JSValueRef StoreRemove(Call& call) {
  auto store = Handle<CertificateStore>(call, 0);
  return store ? call.boolean_value(store->Remove(call.string(1))) : call.undefined();
}

// storeList(store) → [{name, subject, issuer, serialNumber, subjectaltname, fingerprint256,
// validFrom, validTo (ms since 1970), verifyClient}…]
JSValueRef StoreList(Call& call) {
  auto store = Handle<CertificateStore>(call, 0);
  if (!store) return call.undefined();
  JSContextRef context = call.context();
  JSObjectRef array = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  for (const auto& entry : store->List()) {
    CertificateInfo info = entry.context->Describe();
    JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
    Set(context, object, "name", MakeString(context, entry.name));
    Set(context, object, "subject", MakeString(context, info.subject));
    Set(context, object, "issuer", MakeString(context, info.issuer));
    Set(context, object, "serialNumber", MakeString(context, info.serial));
    Set(context, object, "subjectaltname", MakeString(context, info.names));
    Set(context, object, "fingerprint256", MakeString(context, info.fingerprint));
    Set(context, object, "validFrom",
        call.number_value(static_cast<double>(info.valid_from) * 1e3));
    Set(context, object, "validTo", call.number_value(static_cast<double>(info.valid_to) * 1e3));
    Set(context, object, "verifyClient", call.boolean_value(entry.verify_client));
    JSObjectSetPropertyAtIndex(context, array, index++, object, nullptr);
  }
  return array;
}

// createTicketKeys([48 or 80 bytes]) → keys
JSValueRef CreateTicketKeys(Call& call) {
  auto keys = std::make_shared<TicketKeys>();
  if (!call.is_undefined(0)) {
    auto bytes = call.bytes(0);
    if (call.failed()) return call.undefined();
    if (!keys->Set(bytes))
      return call.ThrowRangeError("Session ticket keys must be a 48-byte buffer",
                                  "ERR_INVALID_ARG_VALUE");
  }
  return MakeTlsHandle(call.context(), std::move(keys));
}

JSValueRef TicketKeysGet(Call& call) {
  auto keys = Handle<TicketKeys>(call, 0);
  return keys ? MakeBytes(call.context(), keys->Get()) : call.undefined();
}

// ticketKeysSet(keys, bytes) → false if their number is wrong
JSValueRef TicketKeysSet(Call& call) {
  auto keys = Handle<TicketKeys>(call, 0);
  if (!keys) return call.undefined();
  auto bytes = call.bytes(1);
  return call.failed() ? call.undefined() : call.boolean_value(keys->Set(bytes));
}

JSValueRef TicketKeysRotate(Call& call) {
  if (auto keys = Handle<TicketKeys>(call, 0)) keys->Rotate();
  return call.undefined();
}

// createOptions({server, context, certificates, ipCertificates, requestCert, rejectUnauthorized,
// servername, verifyName, alpn: array, handshakeTimeout (ms), failOnTruncation, choose, keylog,
// sessions, requestOCSP}) → options for any number of connections
JSValueRef CreateOptions(Call& call) {
  Fields fields(call, 0);
  if (!fields) return call.undefined();
  auto options = std::make_shared<TlsOptions>();
  JSContextRef context = call.context();
  options->server = fields.flag("server", false);
  options->context = FromTlsHandle<const TlsContext>(context, fields.value("context"));
  options->certificates = FromTlsHandle<CertificateStore>(context, fields.value("certificates"));
  options->ip_certificates = fields.flag("ipCertificates", false);
  options->request_certificate = fields.flag("requestCert", false);
  options->reject_unauthorized = fields.flag("rejectUnauthorized", true);
  options->server_name = fields.text("servername");
  options->verify_name = fields.text("verifyName");
  options->alpn = EncodeAlpn(fields.list("alpn"));
  options->handshake_timeout_ms = static_cast<uint64_t>(
      fields.number("handshakeTimeout", static_cast<double>(options->handshake_timeout_ms)));
  options->fail_on_truncation = fields.flag("failOnTruncation", false);
  options->choose = fields.flag("choose", false);
  options->keylog = fields.flag("keylog", false);
  options->sessions = fields.flag("sessions", false);
  options->request_ocsp = fields.flag("requestOCSP", false);
  if (call.failed()) return call.undefined();
  return MakeTlsHandle(context, std::shared_ptr<const TlsOptions>(std::move(options)));
}

// What all tasks of a server group encrypt with. The master's; constant, and its parts are shared.
struct GroupTls {
  std::shared_ptr<const TlsOptions> options;
  std::shared_ptr<CertificateStore> store;
};

// setGroupTls(listenerId, options, store): the subs to come find them by groupTls()
JSValueRef SetGroupTls(Call& call) {
  Group* group = State(call).group(Id(call));
  auto options = Handle<const TlsOptions>(call, 1);
  auto store = Handle<CertificateStore>(call, 2);
  if (group != nullptr && options && store)
    group->set_shared(std::make_shared<GroupTls>(GroupTls{options, store}));
  return call.undefined();
}

// groupTls() → [options, store] of the group that this task is a sub of, undefined if it is none
// or does not encrypt
JSValueRef GroupTlsOf(Call& call) {
  const TaskOptions& task = call.engine().task().options();
  auto shared = task.group ? std::static_pointer_cast<GroupTls>(task.group->shared()) : nullptr;
  if (!shared) return call.undefined();
  JSValueRef parts[] = {MakeTlsHandle(call.context(), shared->options),
                        MakeTlsHandle(call.context(), shared->store)};
  return JSObjectMakeArray(call.context(), 2, parts, call.exception());
}

// ---- Connections

// wrap(id, options, session) makes the stream of that number a TLS one. Throws if it cannot;
// returns whether the session, if any, is offered.
JSValueRef Wrap(Call& call) {
  NetState& state = State(call);
  Stream* lower = StreamOf(call);
  auto options = Handle<const TlsOptions>(call, 1);
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
  Set(call.context(), object, "size", call.number_value(key.bits));
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

// ---- Without a connection

// parseCertificate(DER) → what getPeerCertificate() shows, or undefined
JSValueRef ParseCertificate(Call& call) {
  auto bytes = call.bytes(0);
  if (call.failed()) return call.undefined();
  auto details = ReadCertificate(bytes);
  return details ? JSValueRef{CertificateValue(call.context(), *details)} : call.undefined();
}

JSValueRef RootCertificates(Call& call) {
  return MakeStrings(call.context(), SystemAuthorities());
}

// ciphers() → the names of all that OpenSSL has, in small letters
JSValueRef Ciphers(Call& call) {
  std::vector<std::string> names;
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  SSL* ssl = context != nullptr ? SSL_new(context) : nullptr;
  const STACK_OF(SSL_CIPHER)* all = ssl != nullptr ? SSL_get_ciphers(ssl) : nullptr;
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i) {
    std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(all, i));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    names.push_back(std::move(name));
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  return MakeStrings(call.context(), names);
}

constexpr FunctionEntry kFunctions[] = {
    {"createContext", Guarded<CreateContext>},
    {"contextCertificate", Guarded<ContextCertificate>},
    {"contextIssuer", Guarded<ContextIssuer>},
    {"createStore", Guarded<CreateStore>},
    {"storeSet", Guarded<StoreSet>},
    {"storeRemove", Guarded<StoreRemove>},
    {"storeList", Guarded<StoreList>},
    {"createTicketKeys", Guarded<CreateTicketKeys>},
    {"ticketKeysGet", Guarded<TicketKeysGet>},
    {"ticketKeysSet", Guarded<TicketKeysSet>},
    {"ticketKeysRotate", Guarded<TicketKeysRotate>},
    {"createOptions", Guarded<CreateOptions>},
    {"setGroupTls", Guarded<SetGroupTls>},
    {"groupTls", Guarded<GroupTlsOf>},
    {"wrap", Guarded<Wrap>},
    {"setSession", Guarded<SetSession>},
    {"setServerName", Guarded<SetServerName>},
    {"start", Guarded<Start>},
    {"choose", Guarded<Choose>},
    {"createDuplex", Guarded<CreateDuplex>},
    {"feed", Guarded<Feed>},
    {"feedEnd", Guarded<FeedEnd>},
    {"duplexFailed", Guarded<DuplexFailed>},
    {"written", Guarded<Written>},
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
    {"parseCertificate", Guarded<ParseCertificate>},
    {"rootCertificates", Guarded<RootCertificates>},
    {"ciphers", Guarded<Ciphers>},
};

}  // namespace

void BindTls(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
