// Internal. What a process tells of itself: its tasks, its accounts.
#pragma once

#include "base/json.h"
#include "engine/task.h"

namespace sluice::control {

// PutProcess writes {pid, version, program, started, control} as an object.
void PutProcess(JsonWriter& json);
// PutStats writes that with memory, descriptors, tasks and accounts. None of it waits for a task.
void PutStats(JsonWriter& json);

// BusySeconds returns how long a task's turns have lasted in all, with the present one. Any thread.
double BusySeconds(const js::Task& task);

}  // namespace sluice::control
