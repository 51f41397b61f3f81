// Internal. Certificates as JavaScript sees them.
#pragma once

#include "engine/value.h"
#include "tls/certificate.h"

namespace sluice::js {

// CertificateValue returns the object that getPeerCertificate() of Node returns, without the
// issuer's.
JSObjectRef CertificateValue(JSContextRef context, const CertificateDetails& details);

}  // namespace sluice::js
