/* global Deno */
// A page of twelve bytes on Deno's own interface.
Deno.serve(
  {
    hostname: '127.0.0.1',
    port: 0,
    onListen: ({ port }) => console.log(`port ${port}`),
  },
  () => new Response('hello, world'),
);
