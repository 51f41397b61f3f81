'use strict';
// A cluster that cluster.test.js runs: the first argument names what it does.
const cluster = require('cluster');
const dgram = require('dgram');
const http = require('http');
const net = require('net');

const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);
const fork = (count) => Array.from({ length: count }, () => cluster.fork());

/** The answers of `count` requests, one after another. */
async function ask(port, count) {
  const answers = [];
  for (let i = 0; i < count; i++) {
    answers.push(
      await new Promise((resolve, reject) => {
        http
          .get({ port, agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => (text += part));
            response.on('end', () => resolve(text));
          })
          .on('error', reject);
      }),
    );
  }
  return answers;
}

const listeners = (count) =>
  new Promise((resolve) => {
    const ports = [];
    cluster.on('listening', (worker, { port }) => {
      if (ports.push(port) === count) resolve(ports);
    });
  });

const programs = {
  async http() {
    if (cluster.isWorker) {
      http.createServer((request, response) => response.end(`${cluster.worker.id}`)).listen(0);
      return;
    }
    fork(2);
    const ports = await listeners(2);
    const answers = await ask(ports[0], 10);
    say(ports[0] === ports[1], answers.sort().join(''));
    cluster.disconnect(() => say('none left', Object.keys(cluster.workers).length));
  },

  async accounts() {
    const metrics = require('metrics');
    const opened = () =>
      metrics
        .text()
        .split('\n')
        .filter((line) => /^sluice_connections_(opened|closed)_total/.test(line))
        .map((line) => line.replace(/^sluice_connections_/, ''));
    if (cluster.isWorker) {
      const server = net.createServer((socket) => socket.resume());
      server.maxConnections = 5;
      server.admission = { total: 2 };
      server.on('refused', ({ reason }) => process.send(reason));
      server.on('connection', () => process.send([...server.connections()].length));
      server.listen(0);
      return;
    }
    fork(1);
    const [port] = await listeners(1);
    const heard = [];
    const clients = [];
    cluster.on('message', (worker, message) => {
      heard.push(message);
      if (heard.length < 3) connect();
      else {
        say(...heard);
        for (const line of opened()) if (/group="cluster"/.test(line)) say(line);
        process.exit();
      }
    });
    const connect = () => clients.push(net.connect(port, '127.0.0.1').on('error', () => {}));
    connect();
  },

  async proxied() {
    if (cluster.isWorker) {
      const server = net.createServer((socket) => socket.end(`${socket.remoteAddress}`));
      server.proxy = { trust: ['127.0.0.1'] };
      server.listen(0);
      return;
    }
    fork(1);
    const [port] = await listeners(1);
    const source = { address: '192.0.2.7', port: 1234 };
    const client = net.connect({
      host: '127.0.0.1',
      port,
      proxy: { source, destination: source },
    });
    client.setEncoding('utf8').on('data', (text) => say(text));
    client.on('close', () => process.exit());
  },

  none() {
    if (cluster.isPrimary) cluster.schedulingPolicy = cluster.SCHED_NONE;
    return programs.http();
  },

  async events() {
    if (cluster.isWorker) {
      process.on('message', (message) => process.send({ ...message, id: cluster.worker.id }));
      net.createServer().listen(0);
      return;
    }
    for (const name of ['fork', 'online', 'listening', 'disconnect', 'exit'])
      cluster.on(name, (worker, ...values) =>
        say(name, worker.id, worker.state, name === 'exit' ? values : ''),
      );
    const [worker] = fork(1);
    await listeners(1);
    worker.send({ question: 1 });
    cluster.once('message', (from, message) => {
      say('message', from === worker, JSON.stringify(message));
      worker.disconnect();
    });
    worker.on('exit', () => say(worker.exitedAfterDisconnect, worker.isDead()));
  },

  async crash() {
    if (cluster.isWorker) {
      net.createServer((socket) => socket.end(`${cluster.worker.id}`)).listen(0);
      return;
    }
    const [first] = fork(2);
    const [port] = await listeners(2);
    first.process.kill('SIGKILL');
    cluster.on('exit', async (worker, code, signal) => {
      if (worker !== first) return;
      say(worker.id, code, signal, worker.exitedAfterDisconnect);
      for (let i = 0; i < 3; i++)
        await new Promise((resolve) => {
          net.connect(port).on('data', (data) => resolve(say(`${data}`)));
        });
      cluster.disconnect();
    });
  },

  async taken() {
    if (cluster.isWorker) {
      net
        .createServer()
        .on('error', (error) => process.send(error.code, () => process.disconnect()))
        .listen(Number(process.env.TAKEN));
      return;
    }
    const server = net.createServer().listen(0, async () => {
      const worker = cluster.fork({ TAKEN: server.address().port });
      worker.on('message', (code) => {
        say(code);
        server.close();
      });
    });
  },

  async datagrams() {
    if (cluster.isWorker) {
      const socket = dgram.createSocket('udp4');
      socket.on('message', (message, { port }) =>
        socket.send(`${message} ${cluster.worker.id}`, port, '127.0.0.1'),
      );
      const own = dgram.createSocket('udp4');
      own.bind({ port: 0, exclusive: true }, () =>
        socket.bind(0, '127.0.0.1', () => {
          process.send(own.address().port === socket.address().port);
          own.close();
        }),
      );
      return;
    }
    fork(2);
    const same = [];
    cluster.on('message', (_worker, message) => same.push(message));
    const ports = await listeners(2);
    const client = dgram.createSocket('udp4');
    const answers = [];
    client.on('message', (message) => {
      answers.push(`${message}`.split(' ')[0]);
      if (answers.length < 20) return;
      say(ports[0] === ports[1], new Set(answers).size, same);
      client.close();
      cluster.disconnect(() => say('none left', Object.keys(cluster.workers).length));
    });
    for (let i = 0; i < 20; i++) client.send(`${i}`, ports[0], '127.0.0.1');
  },

  takenDatagrams() {
    if (cluster.isWorker) {
      dgram
        .createSocket('udp4')
        .on('error', (error) => process.send(error.code, () => process.disconnect()))
        .bind(Number(process.env.TAKEN), '127.0.0.1');
      return;
    }
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
      const worker = cluster.fork({ TAKEN: socket.address().port });
      worker.on('message', (code) => {
        say(code);
        socket.close();
      });
    });
  },

  kill() {
    if (cluster.isWorker) {
      setInterval(() => {}, 1000);
      return;
    }
    const [worker] = fork(1);
    worker.on('online', () => worker.kill());
    worker.on('exit', (code, signal) => say(code, signal));
  },

  hostile() {
    if (cluster.isWorker) {
      const cmd = 'NODE_CLUSTER';
      for (const act of ['__defineGetter__', 'constructor', 'listen', undefined])
        process._send({ cmd, act });
      process._send({ cmd, act: 'listen', key: 'a', options: { port: 'x' } });
      process._send({ cmd, act: 'listen', key: 'b', options: { datagrams: 1 } });
      process._send({ cmd, act: 'close', key: 'c' });
      process._send({ cmd, ack: 'toString' });
      process.send('done');
      process.disconnect();
      return;
    }
    const worker = cluster.fork();
    worker.on('message', (message) => say(message));
    worker.on('exit', (code) => say('exit', code));
  },

  setup() {
    if (cluster.isWorker) {
      process.send(process.argv.slice(2));
      process.disconnect();
      return;
    }
    cluster.setupPrimary({ args: ['setup', 'more'], silent: true });
    cluster.on('setup', (settings) => say(settings === cluster.settings, settings.silent));
    fork(1)[0].on('message', (message) => say(message));
  },
};

programs[process.argv[2]]();
