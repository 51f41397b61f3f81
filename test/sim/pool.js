'use strict';
// HTTP over groups on two hosts of one name: a pool of kept connections, addresses that are tried one after
// another, names that are not found, members that end and come back, servers that leave by drain().
const http = require('http');
const net = require('net');
const sim = require('sim');
const scenario = require('./roles');
const { mayBreak, noDescriptorsLeft, pattern, persist, roll, untilQuiet } = require('./claims');
const { balanced, listening, sum } = require('./numbers');

const PORT = 8000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- The hosts

async function lead(server) {
  server.timeouts = { firstByte: 30_000, idle: 60_000 };
  await listening(server);
  for (let round = 0; round < 3; round++) {
    await wait(5000 + roll(15_000));
    balanced();
    await server.drain({ grace: roll(2000), jitter: roll(2000), deadline: 25_000 });
    balanced();
    sim.always(sum('sluice_connections', 'accepted') === 0, 'nobody is left after drain()');
    sim.reachable('http over a group has drained');
    await wait(roll(1000));
    await listening(server);
  }
}

function serve() {
  const saddr = require('socket').sockaddr('0.0.0.0', PORT);
  const server = net.createServer(__filename, 1, saddr);
  const web = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const answer = () => response.end(Buffer.concat([Buffer.from(`${request.url} `), ...chunks]));
      if (roll(3) === 0) setTimeout(answer, roll(1500));
      else answer();
    });
  });
  server.on('connection', (connection) => web.emit('connection', connection));
  server.on('stopping', () => web.close());
  if (server.isMaster()) lead(server);
  else listening(server);
}

// ---- The client

/** Claims that an agent has what it may have. */
function sound(agent) {
  const lists = [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)];
  const all = lists.flat();
  sim.always(agent.totalSocketCount === all.length, 'an agent counts its connections');
  sim.always(new Set(all).size === all.length, 'a connection is used once at a time');
  sim.always(all.length <= agent.maxSockets, 'an agent has as many connections as it may have');
}

/** Asks once; a failure tells whether the connection had been used before. */
function ask(agent, number, unbroken) {
  const body = pattern(number, 0, roll(roll(3) === 0 ? 60_000 : 500));
  return new Promise((resolve, reject) => {
    let answers = 0;
    const request = http.request({
      host: 'shop',
      port: PORT,
      agent,
      path: `/${number}`,
      method: 'POST',
      headers: { 'content-length': body.length },
      autoSelectFamilyAttemptTimeout: 10 + roll(300),
      timeout: 20_000,
    });
    const fail = (error) => {
      // One that was kept may end while it is asked again, as HTTP has it.
      const known = request.reusedSocket || /REFUSED/.test(error.code);
      sim.always(
        known || !unbroken,
        `what nothing breaks is answered: ${error.code} ${error.message}`,
      );
      reject(error);
    };
    request.on('timeout', () => request.destroy(new Error('time is over')));
    request.on('error', fail);
    request.on('response', (response) => {
      sim.always(++answers === 1 && response.statusCode === 200, 'a request has one answer');
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const whole = Buffer.concat([Buffer.from(`/${number} `), body]);
        sim.always(Buffer.concat(chunks).equals(whole), 'an answer belongs to its request');
        sim.reachable('a request is answered');
        if (request.reusedSocket) sim.reachable('a connection is used again');
        resolve();
      });
    });
    request.end(body);
    sound(agent);
  });
}

async function client() {
  noDescriptorsLeft();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 + roll(4) });
  let number = 0;
  const some = (unbroken) =>
    Promise.all(
      Array.from({ length: 1 + roll(5) }, () => {
        const own = number++ % 200;
        return persist(() => ask(agent, own, unbroken));
      }),
    );
  while (mayBreak() || performance.now() < 60_000) {
    await some(!mayBreak());
    sound(agent);
    balanced();
    await wait(roll(roll(2) === 0 ? 300 : 7000));
  }
  await untilQuiet();
  await some(false);
  await some(true);
  agent.destroy();
  await wait(1000);
  sim.always(agent.totalSocketCount === 0, 'an agent that is destroyed has no connection');
  sim.always(sum('sluice_connections', 'made') === 0, 'nothing is open at the end');
}

if (Task.me() !== 1) serve();
else
  module.exports = scenario(
    __filename,
    { one: serve, two: serve, client },
    { endless: ['one', 'two'], names: { shop: ['one', 'two'] } },
  );
