'use strict';
// Servers of groups on a host, and what its ledger counts, as claims.
const metrics = require('metrics');
const sim = require('sim');

/** The numbers of a metric together, those of any labels or of one side. */
const sum = (name, side = '') =>
  [...metrics.text().matchAll(new RegExp(`^${name}\\{.*${side}.*\\} (\\d+)`, 'gm'))].reduce(
    (all, [, count]) => all + Number(count),
    0,
  );

/** Claims that what the ledger says of connections adds up. */
function balanced() {
  const sums = new Map(); // opened less closed less open, by group, side and member
  for (const line of metrics.text().split('\n')) {
    const found =
      /^sluice_connections(|_opened_total|_closed_total)\{(group=.*?member="\d+").*\} (\d+)/.exec(
        line,
      );
    if (!found) continue;
    const [, kind, key, count] = found;
    sums.set(key, (sums.get(key) ?? 0) + (kind === '_opened_total' ? 1 : -1) * Number(count));
  }
  sim.always(sums.size > 0, 'the ledger knows somebody');
  for (const [key, sum] of sums) sim.always(sum === 0, `opened is closed and open: ${key}: ${sum}`);
}

/** Claims that nobody holds a place of server.admission. */
function nobodyAdmitted() {
  for (const name of ['connections', 'handshakes', 'handshakes_waiting'])
    sim.always(sum(`sluice_admission_${name}`) === 0, `no place is left taken: ${name}`);
}

/** Listens, again and again where that fails. */
async function listening(server) {
  for (;;) {
    try {
      server.listen();
      return;
    } catch (error) {
      sim.always(['EMFILE', 'ENOBUFS'].includes(error.code), `listen() throws ${error.code}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

module.exports = { balanced, listening, nobodyAdmitted, sum };
