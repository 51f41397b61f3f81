'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { messages, stub } = require('./stubs');

const { load, test } = suite('imapflow');
const { ImapFlow } = load('imapflow');

const BODY = Buffer.alloc(1 << 20, 'mail\r\n');

// What a server sends before it says that a command is done.
const ANSWERS = {
  CAPABILITY: '* CAPABILITY IMAP4rev1 ID\r\n',
  LIST: '* LIST () "/" INBOX\r\n',
  SELECT: '* FLAGS (\\Seen)\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n',
  FETCH: `* 1 FETCH (UID 1 BODY[] {${BODY.length}}\r\n${BODY})\r\n`,
  LOGOUT: '* BYE\r\n',
};

const lineEnd = (bytes) => {
  const end = bytes.indexOf('\r\n');
  return end < 0 ? undefined : end + 2;
};

const serve = (t) =>
  stub(t, (socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 ID] hello\r\n');
    messages(socket, lineEnd, (line) => {
      const [tag, command, user] = `${line}`.trim().split(' ');
      const name = command.toUpperCase();
      const refused = name === 'LOGIN' && !user.includes('user');
      socket.write(
        `${ANSWERS[name] ?? ''}${tag} ${refused ? 'NO [AUTHENTICATIONFAILED] no' : 'OK done'}\r\n`,
      );
      if (name === 'LOGOUT') socket.end();
    });
  });

const client = (port, user) =>
  new ImapFlow({
    ...{ host: '127.0.0.1', port, secure: false, logger: false, disableAutoIdle: true },
    auth: { user, pass: 'secret' },
  });

test('a mail of 1 MiB is fetched from a box', async (t) => {
  const imap = client(await serve(t), 'user');
  await imap.connect();
  const lock = await imap.getMailboxLock('INBOX');
  const { source } = await imap.fetchOne('1', { source: true });
  lock.release();
  assert.ok(source.equals(BODY));
  await imap.logout();
});

test('a wrong name is refused', async (t) => {
  const imap = client(await serve(t), 'nobody');
  imap.on('error', () => {});
  await assert.rejects(imap.connect(), { authenticationFailed: true });
});
