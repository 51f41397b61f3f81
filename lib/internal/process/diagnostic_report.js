'use strict';
// process.report: what is known of the process, as an object or a file
// (https://nodejs.org/api/process.html#processreport).
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateObject, validateString } = require('internal/errors/validators');
const native = binding('process');
const runtime = binding('runtime');
const os = () => require('os');

const VERSION = 5; // of the format
// The names of the system's limits in a report, by those of /proc/self/limits.
const LIMITS = {
  core_file_size_blocks: 'Max core file size',
  data_seg_size_bytes: 'Max data size',
  file_size_blocks: 'Max file size',
  max_locked_memory_bytes: 'Max locked memory',
  max_memory_size_bytes: 'Max resident set',
  open_files: 'Max open files',
  stack_size_bytes: 'Max stack size',
  cpu_time_seconds: 'Max cpu time',
  max_user_processes: 'Max processes',
  virtual_memory_bytes: 'Max address space',
};

const settings = {
  compact: false,
  directory: '',
  excludeEnv: false,
  excludeNetwork: false,
  filename: '',
  reportOnFatalError: false,
  reportOnSignal: false,
  reportOnUncaughtException: false,
  signal: 'SIGUSR2',
};

// The options of the command that set them.
const OPTIONS = {
  compact: 'report-compact',
  directory: 'report-directory',
  excludeEnv: 'report-exclude-env',
  excludeNetwork: 'report-exclude-network',
  filename: 'report-filename',
  reportOnFatalError: 'report-on-fatalerror',
  reportOnSignal: 'report-on-signal',
  reportOnUncaughtException: 'report-uncaught-exception',
  signal: 'report-signal',
};

let sequence = 0;

// ---- The parts

function networkInterfaces() {
  const list = [];
  for (const [name, addresses] of Object.entries(os().networkInterfaces()))
    for (const { internal, mac, address, netmask, family, scopeid } of addresses)
      list.push({
        name,
        internal,
        mac,
        address,
        netmask,
        family,
        ...(scopeid !== undefined && { scopeid }),
      });
  return list;
}

function headerOf(event, trigger, filename, now) {
  const header = {
    reportVersion: VERSION,
    event,
    trigger,
    filename,
    dumpEventTime: now.toISOString().replace(/\.\d+/, ''),
    dumpEventTimeStamp: `${now.getTime()}`,
    processId: process.pid,
    threadId: binding('task').id - 1,
    cwd: process.cwd(),
    commandLine: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    nodejsVersion: process.version,
    glibcVersionRuntime: native.glibcVersion(),
    wordSize: 64,
    arch: process.arch,
    platform: process.platform,
    componentVersions: { ...process.versions },
    release: { ...process.release },
    osName: os().type(),
    osRelease: os().release(),
    osVersion: os().version(),
    osMachine: os().machine(),
    cpus: os()
      .cpus()
      .map(({ model, speed, times }) => ({ model, speed, ...times })),
    host: os().hostname(),
  };
  if (!settings.excludeNetwork) header.networkInterfaces = networkInterfaces();
  return header;
}

function stackOf(error) {
  const [message, ...stack] = `${error.stack}`.split('\n');
  const errorProperties = {};
  for (const name of Object.keys(error)) errorProperties[name] = `${error[name]}`;
  return { message, stack: stack.map((line) => line.trim()), errorProperties };
}

function heap() {
  const { heapTotal, heapUsed, external, rss } = process.memoryUsage();
  return {
    totalMemory: heapTotal,
    usedMemory: heapUsed,
    availableMemory: process.availableMemory(),
    externalMemory: external,
    residentMemory: rss,
    heapSpaces: {},
  };
}

function usage() {
  const used = process.resourceUsage();
  const seconds = process.uptime();
  const user = used.userCPUTime / 1e6;
  const kernel = used.systemCPUTime / 1e6;
  return {
    free_memory: os().freemem(),
    total_memory: os().totalmem(),
    rss: native.rss(),
    constrained_memory: process.constrainedMemory(),
    available_memory: process.availableMemory(),
    userCpuSeconds: user,
    kernelCpuSeconds: kernel,
    cpuConsumptionPercent: ((user + kernel) * 100) / seconds,
    userCpuConsumptionPercent: (user * 100) / seconds,
    kernelCpuConsumptionPercent: (kernel * 100) / seconds,
    maxRss: used.maxRSS * 1024,
    pageFaults: { IORequired: used.majorPageFault, IONotRequired: used.minorPageFault },
    fsActivity: { reads: used.fsRead, writes: used.fsWrite },
  };
}

const limitOf = (text) => (text === 'unlimited' ? text : Number(text));

function limits() {
  const text = native.readOwn('/proc/self/limits') ?? '';
  const found = {};
  for (const [name, title] of Object.entries(LIMITS)) {
    const [, soft, hard] = new RegExp(`^${title} +(\\S+) +(\\S+)`, 'm').exec(text) ?? [];
    if (soft !== undefined) found[name] = { soft: limitOf(soft), hard: limitOf(hard) };
  }
  return found;
}

/** The libraries that the process has loaded. */
function libraries() {
  const text = native.readOwn('/proc/self/maps') ?? '';
  return [...new Set(text.match(/\/\S+\.so[.\d]*$/gm))];
}

function make(event, trigger, filename, error) {
  const report = {
    header: headerOf(event, trigger, filename, new Date()),
    javascriptStack: stackOf(error),
    javascriptHeap: heap(),
    nativeStack: [],
    resourceUsage: usage(),
    libuv: [],
    workers: [],
  };
  if (!settings.excludeEnv) report.environmentVariables = { ...process.env };
  return { ...report, userLimits: limits(), sharedObjects: libraries() };
}

// ---- What programs call

/** An error for the place where a report is asked for. */
function synthetic() {
  const error = new Error('JavaScript Callstack');
  error.stack = error.stack.replace(/^Error/, 'Error [ERR_SYNTHETIC]');
  return error;
}

function checkError(error) {
  if (error !== undefined) validateObject(error, 'err');
  return error ?? synthetic();
}

/** @param {Error} [error]  whose stack is told @returns {object} what is known of the process */
function getReport(error) {
  return make('JavaScript API', 'GetReport', null, checkError(error));
}

function nextName() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  const thread = binding('task').id - 1;
  const number = String(++sequence).padStart(3, '0');
  return `report.${day}.${time}.${process.pid}.${thread}.${number}.json`;
}

function write(event, trigger, filename, error) {
  const name = filename || settings.filename || nextName();
  const text = `${JSON.stringify(make(event, trigger, name, error), null, settings.compact ? 0 : 2)}\n`;
  if (name === 'stdout' || name === 'stderr') {
    runtime.writeSync(name === 'stdout' ? 1 : 2, text);
    return name;
  }
  const { resolve } = require('path');
  try {
    require('fs').writeFileSync(resolve(settings.directory, name), text);
  } catch ({ errno }) {
    const where = settings.directory === '' ? '' : ` directory: ${settings.directory}`;
    runtime.writeSync(2, `sluice: cannot write the report ${name}${where} (errno: ${-errno})\n`);
    return '';
  }
  return name;
}

/**
 * Writes a report to a file of process.report.directory.
 * @param {string} [filename]
 * @param {Error} [error]
 * @returns {string} the file's name, '' if it cannot be written
 */
function writeReport(filename, error) {
  if (typeof filename === 'object' && filename !== null) [filename, error] = [undefined, filename];
  if (filename !== undefined) validateString(filename, 'file');
  return write('JavaScript API', 'API', filename, checkError(error));
}

/** Writes one of an uncaught error, where that is wanted. */
function reportUncaught(error) {
  if (!settings.reportOnUncaughtException) return;
  const told = error instanceof Error ? error : new Error(`${error}`);
  write('Exception', 'Exception', undefined, told);
}

const onSignal = (name) => write(name, 'Signal', undefined, synthetic());

/** Listens to the signal while that is wanted. */
function changeSignal(change) {
  if (settings.reportOnSignal) process.off(settings.signal, onSignal);
  change();
  if (settings.reportOnSignal) process.on(settings.signal, onSignal);
}

/** Sets what the options of the command say. */
function applyOptions() {
  const { flag } = require('internal/process/flags');
  for (const [name, option] of Object.entries(OPTIONS)) {
    const given = flag(option) ?? (name === 'directory' ? flag('report-dir') : undefined);
    if (given === undefined) continue;
    settings[name] = typeof settings[name] === 'boolean' ? true : given.at(-1);
  }
  if (settings.reportOnSignal) process.on(settings.signal, onSignal);
}

const report = { getReport, writeReport };
applyOptions();

for (const [name, value] of Object.entries(settings)) {
  const check = typeof value === 'boolean' ? validateBoolean : validateString;
  const label = name.startsWith('reportOn') ? 'trigger' : name;
  Object.defineProperty(report, name, {
    enumerable: true,
    configurable: true,
    get: () => settings[name],
    set(next) {
      check(next, label);
      if (name === 'signal' && binding('os').signals[next] === undefined)
        throw new codes.ERR_UNKNOWN_SIGNAL(next);
      const set = () => {
        settings[name] = next;
      };
      if (name === 'signal' || name === 'reportOnSignal') changeSignal(set);
      else set();
    },
  });
}

module.exports = { report, reportUncaught };
