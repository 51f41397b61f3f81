// The fixed shop and its client over a slow link, which is cut for a while.
//
//   sluice sim --seeds 1-100 examples/simulate/scenario.js
'use strict';
const wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

module.exports = {
  hosts: {
    server: { program: './server-fixed.js', restart: false },
    client: { program: './client.js', mustEnd: true },
  },
  links: { 'client-server': { latency: 80 } },
  async run(sim) {
    await wait(100);
    sim.link('client', 'server').cut({ oneWay: true });
    await wait(7000);
    sim.link('client', 'server').heal();
    await wait(20_000);
    await sim.quiet(120_000);
  },
};
