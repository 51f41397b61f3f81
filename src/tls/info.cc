// What a TlsStream tells about its connection.
#include "sluice/tls.h"
#include "tls/established.h"
#include "tls/exporter.h"
#include "tls/handles.h"

namespace sluice {
namespace {

std::string Text(const char* text) {
  return text != nullptr ? text : "";
}

using FinishedCall = size_t (*)(const SSL*, void*, size_t);

std::vector<uint8_t> FinishedBytes(const SSL* ssl, FinishedCall call) {
  if (ssl == nullptr) return {};
  std::vector<uint8_t> bytes(EVP_MAX_MD_SIZE);
  bytes.resize(call(ssl, bytes.data(), bytes.size()));
  return bytes;
}

std::string SignatureName(int nid) {
  switch (nid) {
    case EVP_PKEY_RSA:
      return "RSA";
    case EVP_PKEY_RSA_PSS:
      return "RSA-PSS";
    case EVP_PKEY_DSA:
      return "DSA";
    case EVP_PKEY_EC:
      return "ECDSA";
    case NID_ED25519:
      return "Ed25519";
    case NID_ED448:
      return "Ed448";
    default:
      return Text(OBJ_nid2sn(nid));
  }
}

}  // namespace

TlsLoop::SignatureAlgorithms SignatureAlgorithmsOf(SSL* ssl) {
  TlsLoop::SignatureAlgorithms list;
  int count = SSL_get_shared_sigalgs(ssl, 0, nullptr, nullptr, nullptr, nullptr, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& [sign, hash] = list.emplace_back();
    SSL_get_shared_sigalgs(ssl, i, &sign, &hash, nullptr, nullptr, nullptr);
  }
  return list;
}

std::string TlsStream::protocol() const {
  if (established_) return "TLSv1.3";
  return ssl_ != nullptr ? Text(SSL_get_version(ssl_)) : std::string();
}

TlsStream::Cipher TlsStream::cipher() const {
  const SSL_CIPHER* found = established_      ? established_->cipher
                            : ssl_ != nullptr ? SSL_get_current_cipher(ssl_)
                                              : nullptr;
  if (found == nullptr) return {};
  return {Text(SSL_CIPHER_get_name(found)), Text(SSL_CIPHER_standard_name(found)),
          Text(SSL_CIPHER_get_version(found))};
}

std::string TlsStream::alpn() const {
  if (established_) return established_->alpn;
  const unsigned char* name = nullptr;
  unsigned size = 0;
  if (ssl_ != nullptr) SSL_get0_alpn_selected(ssl_, &name, &size);
  return std::string(reinterpret_cast<const char*>(name), size);
}

std::string TlsStream::server_name() const {
  if (established_) return established_->server_name;
  return ssl_ != nullptr ? Text(SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name))
                         : std::string();
}

bool TlsStream::session_reused() const {
  if (established_) return established_->reused;
  return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

ssl_session_st* TlsStream::CurrentSession() const {
  if (established_) return established_->session.get();
  return ssl_ != nullptr ? SSL_get0_session(ssl_) : nullptr;
}

std::vector<uint8_t> TlsStream::session() const {
  return Der(CurrentSession(), i2d_SSL_SESSION);
}

std::vector<uint8_t> TlsStream::tls_ticket() const {
  SSL_SESSION* session = CurrentSession();
  const unsigned char* ticket = nullptr;
  size_t size = 0;
  if (session != nullptr) SSL_SESSION_get0_ticket(session, &ticket, &size);
  return {ticket, ticket + size};
}

std::vector<uint8_t> TlsStream::finished() const {
  if (established_)
    return {established_->finished, established_->finished + RecordDigestSize(established_->suite)};
  return FinishedBytes(ssl_, SSL_get_finished);
}
std::vector<uint8_t> TlsStream::peer_finished() const {
  if (established_)
    return {established_->peer_finished,
            established_->peer_finished + RecordDigestSize(established_->suite)};
  return FinishedBytes(ssl_, SSL_get_peer_finished);
}

std::optional<std::vector<uint8_t>> TlsStream::ExportKeyingMaterial(
    size_t size, std::string_view label, std::optional<std::span<const uint8_t>> context) const {
  if (closed() || !secure_ || size > kMostExported) return std::nullopt;
  std::vector<uint8_t> out(size);
  if (established_) {
    const size_t digest = RecordDigestSize(established_->suite);
    if (!sluice::ExportKeyingMaterial(established_->suite, {established_->exporter, digest}, label,
                                      context.value_or(std::span<const uint8_t>()), out))
      return std::nullopt;
    return out;
  }
  int ok = SSL_export_keying_material(ssl_, out.data(), size, label.data(), label.size(),
                                      context ? context->data() : nullptr,
                                      context ? context->size() : 0, context ? 1 : 0);
  ERR_clear_error();
  if (ok != 1) return std::nullopt;
  return out;
}

std::vector<std::string> TlsStream::shared_signature_algorithms() const {
  std::vector<std::string> list;
  TlsLoop::SignatureAlgorithms found;
  if (established_)
    found = *established_->signature_algorithms;
  else if (ssl_ != nullptr)
    found = SignatureAlgorithmsOf(ssl_);
  for (const auto& [sign, hash] : found) {
    std::string name = SignatureName(sign);
    if (hash != NID_undef) name += "+" + Text(OBJ_nid2sn(hash));
    list.push_back(std::move(name));
  }
  return list;
}

TlsStream::EphemeralKey TlsStream::ephemeral_key() const {
  if (established_ && established_->client) return established_->client->ephemeral_key;
  EVP_PKEY* key = nullptr;
  EphemeralKey info;
  if (ssl_ == nullptr || options_->server || SSL_get0_session(ssl_) == nullptr) return info;
  if (SSL_get_peer_tmp_key(ssl_, &key) != 1) {
    // A hybrid group: the peer has no key of its own in it.
    const char* group = SSL_group_to_name(ssl_, static_cast<int>(SSL_get_negotiated_group(ssl_)));
    if (group != nullptr && SSL_version(ssl_) == TLS1_3_VERSION) {
      info.type = "TLSGroup";
      info.name = group;
    }
    ERR_clear_error();
    return info;
  }
  KeyPtr owned(key);
  info.bits = EVP_PKEY_get_bits(key);
  int type = EVP_PKEY_get_id(key);
  if (type == EVP_PKEY_DH) {
    info.type = "DH";
  } else {
    info.type = "ECDH";
    char group[80];
    size_t size = 0;
    if (type == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1)
      info.name = group;
    else if (type > 0)
      info.name = Text(OBJ_nid2sn(type));
    else  // of a provider, as X25519MLKEM768
      info.name = Text(EVP_PKEY_get0_type_name(key));
  }
  ERR_clear_error();
  return info;
}

int TlsStream::NegotiatedGroup() const {
  if (established_) return established_->group;
  // OpenSSL looks for it in the session, which is not there before the handshake.
  if (ssl_ == nullptr || SSL_get0_session(ssl_) == nullptr) return 0;
  return static_cast<int>(SSL_get_negotiated_group(ssl_));
}

bool TlsStream::asks_ocsp() const {
  if (established_) return established_->asks_ocsp;
  return ssl_ != nullptr && SSL_get_tlsext_status_type(ssl_) == TLSEXT_STATUSTYPE_ocsp;
}

std::vector<uint8_t> TlsStream::ocsp_response() const {
  if (established_ && established_->client) return established_->client->ocsp_response;
  const unsigned char* data = nullptr;
  long size =
      ssl_ != nullptr && !options_->server ? SSL_get_tlsext_status_ocsp_resp(ssl_, &data) : 0;
  if (data == nullptr || size <= 0) return {};
  return {data, data + size};
}

// The certificates of peer_certificates(). They are the connection's.
std::vector<x509_st*> TlsStream::PeerChain() const {
  std::vector<X509*> list;
  if (established_)
    for (const X509Ptr& one : established_->peer) list.push_back(one.get());
  X509* leaf = ssl_ != nullptr ? SSL_get0_peer_certificate(ssl_) : nullptr;
  if (leaf == nullptr) return list;
  list.push_back(leaf);
  // The chain that was verified goes up to a root; else what the peer sent.
  STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl_);
  if (chain == nullptr) chain = SSL_get_peer_cert_chain(ssl_);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* one = sk_X509_value(chain, i);
    if (X509_cmp(one, leaf) != 0) list.push_back(one);
  }
  return list;
}

std::vector<std::vector<uint8_t>> TlsStream::peer_certificates() const {
  std::vector<std::vector<uint8_t>> list;
  for (X509* one : PeerChain()) list.push_back(Der(one, i2d_X509));
  return list;
}

std::vector<uint8_t> TlsStream::own_certificate() const {
  if (established_) return Der(established_->own.get(), i2d_X509);
  return ssl_ != nullptr ? Der(SSL_get_certificate(ssl_), i2d_X509) : std::vector<uint8_t>();
}

// In TLS 1.3 a key that both know resumes a session that never was.
bool TlsStream::by_psk() const {
  if (!options_->psk || ssl_ == nullptr) return false;
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_);
  if (cipher == nullptr) return false;
  return SSL_CIPHER_get_auth_nid(cipher) == NID_auth_psk ||
         (SSL_version(ssl_) == TLS1_3_VERSION && SSL_session_reused(ssl_) == 1);
}

Error TlsStream::verify_error() const {
  if (established_)
    return established_->verified != 0 ? Error::Verify(established_->verified) : Error();
  if (ssl_ == nullptr || by_psk()) return {};
  if (SSL_get0_peer_certificate(ssl_) == nullptr) {
    bool asked = !options_->server || (SSL_get_verify_mode(ssl_) & SSL_VERIFY_PEER) != 0;
    return asked ? Error::Verify(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT) : Error();
  }
  long result = SSL_get_verify_result(ssl_);
  return result != X509_V_OK ? Error::Verify(static_cast<int>(result)) : Error();
}

}  // namespace sluice
