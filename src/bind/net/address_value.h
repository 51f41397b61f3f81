// Internal. Addresses as values.
#pragma once

#include "engine/value.h"
#include "sluice/address.h"

namespace sluice::js {

// AddressValue returns {address, family, port}, {path}, or undefined for no address.
JSValueRef AddressValue(Call& call, const Address& address);

}  // namespace sluice::js
