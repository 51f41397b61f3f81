// Internal. A few worker threads of the process for calls that block: names, files, hashes.
#pragma once

#include <functional>

#include "sluice/loop.h"

namespace sluice {

// RunOnWorker runs work on a worker thread, then done on the loop's thread with 0, or with ENOMEM
// if work threw: there was no memory for it. The loop is kept alive until done has run; if the loop
// ends first, done is destroyed with it. work must not touch what belongs to the loop, and is
// destroyed on its thread: what done needs alone belongs into done. lasting work, as a write, is
// waited for at the end of the process. Throws std::bad_alloc, and nothing has begun then. Loop
// thread.
void RunOnWorker(Loop& loop, std::function<void()> work, std::function<void(int error)> done,
                 bool lasting = false);

// FinishLastingWork returns when the lasting work that was begun is done, or after two seconds; the
// process ends then. Any thread.
void FinishLastingWork();

}  // namespace sluice
