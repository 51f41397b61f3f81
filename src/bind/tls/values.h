// Internal. Values of TLS as JavaScript sees them.
#pragma once

#include <span>

#include "engine/value.h"
#include "tls/certificate.h"

namespace sluice::js {

// MakeBytes returns a new Uint8Array with a copy of bytes.
JSValueRef MakeBytes(JSContextRef context, std::span<const uint8_t> bytes);
JSValueRef MakeStrings(JSContextRef context, const std::vector<std::string>& list);
// ErrorFields returns {code, message, reason, library}; the last two where OpenSSL has them.
JSObjectRef ErrorFields(JSContextRef context, const Error& error);
// ErrorObject returns an Error with these fields.
JSObjectRef ErrorObject(JSContextRef context, const Error& error);
// ThrowTls makes an exception with these fields pending.
JSValueRef ThrowTls(Call& call, const Error& error);
// CertificateValue returns the object that getPeerCertificate() of Node returns, without the
// issuer's.
JSObjectRef CertificateValue(JSContextRef context, const CertificateDetails& details);

}  // namespace sluice::js
