'use strict';
const runtime = binding('runtime');
runtime.setHooks({ runTicks() {}, runImmediates() {}, runTimers() {}, uncaught(e) { runtime.writeSync(2, String(e) + e.stack + '\n'); runtime.reallyExit(1); }, beforeExit() {}, exit() { return 0; } });
