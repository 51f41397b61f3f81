// Internal. The parts of binding('tls'), each in the file of its name.
#pragma once

#include "engine/engine.h"

namespace sluice::js {

void AddTlsContexts(Binder& binder);  // contexts.cc: contexts, stores, ticket keys, options
void AddTlsDuplexes(Binder& binder);  // duplexes.cc: streams that JavaScript moves the bytes of
void AddTlsFormats(Binder& binder);   // formats.cc: what needs no connection

}  // namespace sluice::js
