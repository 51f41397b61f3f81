// Internal. Keys of X25519 that are there before they are asked for.
#pragma once

#include "tls/x25519_base.h"

namespace sluice {

// NextX25519Key sets a secret that OpenSSL's generator drew, with the bits that RFC 7748 fixes, and
// its share; false if the generator fails, which says why in OpenSSL's queue. X25519Base must be
// usable. Any thread.
//
// A thread makes keys for itself alone, several at once: one, then two, four and eight, so that who
// needs one waits for no more. No key is given twice, nor to a process that was forked from the one
// that made it.
bool NextX25519Key(X25519::Bytes* secret, X25519::Bytes* share);

}  // namespace sluice
