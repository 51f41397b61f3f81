#include "engine/glib_source.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "sim/calls.h"

namespace sluice::js {

// Polled watches one descriptor of the context.
class Engine::GlibSource::Polled final : private Watcher {
 public:
  Polled(GlibSource& source, int fd)
      : Watcher(source.engine_.loop_, source), source_(source), fd_(fd) {}
  ~Polled() override { Stop(); }
  int fd() const { return fd_; }
  void Start(uint32_t events) { Watch(fd_, events); }
  void Stop() { Unwatch(); }

 private:
  void OnReady(uint32_t) override { source_.Iterate(); }
  void OnLoopEnd() override { Unwatch(); }

  GlibSource& source_;
  int fd_;
};

Engine::GlibSource::GlibSource(Engine& engine)
    : engine_(engine), timer_(engine.loop_, [this] { Iterate(); }) {
  ref();
  context_ = g_main_context_new_with_flags(G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
  g_main_context_push_thread_default(context_);
}

Engine::GlibSource::~GlibSource() {
  for (auto& polled : polled_) polled->Stop();
  g_main_context_pop_thread_default(context_);
  g_main_context_unref(context_);
}

void Engine::GlibSource::Iterate() {
  engine_.Lock();
  for (int i = 0; i < 100 && g_main_context_iteration(context_, FALSE); ++i) {
  }
  engine_.Unlock();
  engine_.Settle();
  Query();
}

// The context's wake-up descriptor becomes readable whenever a source is added or re-timed, so
// the time-out and the descriptors need only be asked for after each iteration.
void Engine::GlibSource::Query() {
  if (sim::Active()) return;  // its times are those of the real clock, and of real threads
  gint priority = 0;
  gint timeout = -1;
  SLUICE_CHECK(g_main_context_acquire(context_));
  gboolean ready = g_main_context_prepare(context_, &priority);
  for (;;) {
    auto room = static_cast<gint>(asked_.size());
    gint count = g_main_context_query(context_, G_MAXINT, &timeout, asked_.data(), room);
    asked_.resize(static_cast<size_t>(count));
    if (count <= room) break;
  }
  g_main_context_release(context_);
  Poll();
  if (ready) timeout = 0;
  if (timeout < 0)
    timer_.Cancel();
  else
    timer_.SetAfter(static_cast<uint64_t>(timeout));
}

// Poll watches what was asked for, each descriptor once, and nothing else.
void Engine::GlibSource::Poll() {
  std::erase_if(polled_, [&](auto& polled) {
    return std::none_of(asked_.begin(), asked_.end(),
                        [&](const GPollFD& asked) { return asked.fd == polled->fd(); });
  });
  for (const GPollFD& asked : asked_) {
    uint32_t events = 0;
    for (const GPollFD& same : asked_) {
      if (same.fd != asked.fd) continue;
      if ((same.events & (G_IO_IN | G_IO_PRI)) != 0) events |= Watcher::kRead;
      if ((same.events & G_IO_OUT) != 0) events |= Watcher::kWrite;
    }
    auto found = std::find_if(polled_.begin(), polled_.end(),
                              [&](auto& polled) { return polled->fd() == asked.fd; });
    if (found == polled_.end()) {
      polled_.push_back(std::make_unique<Polled>(*this, asked.fd));
      found = std::prev(polled_.end());
    }
    (*found)->Start(events);
  }
}

}  // namespace sluice::js
