#include "tls/certificate.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "sluice/address.h"

namespace sluice {
namespace {

std::string BioText(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

BioPtr TextBio() {
  return BioPtr(BIO_new(BIO_s_mem()));
}

std::string NameLine(const X509_NAME* name) {
  BioPtr bio = TextBio();
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return BioText(bio.get());
}

std::string Utf8(const ASN1_STRING* value) {
  unsigned char* text = nullptr;
  int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) return {};
  std::string result(reinterpret_cast<char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return result;
}

CertificateDetails::Pairs NamePairs(const X509_NAME* name) {
  CertificateDetails::Pairs pairs;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    const ASN1_OBJECT* object = X509_NAME_ENTRY_get_object(entry);
    int nid = OBJ_obj2nid(object);
    char numeric[80];
    const char* key = nid != NID_undef ? OBJ_nid2sn(nid) : nullptr;
    if (key == nullptr) {
      OBJ_obj2txt(numeric, sizeof numeric, object, 1);
      key = numeric;
    }
    pairs.emplace_back(key, Utf8(X509_NAME_ENTRY_get_data(entry)));
  }
  return pairs;
}

// A value that could be taken for more than one entry of the list is quoted as JSON.
std::string ListValue(const std::string& prefix, const ASN1_STRING* value) {
  std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                        static_cast<size_t>(ASN1_STRING_length(value)));
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != ',' && c != '\'';
  });
  if (plain) return prefix + std::string(text);
  static const char* digits = "0123456789abcdef";
  std::string quoted = prefix + '"';
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == ',') {
      quoted += "\\u002c";
    } else if (byte < 0x20 || byte > 0x7e) {
      quoted += "\\u00";
      quoted += digits[byte >> 4];
      quoted += digits[byte & 15];
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string IpText(const ASN1_STRING* value) {
  const uint8_t* bytes = ASN1_STRING_get0_data(value);
  char text[64];
  if (ASN1_STRING_length(value) == 4) {
    std::snprintf(text, sizeof text, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
    return text;
  }
  if (ASN1_STRING_length(value) != 16) return "<invalid>";
  std::string result;
  for (int i = 0; i < 16; i += 2) {
    std::snprintf(text, sizeof text, "%s%X", i == 0 ? "" : ":", bytes[i] << 8 | bytes[i + 1]);
    result += text;
  }
  return result;
}

std::string GeneralName(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS:
      return ListValue("DNS:", name->d.dNSName);
    case GEN_EMAIL:
      return ListValue("email:", name->d.rfc822Name);
    case GEN_URI:
      return ListValue("URI:", name->d.uniformResourceIdentifier);
    case GEN_IPADD:
      return "IP Address:" + IpText(name->d.iPAddress);
    case GEN_DIRNAME:
      return "DirName:" + NameLine(name->d.directoryName);
    case GEN_RID: {
      char text[80];
      OBJ_obj2txt(text, sizeof text, name->d.registeredID, 1);
      return std::string("Registered ID:") + text;
    }
    default:
      return "othername:<unsupported>";
  }
}

std::string AlternativeNames(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string text;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    if (!text.empty()) text += ", ";
    text += GeneralName(sk_GENERAL_NAME_value(names, i));
  }
  GENERAL_NAMES_free(names);
  return text;
}

CertificateDetails::Pairs InfoAccess(const X509* certificate) {
  auto* access = static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
  CertificateDetails::Pairs pairs;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); ++i) {
    const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access, i);
    char method[80];
    OBJ_obj2txt(method, sizeof method, one->method, 0);
    std::string place = GeneralName(one->location);
    size_t colon = place.find(':');
    pairs.emplace_back(std::string(method) + " - " + place.substr(0, colon),
                       place.substr(colon + 1));
  }
  AUTHORITY_INFO_ACCESS_free(access);
  return pairs;
}

std::string Fingerprint(const X509* certificate, const EVP_MD* digest) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, digest, bytes, &size) != 1) return {};
  static const char* digits = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::string TimeText(const ASN1_TIME* time) {
  BioPtr bio = TextBio();
  ASN1_TIME_print(bio.get(), time);
  return BioText(bio.get());
}

int64_t Seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return timegm(&parts);
}

std::string Hex(const BIGNUM* number) {
  char* text = BN_bn2hex(number);
  std::string result = text != nullptr ? text : "";
  OPENSSL_free(text);
  return result;
}

std::string Serial(const X509* certificate) {
  BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  return number ? Hex(number.get()) : std::string();
}

void ReadRsa(const EVP_PKEY* key, CertificateDetails* out) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) == 1) out->modulus = Hex(number);
  BN_free(number);
  number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &number) == 1) {
    std::string text = Hex(number);
    text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    out->exponent = "0x" + text;
  }
  BN_free(number);
  out->public_key = Der(key, i2d_PUBKEY);
}

void ReadCurve(const EVP_PKEY* key, CertificateDetails* out) {
  char group[80];
  size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &size) ==
      1) {
    int nid = OBJ_txt2nid(group);
    if (nid == NID_undef) nid = EC_curve_nist2nid(group);
    if (const char* name = OBJ_nid2sn(nid); nid != NID_undef && name != nullptr)
      out->asn1_curve = name;
    if (const char* name = EC_curve_nid2nist(nid); name != nullptr) out->nist_curve = name;
  }
  size = 0;
  EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0, &size);
  out->public_key.resize(size);
  EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, out->public_key.data(), size,
                                  &size);
}

void ReadPublicKey(const X509* certificate, CertificateDetails* out) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return;
  int type = EVP_PKEY_get_base_id(key);
  if (type == EVP_PKEY_RSA) ReadRsa(key, out);
  if (type == EVP_PKEY_EC) ReadCurve(key, out);
  if (type == EVP_PKEY_RSA || type == EVP_PKEY_EC) out->bits = EVP_PKEY_get_bits(key);
}

}  // namespace

CertificateInfo DescribeCertificate(const X509* certificate) {
  CertificateInfo info;
  if (certificate == nullptr) return info;
  info.subject = NameLine(X509_get_subject_name(certificate));
  info.issuer = NameLine(X509_get_issuer_name(certificate));
  info.serial = Serial(certificate);
  info.names = AlternativeNames(certificate);
  info.fingerprint = Fingerprint(certificate, EVP_sha256());
  info.valid_from = Seconds(X509_get0_notBefore(certificate));
  info.valid_to = Seconds(X509_get0_notAfter(certificate));
  ERR_clear_error();
  return info;
}

CertificateDetails ReadCertificate(const X509* certificate) {
  CertificateDetails details;
  details.subject = NamePairs(X509_get_subject_name(certificate));
  details.issuer = NamePairs(X509_get_issuer_name(certificate));
  details.alternative_names = AlternativeNames(certificate);
  details.info_access = InfoAccess(certificate);
  details.authority = X509_check_ca(const_cast<X509*>(certificate)) == 1;
  ReadPublicKey(certificate, &details);
  details.valid_from = TimeText(X509_get0_notBefore(certificate));
  details.valid_to = TimeText(X509_get0_notAfter(certificate));
  details.fingerprint = Fingerprint(certificate, EVP_sha1());
  details.fingerprint256 = Fingerprint(certificate, EVP_sha256());
  details.fingerprint512 = Fingerprint(certificate, EVP_sha512());
  auto* usage = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr));
  for (int i = 0; i < sk_ASN1_OBJECT_num(usage); ++i) {
    char text[80];
    OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(usage, i), 1);
    details.extended_key_usage.emplace_back(text);
  }
  sk_ASN1_OBJECT_pop_free(usage, ASN1_OBJECT_free);
  details.serial = Serial(certificate);
  details.raw = Der(certificate, i2d_X509);
  ERR_clear_error();
  return details;
}

std::optional<CertificateDetails> ReadCertificate(std::span<const uint8_t> der) {
  const unsigned char* data = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate) return std::nullopt;
  return ReadCertificate(certificate.get());
}

}  // namespace sluice
