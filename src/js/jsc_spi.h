// Internal. What sluice uses of JavaScriptCore beyond its public C API: symbols that the library
// exports, and that the build checks for (CMakeLists.txt). Nothing else declares any.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <cstddef>
#include <span>

extern "C" {
// Holds the API lock of a context's VM across many calls. Recursive.
void JSLock(JSContextRef context);
void JSUnlock(JSContextRef context);
// function(promise, reason) runs when the promise jobs are done and a rejection has no handler.
void JSGlobalContextSetUnhandledRejectionCallback(JSGlobalContextRef context, JSObjectRef function,
                                                  JSValueRef* exception);
// The callback runs on the VM's thread once a script has run for limit seconds; true ends it.
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void* data);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double limit,
                                         JSShouldTerminateCallback callback, void* data);
void JSContextGroupClearExecutionTimeLimit(JSContextGroupRef group);
JSStringRef JSContextCreateBacktrace(JSContextRef context, unsigned max_frames);
void JSReportExtraMemoryCost(JSContextRef context, size_t size);
// An object with heapSize, heapCapacity, extraMemorySize, objectCount…
JSObjectRef JSGetMemoryUsageStatistics(JSContextRef context);
void JSSynchronousGarbageCollectForDebugging(JSContextRef context);
JSObjectRef JSObjectGetProxyTarget(JSObjectRef object);
}

namespace sluice::js::spi {

// DrainMicrotasks runs promise jobs until there are none. The API lock must be held.
void DrainMicrotasks(JSContextGroupRef group) asm("_ZN3JSC2VM15drainMicrotasksEv");

// InitializeMainThread makes this thread's run loop the engine's main one. The collector's memory
// pressure handler uses that after a while; without it the process crashes. The first call wins.
void InitializeMainThread() asm("_ZN3WTF20initializeMainThreadEv");

}  // namespace sluice::js::spi
