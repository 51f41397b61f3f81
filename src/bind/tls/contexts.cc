// Internal. Of binding('tls'): contexts, certificates by name, ticket keys and options, which are
// opaque objects.
#include <openssl/crypto.h>

#include <cmath>

#include "bind/net/state.h"
#include "bind/tls/fields.h"
#include "bind/tls/handle.h"
#include "bind/tls/parts.h"
#include "engine/error_value.h"
#include "engine/task.h"
#include "tls/handles.h"

namespace sluice::js {
namespace {

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
  auto context = TlsArgument<const TlsContext>(call, 0);
  if (!context || !context->has_certificate()) return call.undefined();
  return MakeBytes(call.context(), Der(context->certificate(), i2d_X509));
}

// contextIssuer(context) → DER of who signed its certificate, or undefined
JSValueRef ContextIssuer(Call& call) {
  auto context = TlsArgument<const TlsContext>(call, 0);
  if (!context) return call.undefined();
  auto issuer = context->issuer();
  return issuer.empty() ? call.undefined() : MakeBytes(call.context(), issuer);
}

JSValueRef CreateStore(Call& call) {
  return MakeTlsHandle(call.context(), std::make_shared<CertificateStore>());
}

// storeSet(store, name, context, verifyClient) → whether it was taken; name "" is the default
JSValueRef StoreSet(Call& call) {
  auto store = TlsArgument<CertificateStore>(call, 0);
  auto context = TlsArgument<const TlsContext>(call, 2);
  if (!store || !context) return call.undefined();
  return call.boolean_value(store->Set(call.string(1), context, call.boolean(3)));
}

// storeShow(store, whether metrics tell of its certificates)
JSValueRef StoreShow(Call& call) {
  if (auto store = TlsArgument<CertificateStore>(call, 0)) store->Show(call.boolean(1));
  return call.undefined();
}

// storeRemove(store, name) → whether there was one
JSValueRef StoreRemove(Call& call) {
  auto store = TlsArgument<CertificateStore>(call, 0);
  return store ? call.boolean_value(store->Remove(call.string(1))) : call.undefined();
}

// storeList(store, [ms since 1970: only those that end before]) → [{name, subject, issuer,
// serialNumber, subjectaltname, fingerprint256, validFrom, validTo (ms since 1970), verifyClient}…]
JSValueRef StoreList(Call& call) {
  auto store = TlsArgument<CertificateStore>(call, 0);
  if (!store) return call.undefined();
  const double before = call.is_undefined(1) ? HUGE_VAL : call.number(1) / 1e3;
  JSContextRef context = call.context();
  JSObjectRef array = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  for (const auto& entry : store->List()) {
    if (static_cast<double>(entry.expires) >= before) continue;
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
  Error error;
  auto keys = TicketKeys::Create(&error);
  if (!keys) return ThrowError(call, error);
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
  auto keys = TlsArgument<TicketKeys>(call, 0);
  return keys ? MakeBytes(call.context(), keys->Get()) : call.undefined();
}

// ticketKeysSet(keys, bytes) → false if their number is wrong
JSValueRef TicketKeysSet(Call& call) {
  auto keys = TlsArgument<TicketKeys>(call, 0);
  if (!keys) return call.undefined();
  auto bytes = call.bytes(1);
  return call.failed() ? call.undefined() : call.boolean_value(keys->Set(bytes));
}

// ticketKeysSetAll(keys, array of bytes, count) → false if the number of some is wrong
JSValueRef TicketKeysSetAll(Call& call) {
  auto keys = TlsArgument<TicketKeys>(call, 0);
  JSObjectRef array = call.object(1);
  if (!keys || call.failed()) return call.undefined();
  std::vector<std::vector<uint8_t>> all;
  for (int64_t i = 0; i < call.integer(2); ++i) {
    JSValueRef one =
        JSObjectGetPropertyAtIndex(call.context(), array, static_cast<unsigned>(i), nullptr);
    js::Call part(call.context(), 1, &one, call.exception());
    auto bytes = part.bytes(0);
    if (call.failed()) return call.undefined();
    all.emplace_back(bytes.begin(), bytes.end());
  }
  bool set = keys->SetAll(all);
  for (auto& key : all) OPENSSL_cleanse(key.data(), key.size());
  return call.boolean_value(set);
}

JSValueRef TicketKeysRotate(Call& call) {
  auto keys = TlsArgument<TicketKeys>(call, 0);
  Error error;
  if (keys && !keys->Rotate(&error)) return ThrowError(call, error);
  return call.undefined();
}

// createOptions({server, context, certificates, ipCertificates, requestCert, rejectUnauthorized,
// servername, verifyName, alpn: array, handshakeTimeout (ms), failOnTruncation, choose,
// chooseProtocol, keylog,
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
  options->choose_protocol = fields.flag("chooseProtocol", false);
  options->psk = fields.flag("psk", false);
  options->psk_hint = fields.text("pskIdentityHint");
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
  auto options = TlsArgument<const TlsOptions>(call, 1);
  auto store = TlsArgument<CertificateStore>(call, 2);
  if (group == nullptr || !options || !store) return call.undefined();
  store->SetGroup(group->name());
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
  return call.array_value(parts);
}

constexpr FunctionEntry kFunctions[] = {
    {"createContext", Guarded<CreateContext>},
    {"contextCertificate", Guarded<ContextCertificate>},
    {"contextIssuer", Guarded<ContextIssuer>},
    {"createStore", Guarded<CreateStore>},
    {"storeSet", Guarded<StoreSet>},
    {"storeShow", Guarded<StoreShow>},
    {"storeRemove", Guarded<StoreRemove>},
    {"storeList", Guarded<StoreList>},
    {"createTicketKeys", Guarded<CreateTicketKeys>},
    {"ticketKeysGet", Guarded<TicketKeysGet>},
    {"ticketKeysSet", Guarded<TicketKeysSet>},
    {"ticketKeysSetAll", Guarded<TicketKeysSetAll>},
    {"ticketKeysRotate", Guarded<TicketKeysRotate>},
    {"createOptions", Guarded<CreateOptions>},
    {"setGroupTls", Guarded<SetGroupTls>},
    {"groupTls", Guarded<GroupTlsOf>},
};

}  // namespace

void AddTlsContexts(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
