// Servers that leave, stand behind load balancers, and say how they are.
import * as http from 'http';
import * as net from 'net';

async function leave(server: net.Server): Promise<number> {
  const { closed, ended, forced, ms } = await server.drain({ grace: 10, deadline: 1000, close: 'reset' });
  return server.draining ? 0 : closed + ended + forced + ms;
}

const server = net.createServer({ proxy: { trust: ['10.0.0.0/8', 'unix'], versions: [2] } }, (socket) => {
  socket.on('goaway', ({ deadline }) => socket.end(String(deadline)));
  const name: string | undefined = socket.proxied?.ssl?.cn ?? socket.proxied?.authority;
  if (name !== undefined) net.connect({ port: 1, proxy: socket });
});
server.proxy = undefined;
const { port } = server.health({ port: 0, ready: 1000 });
server.agent({ port, weight: () => 50, balancers: 2 });
for (const { name, age, seals } of server.ticketKeys()) if (seals) console.log(name.length + age);
void leave(server);
void leave(http.createServer());
net.connect({
  port: 1,
  proxy: { source: { address: '::1', port: 1 }, destination: { path: '/x' }, tlvs: [[0xe0, Buffer.alloc(1)]] },
});
net.connect({ port: 1, proxy: 'local' });
net.createServer({ tlsOpt: { cert: '', key: '', ticketKeys: { secret: 'x', period: 60 } } });
net.createServer({ tlsOpt: { cert: '', key: '', ticketKeys: { file: ['a'], order: 'nginx' } } });

// @ts-expect-error
void server.drain({ gracious: true });
// @ts-expect-error
server.health({});
// @ts-expect-error
net.connect({ port: 1, proxy: 'remote' });
