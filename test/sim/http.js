'use strict';
// HTTP with connections that are kept: each answer belongs to its request.
const http = require('http');
const sim = require('sim');
const scenario = require('./roles');
const { listen, noDescriptorsLeft, pattern, persist, roll } = require('./claims');

function read(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
    stream.on('aborted', () => reject(new Error('aborted')));
  });
}

function ask(agent, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': body.length };
    const options = { host: 'server', port: 8000, agent, path, method: 'POST', headers };
    let answered = 0;
    const request = http.request({ ...options, timeout: 20_000 }, (response) => {
      sim.always(++answered === 1, 'a request has one answer');
      read(response).then((bytes) => resolve({ response, bytes }), reject);
    });
    request.on('timeout', () => request.destroy(new Error('time is over')));
    request.on('error', reject);
    request.end(body);
  });
}

module.exports = scenario(__filename, {
  server() {
    noDescriptorsLeft();
    const server = http.createServer((request, response) => {
      read(request).then(
        (body) => {
          response.setHeader('x-path', request.url);
          response.end(Buffer.concat([Buffer.from(`${request.url} `), body]));
          if (request.url === '/bye') server.close();
        },
        () => {},
      );
    });
    listen(server, 8000);
  },
  async client() {
    noDescriptorsLeft();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 + roll(3) });
    const one = (number) =>
      persist(async () => {
        const body = pattern(number, 0, roll(roll(3) === 0 ? 60_000 : 500));
        const { response, bytes } = await ask(agent, `/${number}`, body);
        sim.always(response.statusCode === 200, 'an answer is one of success');
        sim.always(response.headers['x-path'] === `/${number}`, 'an answer belongs to its request');
        const whole = Buffer.concat([Buffer.from(`/${number} `), body]);
        sim.always(bytes.equals(whole), 'a body arrives once and in order');
        sim.reachable('a request is answered');
      });
    const all = [];
    for (let number = 0; number < 6; number++) {
      all.push(one(number));
      if (roll(2) === 0) await all.at(-1);
    }
    await Promise.all(all);
    await persist(() => ask(agent, '/bye', Buffer.alloc(0)));
    agent.destroy();
  },
});
