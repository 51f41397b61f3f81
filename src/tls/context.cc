#include <openssl/pem.h>

#include <algorithm>
#include <memory>

#include "sluice/tls_context.h"
#include "tls/authorities.h"
#include "tls/callbacks.h"
#include "tls/certificate.h"
#include "tls/provider.h"
#include "tls/secrets.h"
#include "tls/system_authorities.h"

namespace sluice {
namespace {

// AES-128 first: it is the fastest that none of the others is safer than in practice.
constexpr char kDefaultCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"
    "ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:HIGH:"
    "!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA";
// Sessions by identifier, for clients without tickets, that one context remembers.
constexpr long kCachedSessions = 1024;

// Builder holds the steps of making one context; each returns false with error set.
class Builder {
 public:
  Builder(SSL_CTX* context, const TlsContextOptions& options, Error* error)
      : context_(context), options_(options), error_(error) {}

  const std::array<uint8_t, 32>& trust_id() const { return trust_id_; }
  bool Run() {
    return Texts() && Settings() && Versions() && Ciphers() && Groups() && Certificates() &&
           Archives() && Keys() && Authorities() && RevocationLists() && Chains();
  }

 private:
  bool Refuse(const char* operation) {
    *error_ = TakeError(operation);
    return false;
  }
  bool Invalid(const char* operation, std::string detail) {
    ERR_clear_error();
    *error_ = Error::Tls(operation, kTlsBadOptions, std::move(detail));
    return false;
  }

  bool Texts();
  bool Settings();
  bool Versions();
  bool Ciphers();
  bool Groups();
  bool Certificates();
  bool UseChain(const X509Ptr& leaf, const std::vector<X509Ptr>& rest, size_t from);
  bool Archives();
  bool Keys();
  bool Authorities();
  bool RevocationLists();
  bool Chains();
  X509_STORE* OwnStore();
  bool NameAuthorities(std::shared_ptr<const sluice::Authorities> list);
  void NoteTrust(const sluice::Authorities& list);

  SSL_CTX* context_;
  const TlsContextOptions& options_;
  Error* error_;
  X509_STORE* store_ = nullptr;  // of the context, once it is not the shared one
  std::vector<X509Ptr> archive_authorities_;
  std::array<uint8_t, 32> trust_id_{};
};

// OpenSSL would take what is before a NUL.
bool Builder::Texts() {
  const std::pair<const char*, const std::string&> texts[] = {
      {"ciphers", options_.ciphers},
      {"ecdhCurve", options_.curves},
      {"sigalgs", options_.signature_algorithms}};
  for (const auto& [name, text] : texts)
    if (text.find('\0') != std::string::npos)
      return Invalid(name, std::string(name) + " has a null byte");
  return true;
}

bool Builder::Settings() {
  SSL_CTX_set_options(context_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_SINGLE_ECDH_USE | SSL_OP_SINGLE_DH_USE);
  if (options_.honor_cipher_order) SSL_CTX_set_options(context_, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_options(context_, options_.extra_options);
  // Idle connections hold no record buffers. A partial write never happens, for the BIO takes
  // everything.
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_read_ahead(context_, 0);
  SSL_CTX_set_num_tickets(context_, 1);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_BOTH);
  SSL_CTX_sess_set_cache_size(context_, kCachedSessions);
  SSL_CTX_set_timeout(context_, options_.session_timeout_s);
  const std::string& id = options_.session_id_context;
  std::string used = id.empty() ? "sluice" : id;
  if (used.size() > SSL_MAX_SID_CTX_LENGTH) {
    uint8_t digest[SSL_MAX_SID_CTX_LENGTH];
    EVP_Digest(id.data(), id.size(), digest, nullptr, EVP_sha256(), nullptr);
    used.assign(std::begin(digest), std::end(digest));
  }
  SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>(used.data()),
                                 static_cast<unsigned>(used.size()));
  TlsCallbacks::Install(context_);
  return true;
}

bool Builder::Versions() {
  if (options_.min_version > options_.max_version && options_.max_version != 0)
    return Invalid("minVersion", "the least TLS version is above the greatest");
  if (SSL_CTX_set_min_proto_version(context_, options_.min_version) != 1)
    return Refuse("minVersion");
  if (SSL_CTX_set_max_proto_version(context_, options_.max_version) != 1)
    return Refuse("maxVersion");
  return true;
}

bool Builder::Ciphers() {
  if (options_.ciphers.empty()) {
    SSL_CTX_set_cipher_list(context_, kDefaultCiphers);
    return true;
  }
  std::string suites, list;
  std::string_view rest = options_.ciphers;
  while (!rest.empty()) {
    size_t end = std::min(rest.find(':'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.empty() || one.starts_with("!TLS_")) continue;  // of TLS 1.3 only what is named is used
    std::string& target = one.starts_with("TLS_") ? suites : list;
    if (!target.empty()) target += ':';
    target += one;
  }
  if (suites.empty() && list.empty()) return Invalid("ciphers", "the list of ciphers names none");
  ERR_clear_error();
  // Without suites of TLS 1.3, all of them stay; with nothing else, only TLS 1.3 is spoken.
  if (!suites.empty() && SSL_CTX_set_ciphersuites(context_, suites.c_str()) != 1)
    return Refuse("ciphers");
  if (!list.empty() && SSL_CTX_set_cipher_list(context_, list.c_str()) != 1)
    return Refuse("ciphers");
  if (list.empty() && options_.max_version != TLS1_2_VERSION)
    SSL_CTX_set_min_proto_version(context_, TLS1_3_VERSION);
  return true;
}

bool Builder::Groups() {
  ERR_clear_error();
  const std::string& curves = options_.curves;
  if (!curves.empty() && curves != "auto" &&
      SSL_CTX_set1_groups_list(context_, curves.c_str()) != 1)
    return Refuse("ecdhCurve");
  const std::string& algorithms = options_.signature_algorithms;
  if (!algorithms.empty() && SSL_CTX_set1_sigalgs_list(context_, algorithms.c_str()) != 1)
    return Refuse("sigalgs");
  if (options_.dh_parameters.empty() || options_.dh_parameters == "auto") {
    SSL_CTX_set_dh_auto(context_, 1);
    return true;
  }
  BioPtr bio = MemoryBio(options_.dh_parameters);
  KeyPtr parameters(PEM_read_bio_Parameters(bio.get(), nullptr));
  if (!parameters) return Refuse("dhparam");
  if (EVP_PKEY_get_bits(parameters.get()) < 1024)
    return Invalid("dhparam", "DH parameter is less than 1024 bits");
  if (SSL_CTX_set0_tmp_dh_pkey(context_, parameters.get()) != 1) return Refuse("dhparam");
  parameters.release();
  return true;
}

bool Builder::UseChain(const X509Ptr& leaf, const std::vector<X509Ptr>& rest, size_t from) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate(context_, leaf.get()) != 1) return Refuse("certificate");
  SSL_CTX_clear_chain_certs(context_);
  for (size_t i = from; i < rest.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context_, rest[i].get()) != 1) return Refuse("certificate");
  return true;
}

bool Builder::Certificates() {
  for (const std::string& data : options_.certificates) {
    std::vector<X509Ptr> chain;
    if (!ReadCertificates(data, &chain, error_)) return false;
    if (!UseChain(chain[0], chain, 1)) return false;
  }
  return true;
}

bool Builder::Archives() {
  for (const TlsSecret& archive : options_.archives) {
    KeyPtr key;
    X509Ptr certificate;
    std::vector<X509Ptr> chain;
    if (!ReadArchive(archive, &key, &certificate, &chain, error_)) return false;
    if (!UseChain(certificate, chain, 0)) return false;
    if (SSL_CTX_use_PrivateKey(context_, key.get()) != 1) return Refuse("pfx");
    for (X509Ptr& one : chain) archive_authorities_.push_back(std::move(one));
  }
  return true;
}

bool Builder::Keys() {
  for (const TlsSecret& secret : options_.keys) {
    KeyPtr key = ReadKey(secret, error_);
    if (!key) return false;
    ERR_clear_error();
    if (SSL_CTX_use_PrivateKey(context_, key.get()) != 1) return Refuse("key");
  }
  bool both = !options_.keys.empty() && !options_.certificates.empty();
  if (both && SSL_CTX_check_private_key(context_) != 1) return Refuse("key");
  return true;
}

X509_STORE* Builder::OwnStore() {
  if (store_ == nullptr) {
    store_ = X509_STORE_new();
    SSL_CTX_set_cert_store(context_, store_);  // takes it
  }
  return store_;
}

bool Builder::Authorities() {
  const bool named = !options_.authorities.empty();
  std::vector<std::string> all = options_.authorities;
  all.insert(all.end(), options_.extra_authorities.begin(), options_.extra_authorities.end());
  const bool with_system = options_.default_authorities || !named;
  const bool shared = archive_authorities_.empty() && options_.revocation_lists.empty();
  const bool lenient = options_.lenient_authorities;
  std::shared_ptr<const sluice::Authorities> list;
  if (!(list = AuthoritiesOf(all, with_system, lenient, error_))) {
    error_->operation = "ca";
    return false;
  }
  if (named && !NameAuthorities(options_.extra_authorities.empty() ? list : nullptr)) return false;
  NoteTrust(*list);
  if (shared) {
    X509_STORE* shared_store = all.empty() ? SystemStore(error_) : list->store.get();
    if (shared_store == nullptr) return false;
    SSL_CTX_set1_cert_store(context_, shared_store);
    return true;
  }
  X509_STORE* store = OwnStore();
  for (const X509Ptr& one : archive_authorities_) X509_STORE_add_cert(store, one.get());
  for (const X509Ptr& one : list->certificates) X509_STORE_add_cert(store, one.get());
  if (with_system && !AddSystemAuthorities(store, error_)) return false;
  ERR_clear_error();
  return true;
}

// Tells clients whose certificates are asked for who may have signed them.
bool Builder::NameAuthorities(std::shared_ptr<const sluice::Authorities> list) {
  if (!list)
    list = AuthoritiesOf(options_.authorities, false, options_.lenient_authorities, error_);
  if (!list) return false;
  for (const X509Ptr& one : list->certificates) SSL_CTX_add_client_CA(context_, one.get());
  return true;
}

void Builder::NoteTrust(const sluice::Authorities& list) {
  std::vector<uint8_t> what(list.digest.begin(), list.digest.end());
  for (const X509Ptr& one : archive_authorities_) {
    std::vector<uint8_t> der = Der(one.get(), i2d_X509);
    what.insert(what.end(), der.begin(), der.end());
  }
  for (const std::string& one : options_.revocation_lists)
    what.insert(what.end(), one.begin(), one.end());
  EVP_Digest(what.data(), what.size(), trust_id_.data(), nullptr, EVP_sha256(), nullptr);
}

bool Builder::RevocationLists() {
  for (const std::string& data : options_.revocation_lists) {
    std::vector<CrlPtr> lists;
    if (!ReadRevocationList(data, &lists, error_)) return false;
    for (const CrlPtr& one : lists) X509_STORE_add_crl(OwnStore(), one.get());
    X509_STORE_set_flags(OwnStore(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
  ERR_clear_error();
  return true;
}

// Completes chains from the authorities given, up to the root: once, here.
// OpenSSL's own way searches its store, and the system's files, in every handshake.
bool Builder::Chains() {
  if (options_.authorities.empty()) return true;
  for (long next = SSL_CERT_SET_FIRST; SSL_CTX_set_current_cert(context_, next) == 1;
       next = SSL_CERT_SET_NEXT) {
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(context_, &chain);
    if (sk_X509_num(chain) > 0) continue;
    SSL_CTX_build_cert_chain(context_,
                             SSL_BUILD_CHAIN_FLAG_IGNORE_ERROR | SSL_BUILD_CHAIN_FLAG_CLEAR_ERROR);
  }
  SSL_CTX_set_current_cert(context_, SSL_CERT_SET_FIRST);
  ERR_clear_error();
  return true;
}

}  // namespace

std::shared_ptr<const TlsContext> TlsContext::Create(const TlsContextOptions& options,
                                                     Error* error) {
  ERR_clear_error();
  std::shared_ptr<TlsContext> made(new TlsContext);
  made->context_ = SSL_CTX_new_ex(nullptr, TlsProperties(), TLS_method());
  if (made->context_ == nullptr) {
    *error = TakeError("context");
    return nullptr;
  }
  made->ticket_keys_ = options.ticket_keys ? options.ticket_keys : TicketKeys::Create(error);
  if (!made->ticket_keys_) return nullptr;
  made->has_authorities_ = !options.authorities.empty();
  made->session_id_context_ = options.session_id_context;
  Builder builder(made->context_, options, error);
  if (!builder.Run()) return nullptr;
  made->trust_id_ = builder.trust_id();
  return made;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

x509_st* TlsContext::certificate() const {
  return SSL_CTX_get0_certificate(context_);
}

std::vector<uint8_t> TlsContext::issuer() const {
  X509* leaf = certificate();
  STACK_OF(X509)* chain = nullptr;
  if (leaf == nullptr || SSL_CTX_get0_chain_certs(context_, &chain) != 1) return {};
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* one = sk_X509_value(chain, i);
    if (X509_check_issued(one, leaf) == X509_V_OK) return Der(one, i2d_X509);
  }
  std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> search(X509_STORE_CTX_new(),
                                                                         X509_STORE_CTX_free);
  X509* found = nullptr;
  if (search && X509_STORE_CTX_init(search.get(), SSL_CTX_get_cert_store(context_), leaf, nullptr))
    X509_STORE_CTX_get1_issuer(&found, search.get(), leaf);
  ERR_clear_error();
  X509Ptr owned(found);
  return found != nullptr ? Der(found, i2d_X509) : std::vector<uint8_t>();
}

CertificateInfo TlsContext::Describe() const {
  return DescribeCertificate(certificate());
}

std::string EncodeAlpn(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) return {};
    wire += static_cast<char>(protocol.size());
    wire += protocol;
  }
  return wire.size() <= 65535 ? wire : std::string();
}

}  // namespace sluice
