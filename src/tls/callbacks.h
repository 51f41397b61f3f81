// Internal. What OpenSSL calls in a handshake. None of them but those for pre-shared keys, which
// OpenSSL wants at once, calls out of the TLS layer: what a TlsHandler shall hear is noted and told
// after OpenSSL returned, so that a handler may close the stream.
#pragma once

#include "sluice/tls.h"
#include "tls/handles.h"

namespace sluice {

// What waits for a TlsHandler.
struct TlsStream::Record {
  enum Kind { kKeylog, kSession, kServerSession, kLookup, kHello, kProtocols } kind;
  std::vector<uint8_t> bytes;
};

struct TlsCallbacks {
  // Install sets all of them on a context.
  static void Install(SSL_CTX* context);
  // LogKeys makes the connections of a context that log their keys tell Keylog. It costs every
  // handshake of the context its lines, so that it is not set from the start. Threads that share a
  // context may call it at one time: all of them store the same.
  static void LogKeys(SSL_CTX* context);
  // AskForKeys makes a connection ask its handler for pre-shared keys.
  static bool AskForKeys(SSL* ssl, const TlsOptions& options);
  // MakeBio returns the BIO that connects an SSL to its stream.
  static BIO* MakeBio(TlsStream* stream);
  // Of returns the stream of an SSL.
  static TlsStream& Of(const SSL* ssl);
  static TicketKeys* TicketKeysOf(const SSL* ssl);
  // Note keeps something for TlsStream::Report().
  static void Note(TlsStream& stream, TlsStream::Record::Kind kind, std::vector<uint8_t> bytes);

 private:
  static const BIO_METHOD* BioMethod();
  static int BioRead(BIO* bio, char* out, int size);
  static int BioWrite(BIO* bio, const char* data, int size);
  static int Hello(SSL* ssl, int* alert, void*);
  static int ServerName(SSL* ssl, int* alert, void*);
  static int Certificate(SSL* ssl, void*);
  static int Alpn(SSL* ssl, const unsigned char** out, unsigned char* out_size,
                  const unsigned char* in, unsigned in_size, void*);
  static int Verify(X509_STORE_CTX* store, void*);
  static void Keylog(const SSL* ssl, const char* line);
  static void AskForSession(SSL* ssl, TlsStream& stream);
  static int Session(SSL* ssl, SSL_SESSION* session);
  static SSL_SESSION* GivenSession(SSL* ssl, const unsigned char* id, int size, int* copy);
  static int SealTicket(SSL* ssl, void*);
  static SSL_TICKET_RETURN OpenTicket(SSL* ssl, SSL_SESSION* session, const unsigned char*, size_t,
                                      SSL_TICKET_STATUS status, void*);
  static int Status(SSL* ssl, void*);
  static bool AskForKey(TlsStream& stream, const char* text, PreSharedKey* key);
  static unsigned ClientPsk(SSL* ssl, const char* hint, char* identity, unsigned identity_size,
                            unsigned char* psk, unsigned psk_size);
  static unsigned ServerPsk(SSL* ssl, const char* identity, unsigned char* psk, unsigned psk_size);
};

}  // namespace sluice
