'use strict';
// A server from the system's packages, started on a free port of the loopback with its data in a
// directory of its own, and ended with the program that started it.
const { spawn, spawnSync } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');

const READY_MS = 120000; // a guard, no measure of anything
const RETRY_MS = 50;

const running = new Set();
process.on('exit', () => {
  for (const server of running) server.abandon();
});

// Below those that the system gives to connections, which could take one before the server does.
const [FIRST_PORT, LAST_PORT] = [15000, 32000];

/** A port that nothing listens on now. */
function freePort() {
  return new Promise((resolve) => {
    const port = crypto.randomInt(FIRST_PORT, LAST_PORT);
    const probe = net.createServer();
    probe.once('error', () => resolve(freePort()));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

/** The path of a program, also of those that only root usually runs; undefined if it is absent. */
function findProgram(name) {
  const folders = `${process.env.PATH}:/usr/sbin:/usr/local/sbin:/sbin`.split(':');
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

/** Runs a program to its end; what it wrote, or an error with it. */
function run(program, args, options) {
  const done = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (done.status === 0) return `${done.stdout}${done.stderr}`;
  throw new Error(
    `${program} ${args.join(' ')}: ${done.error ?? `exit code ${done.status}`}\n${done.stdout}${done.stderr}`,
  );
}

/** Whether a port of the loopback takes connections. */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', (failed) => resolve(!failed));
  });
}

/** Whether a process of a group runs. */
function groupRuns(group) {
  return fs.readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(itsGroup) === group && state !== 'Z';
    } catch {
      return false; // it has ended since
    }
  });
}

const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_MS));

/**
 * How to run a kind of server.
 * @typedef {object} Kind
 * @property {string} program  a name that is searched
 * @property {(server: Server) => string[]} args
 * @property {string} [user]  who it runs as, if the tests run as root
 * @property {(server: Server) => Record<string, string>} [env]
 * @property {(server: Server) => void} [prepare]  makes its data and configuration
 * @property {(server: Server) => Promise<boolean>} [ready]  beyond that the port accepts
 * @property {(server: Server) => void} [cleanUp]  ends what else was started
 * @property {string} [versionProgram]  if program does not tell its version
 * @property {string[]} version  arguments that print the version
 */

class Server {
  /** @param {string} name @param {Kind} kind */
  constructor(name, kind) {
    this.name = name;
    this.kind = kind;
    this.program = findProgram(kind.program);
    this.output = '';
  }

  get installed() {
    return this.program !== undefined;
  }

  /** The version that the program tells. */
  version() {
    // Some tell it and fail.
    const { stdout, stderr } = spawnSync(
      this.kind.versionProgram ?? this.program,
      this.kind.version,
      { encoding: 'utf8', timeout: 10000 },
    );
    const text = `${stdout}${stderr}`;
    return /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0] ?? 'unknown';
  }

  /** Who the server runs as; undefined for the user of the tests. */
  get user() {
    return process.getuid() === 0 ? this.kind.user : undefined;
  }

  /** The command line of a program that belongs to the server, as its user. */
  command(program, args) {
    if (!this.user) return [program, args];
    const group = run('id', ['-g', this.user]).trim();
    return [
      'setpriv',
      ['--reuid', this.user, '--regid', group, '--clear-groups', program, ...args],
    ];
  }

  file(name) {
    return path.join(this.directory, name);
  }

  write(name, text) {
    fs.writeFileSync(this.file(name), text, { mode: 0o644 });
    return this.file(name);
  }

  /** Makes a key and a certificate of its own for 127.0.0.1: server.key and server.crt. */
  makeCertificate() {
    run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout',
      this.file('server.key'),
      '-out',
      this.file('server.crt'),
    ]);
    fs.chmodSync(this.file('server.key'), 0o600);
    this.own();
  }

  /** Gives the directory and what is in it to the server's user. */
  own() {
    if (this.user) run('chown', ['-R', `${this.user}:`, this.directory]);
  }

  async start() {
    if (this.directory === undefined) {
      this.directory = fs.mkdtempSync(path.join(os.tmpdir(), `sluice-${this.name}-`));
      fs.chmodSync(this.directory, 0o755);
      this.port = await freePort();
      this.ports = {};
      for (const name of ['second', 'third', 'fourth', 'fifth', 'sixth'])
        this.ports[name] = await freePort();
      running.add(this);
      await this.kind.prepare?.(this);
      this.own();
    }
    const [program, args] = this.command(this.program, this.kind.args(this));
    const env = { ...process.env, LC_ALL: 'C', ...this.kind.env?.(this) };
    // A session of its own, so that the processes that it starts end with it.
    this.process = spawn(program, args, {
      cwd: this.directory,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.unref();
      stream.on('data', (data) => {
        this.output += data;
      });
    }
    this.process.on('error', (error) => {
      this.output += error.message;
    });
    this.process.unref();
    await this.#ready();
    return this;
  }

  async #ready() {
    const started = Date.now();
    for (;;) {
      if (await accepts(this.port)) if ((await this.kind.ready?.(this)) ?? true) return;
      const ended = this.process.exitCode !== null || this.process.signalCode !== null;
      if (ended || Date.now() - started > READY_MS)
        throw new Error(`${this.name} did not start: ${this.output.slice(-2000)}`);
      await pause();
    }
  }

  #signal(signal) {
    try {
      process.kill(-this.process.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  /** Ends the server; its data stays. */
  async stop(signal = 'SIGTERM') {
    const { process: child } = this;
    if (child === undefined) return;
    this.process = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, signal);
    await ended;
    while (groupRuns(child.pid)) await pause(); // one that a script started may end later
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** Ends the server and removes its data. */
  async end() {
    await this.stop('SIGKILL');
    running.delete(this);
    this.kind.cleanUp?.(this);
    if (this.directory !== undefined) fs.rmSync(this.directory, { recursive: true, force: true });
  }

  /** As end(), in a process that ends. */
  abandon() {
    if (this.process !== undefined) this.#signal('SIGKILL');
    this.kind.cleanUp?.(this);
    if (this.directory !== undefined) fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

module.exports = { Server, accepts, findProgram, freePort, run };
