#include "bind/tls/certificate_value.h"

#include <map>

namespace sluice::js {
namespace {

// Names that occur more than once become an array, as in Node.
JSObjectRef PairsValue(JSContextRef context, const CertificateDetails::Pairs& pairs,
                       bool always_array) {
  JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [key, value] : pairs) {
    if (values.count(key) == 0) order.push_back(key);
    values[key].push_back(value);
  }
  for (const std::string& key : order) {
    const auto& list = values[key];
    JSValueRef value = list.size() == 1 && !always_array ? MakeString(context, list[0])
                                                         : MakeStrings(context, list);
    Set(context, object, key.c_str(), value);
  }
  return object;
}

}  // namespace

JSObjectRef CertificateValue(JSContextRef context, const CertificateDetails& details) {
  JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
  auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) Set(context, object, name, MakeString(context, value));
  };
  Set(context, object, "subject", PairsValue(context, details.subject, false));
  Set(context, object, "issuer", PairsValue(context, details.issuer, false));
  text("subjectaltname", details.alternative_names);
  if (!details.info_access.empty())
    Set(context, object, "infoAccess", PairsValue(context, details.info_access, true));
  Set(context, object, "ca", JSValueMakeBoolean(context, details.authority));
  text("modulus", details.modulus);
  text("exponent", details.exponent);
  if (details.bits > 0) Set(context, object, "bits", JSValueMakeNumber(context, details.bits));
  if (!details.public_key.empty())
    Set(context, object, "pubkey", MakeBytes(context, details.public_key));
  text("asn1Curve", details.asn1_curve);
  text("nistCurve", details.nist_curve);
  text("valid_from", details.valid_from);
  text("valid_to", details.valid_to);
  text("fingerprint", details.fingerprint);
  text("fingerprint256", details.fingerprint256);
  text("fingerprint512", details.fingerprint512);
  if (!details.extended_key_usage.empty())
    Set(context, object, "ext_key_usage", MakeStrings(context, details.extended_key_usage));
  text("serialNumber", details.serial);
  Set(context, object, "raw", MakeBytes(context, details.raw));
  return object;
}

}  // namespace sluice::js
