// Internal. X25519 (RFC 7748) of the base point, by a table of its multiples.
#pragma once

#include <cstddef>

#include "tls/x25519.h"

namespace sluice {

// X25519Base multiplies the point u = 9 by scalars, as keys are made. It wants nothing of the
// processor but products of 64 bits. Nothing branches on or is addressed by a secret. Any thread.
struct X25519Base {
  using Bytes = X25519::Bytes;

  // Whether the code gives known answers, and the environment has no SLUICE_TLS_X25519=0. Nothing
  // else may be called otherwise.
  static bool Usable();

  // Multiply sets products to each of count scalars × the base point. Up to eight at once cost a
  // quarter less each than one.
  static void Multiply(const Bytes* scalars, Bytes* products, size_t count);
};

}  // namespace sluice
