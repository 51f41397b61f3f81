// Internal. What a new task may do, and what tasks may do to each other.
#pragma once

#include <string>

#include "engine/task.h"
#include "engine/value.h"

namespace sluice::js {

// SetSubject sets what a task of file may do: as its parent, or what the argument permission says,
// JSON of a policy file, within what the parent may. Returns 0, or -kAccessDenied; throws for what
// is no policy.
int SetSubject(Call& call, const std::string& file, size_t permission, TaskOptions& options);
// SetQuota sets quotas from the arguments i on: connections, descriptors, bytes of the heap and of
// what waits to be written, share of a processor.
void SetQuota(Call& call, size_t i, TaskOptions& options);
// MayEnd returns whether a task may end another one, or change how it runs: one that it started,
// itself or by others; and any, by the scope signal.
bool MayEnd(const Task& mine, const Task& task);
// checkStart(path) throws if no task may be started of that file
JSValueRef CheckStart(Call& call);

}  // namespace sluice::js
