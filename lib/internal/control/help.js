'use strict';
// The texts of `sluice help`.

const PROGRAM = `PID is the number of a process, or the path of a control socket (--control=PATH).`;

/** The commands' texts by their names. */
const texts = {
  ps: `Usage: sluice ps [--json]

Lists the programs of this user that sluice runs: process, age, tasks and how many of them are
stuck, open connections, connections since the start, memory, and the program.
`,
  stats: `Usage: sluice stats PID [--json]

Shows what a program does: its tasks, and what each member of a server has of connections, bytes and
TLS handshakes, with the reasons why connections closed. It does not wait for tasks.
${PROGRAM}
`,
  sess: `Usage: sluice sess PID [--older SECONDS] [--peer ADDRESS[/BITS]] [--group NAME]
                   [--closed] [--code CODE] [--limit COUNT] [--json]

Lists connections: their number, age, time since a byte moved, bytes, what waits to be written, the
round trip, and who is at the other end. A task that does not answer within a quarter of a second is
named as stuck and left out.

  --older SECONDS       those that are older than that
  --peer ADDRESS/BITS   those of an address or a range (10.0.0.0/8), or of a Unix socket's path
  --group NAME          those of a server group
  --closed              the last 4,096 that closed, and why, the last first
  --code CODE           with --closed: those of a close reason, as peer-reset
  --limit COUNT         at most so many
  --json                a line of JSON each
${PROGRAM}
`,
  close: `Usage: sluice close PID ID [--json]

Closes the connection that sess lists as ID. The program sees its socket close without an error; the
close reason is control.
${PROGRAM}
`,
  top: `Usage: sluice top [PID] [--json]

Shows what a program does, once a second. Without PID: the only program there is.
Keys: c, r, w, l sort members by connections, bytes a second, what waits to be written, or how long
their task's turn lasts; s shows the JavaScript stack of the first task that is stuck; q ends it.
${PROGRAM}
`,
  dump: `Usage: sluice dump PID [--json]

Prints what the tasks of a program recorded last, the oldest first, as JSON lines: connections that
opened, connected, were secure, had to wait with what they wrote, closed or were refused; turns of a
loop longer than 100 ms. It does not wait for tasks, and has those of the last eight that ended.
${PROGRAM}
`,
  capture: `Usage: sluice capture PID FILE [--records] [--peer ADDRESS[/BITS]] [--group NAME]
                      [--connection ID] [--seconds COUNT] [--bytes COUNT] [--snap BYTES] [--json]

Writes what connections carry to a new pcapng file, which Wireshark and tshark read, until a limit is
reached or the command is stopped.

  --records             TLS records as they go over the network, with the secrets that open them, of
                        connections that open from now on; else the bytes that the program reads
                        and writes, in packets that are made up
  --peer ADDRESS/BITS   connections of an address or a range (10.0.0.0/8)
  --group NAME          those of a server group
  --connection ID       the one that sess lists as ID
  --seconds COUNT       60 if not told
  --bytes COUNT         of the file, 67108864 if not told
  --snap BYTES          of a packet, 65535 if not told
${PROGRAM}
`,
  init: `Usage: sluice init NAME

Makes a small service in the new folder NAME: a server, its test, and what runs it.
`,
  help: `Usage: sluice help [COMMAND]

Shows what a command does: ps, stats, sess, close, top, dump, capture, sim, init.
`,
};

module.exports = { texts };
