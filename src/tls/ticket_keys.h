// Internal. TicketSeal: what a context calls to seal and open session tickets.
#pragma once

#include <openssl/ssl.h>

#include "sluice/tls_context.h"

namespace sluice {

struct TicketSeal {
  // Seal is a callback of SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
  static int Seal(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                  EVP_MAC_CTX* mac, int sealing);

 private:
  static bool Copy(TicketKeys& keys, const uint8_t* name, uint8_t* out, size_t* size, bool* first);
};

}  // namespace sluice
