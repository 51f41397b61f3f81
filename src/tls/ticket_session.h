// Internal. The session of a ticket that a server sends when the handshake is done (RFC 8446,
// section 4.6.1), on connections whose records are ours. OpenSSL makes sessions of tickets only in
// an object that has read them: this one is the session of the handshake, with the ticket put into
// its DER.
#pragma once

#include <cstdint>
#include <span>

#include "tls/handles.h"
#include "tls/record_aead.h"

namespace sluice {

// SessionOfTicket returns the session that resumes by the ticket of a NewSessionTicket message;
// null if the message, which comes without its header, is malformed. session is the connection's,
// secret its resumption master secret. Any thread.
SessionPtr SessionOfTicket(const SSL_SESSION* session, RecordSuite suite,
                           std::span<const uint8_t> secret, std::span<const uint8_t> message);

}  // namespace sluice
