'use strict';
// What servers of http2 push, and what comes of it.
const { program, soon } = require('./harness');
const { attempt, closed, pair, watch } = require('./shared/http2');

program('pushes', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream, headers) => {
    if (headers[':path'] !== '/') return;
    fact('allowed', stream.pushAllowed);
    for (const args of [[], [{}], [{}, 5], ['x', () => {}]])
      fact(
        `pushStream ${args.length}`,
        attempt(() => stream.pushStream(...args)),
      );
    stream.pushStream({ ':path': '/pushed', a: 'b' }, (error, pushed, headers_) => {
      fact(
        'pushed',
        error,
        pushed.id,
        Object.entries(headers_).filter(([name]) => name !== ':authority'),
        pushed.pushAllowed,
      );
      fact(
        'nested',
        attempt(() => pushed.pushStream({}, () => {})),
      );
      pushed.respond({ ':status': 200, c: 'd' });
      pushed.end('body');
    });
    stream.respond();
    stream.end();
  });
  session.on('stream', (stream, headers, flags, raw) => {
    fact('stream', headers[':path'], headers.a, flags, raw.length);
    stream.on('push', (answer, flags_, raw_) => fact('push', answer.c, flags_, raw_.length));
    stream.setEncoding('utf8').on('data', (data) => fact('data', data));
    stream.on('close', () => fact('pushed close', stream.rstCode));
  });
  const stream = session.request();
  stream.resume();
  await closed(stream);
  await soon(30);
});

program('a push that nobody wants', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      const told = watch(pushed);
      pushed.respond();
      pushed.write('x');
      pushed.on('close', () => fact('pushed', ...told, pushed.rstCode));
    });
    stream.respond();
    setTimeout(() => stream.end(), 30);
  });
  const stream = session.request();
  stream.resume();
  await closed(stream);
  await soon(30);
});
