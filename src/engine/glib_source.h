// Internal. Engine::GlibSource runs the GLib main context of an engine's thread.
#pragma once

#include <glib.h>

#include <memory>
#include <vector>

#include "engine/engine.h"
#include "sluice/ref.h"

namespace sluice::js {

// JavaScriptCore posts its GC timers, FinalizationRegistry callbacks and finished WebAssembly
// compilations to the context. What that polls may change from turn to turn. Loop thread.
class Engine::GlibSource final : public RefCounted {
 public:
  explicit GlibSource(Engine& engine);
  ~GlibSource() override;

  // Begin watches what the context polls, once the engine may be entered.
  void Begin() { Query(); }

 private:
  class Polled;
  void Iterate();
  void Query();
  void Poll();

  Engine& engine_;
  GMainContext* context_;
  Timer timer_;
  std::vector<GPollFD> asked_ = std::vector<GPollFD>(8);
  std::vector<std::unique_ptr<Polled>> polled_;
};

}  // namespace sluice::js
