// Internal. AES-GCM by vectors of 512 bits: functions of Intel's library libIPSec_MB, which is
// loaded when they are first asked for.
#pragma once

#include <intel-ipsec-mb.h>

namespace sluice {

// WideGcm is what one length of key takes. The functions keep no state but their arguments; any
// thread.
struct WideGcm {
  aes_gcm_pre_t expand;                      // of a key
  aes_gcm_init_t begin;                      // with 12 bytes of IV and all additional data
  aes_gcm_enc_dec_update_t encrypt;          // in place too
  aes_gcm_enc_dec_update_t decrypt;          // in place too
  aes_gcm_enc_dec_finalize_t encrypted_tag;  // ends it
  aes_gcm_enc_dec_finalize_t decrypted_tag;  // ends it; compares nothing
};

// FindWideGcm returns the functions for keys of so many bytes (16 or 32), or null where the
// processor has no VAES with AVX-512 or there is no such library. Any thread.
const WideGcm* FindWideGcm(size_t key_size);

}  // namespace sluice
