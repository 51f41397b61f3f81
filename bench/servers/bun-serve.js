/* global Bun */
// A page of twelve bytes on Bun's own interface.
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => new Response('hello, world'),
});
console.log(`port ${server.port}`);
