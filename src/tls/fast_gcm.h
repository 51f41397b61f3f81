// Internal. AES-GCM by functions of Intel's library libIPSec_MB, which is loaded when they are
// first asked for: they do without what OpenSSL does around a record, and have vectors of 512 bits
// where the processor has.
#pragma once

#include <intel-ipsec-mb.h>

namespace sluice {

// FastGcm is what one length of key takes. The functions keep no state but their arguments; any
// thread.
struct FastGcm {
  aes_gcm_pre_t expand;                      // of a key
  aes_gcm_init_t begin;                      // with 12 bytes of IV and all additional data
  aes_gcm_enc_dec_update_t encrypt;          // in place too
  aes_gcm_enc_dec_update_t decrypt;          // in place too
  aes_gcm_enc_dec_finalize_t encrypted_tag;  // ends it
  aes_gcm_enc_dec_finalize_t decrypted_tag;  // ends it; compares nothing
};

// FindFastGcm returns the functions for keys of so many bytes (16 or 32), or null where the
// processor lacks AVX2 or AES, or there is no such library. Any thread.
const FastGcm* FindFastGcm(size_t key_size);

}  // namespace sluice
