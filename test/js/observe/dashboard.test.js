'use strict';
// The dashboard (--dashboard), as a browser and others see it.
const assert = require('assert');
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');
const { once } = require('events');
const { test } = require('../../helpers/test');

const PROGRAM = `
  const net = require('net');
  const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

/** A program with a dashboard: {page: URL, port}. */
async function start(t) {
  const child = spawn(process.execPath, [
    ...['--control=off', '--dashboard=127.0.0.1:0', '-e', PROGRAM],
  ]);
  t.after(() => child.kill());
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [port] = await once(child.stdout, 'data');
  while (!said.includes('\n')) await once(child.stderr, 'data');
  return { page: new URL(/http:\S+/.exec(said)[0]), port: Number(port) };
}

/** {status, headers, text} of a request. */
async function get(url, headers = {}, method = 'GET') {
  const request = http.request(url, { method, headers, agent: false }).end();
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

test('the page is found by its token alone, on its host, and only read', async (t) => {
  const { page } = await start(t);
  const found = await get(page);
  assert.strictEqual(found.status, 200);
  assert.match(found.headers['content-security-policy'], /^default-src 'none'; script-src 'self'/);
  assert.strictEqual(found.headers['referrer-policy'], 'no-referrer');
  for (const other of ['/', '/events', page.pathname.slice(0, -1), `${page.pathname}x`])
    assert.strictEqual((await get(new URL(other, page))).status, 404, other);
  const wrong = page.pathname.replace(/\w/, (digit) => (digit === '0' ? '1' : '0'));
  assert.strictEqual((await get(new URL(wrong, page))).status, 404);
  assert.strictEqual((await get(page, { host: `evil.test:${page.port}` })).status, 421);
  assert.strictEqual((await get(page, { host: `localhost:${page.port}` })).status, 200);
  assert.strictEqual((await get(page, {}, 'POST')).status, 405);
  assert.strictEqual((await get(page, {}, 'HEAD')).text, '');
});

test('events have the numbers of the program', async (t) => {
  const { page, port } = await start(t);
  const client = net.connect(port, '127.0.0.1');
  t.after(() => client.destroy());
  client.write('hello');
  await once(client, 'data');
  const request = http.get(new URL('events', page), { agent: false });
  t.after(() => request.destroy());
  const [response] = await once(request, 'response');
  assert.strictEqual(response.headers['content-type'], 'text/event-stream');
  let text = '';
  while (!text.endsWith('\n\n')) text += (await once(response, 'data'))[0];
  const { stats, turns, connections } = JSON.parse(text.replace('data: ', ''));
  assert.strictEqual(stats.accounts.find((one) => one.side === 'accepted').bytesIn, 5);
  assert.strictEqual(turns[0].task, 1);
  assert.strictEqual(connections.largest[0].bytes.out, 5);
});

// ---- In a browser

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/** Opens a page in a browser; call(method, params) asks it by its DevTools protocol. */
async function open(t, url, scheme, width) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
  const child = spawn(browser, [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    ...[`--user-data-dir=${folder}`, '--remote-debugging-port=0', 'about:blank'],
  ]);
  t.after(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50 });
  });
  let said = '';
  while (!/ws:\/\/\S+/.test(said)) said += (await once(child.stderr, 'data'))[0];
  child.stderr.resume();
  const { port } = new URL(/ws:\/\/\S+/.exec(said)[0]);
  const targets = JSON.parse((await get(new URL(`http://127.0.0.1:${port}/json/list`))).text);
  const tab = targets.find(({ type }) => type === 'page');
  const socket = new WebSocket(tab.webSocketDebuggerUrl);
  await once(socket, 'open');
  t.after(() => socket.close());
  const waiting = new Map();
  const events = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === undefined) events.push(message);
    else waiting.get(message.id)(message);
  });
  const call = async (method, params = {}) => {
    const answer = await new Promise((resolve) => {
      waiting.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
    assert.strictEqual(answer.error, undefined);
    return answer.result;
  };
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    assert.strictEqual(exceptionDetails, undefined);
    return result.value;
  };
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Accessibility'])
    await call(`${domain}.enable`);
  await call('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  await call('Emulation.setDeviceMetricsOverride', {
    ...{ width, height: 800, deviceScaleFactor: 1, mobile: width < 500 },
  });
  await call('Page.navigate', { url: String(url) });
  return { call, evaluate, events };
}

// In the page: texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3).
const FAINT = `(() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (text) => {
    const [r, g, b] = parts(text).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92
      : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
  };
  return [...document.querySelectorAll('body *')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    })
    .map((one) => one.textContent);
})()`;
const LABELS = `[...document.querySelectorAll('[role=img]')].map((one) => one.ariaLabel)`;

for (const [scheme, width] of [
  ['light', 1300],
  ['dark', 390],
])
  test(`in a browser (${scheme}, ${width} pixels) charts move, and all can be read`, async (t) => {
    if (browser === undefined) {
      t.skip('needs Chromium');
      return;
    }
    const { page, port } = await start(t);
    const { call, evaluate, events } = await open(t, page, scheme, width);
    const client = net.connect(port, '127.0.0.1').resume();
    t.after(() => client.destroy());
    const load = setInterval(() => client.write(Buffer.alloc(10000)), 10);
    t.after(() => clearInterval(load));
    const until = async (expression) => {
      while (!(await evaluate(expression)));
    };
    await until(`${LABELS}.some((text) => /received [1-9]/.test(text))`);
    const before = await evaluate(`document.querySelectorAll('canvas')[1].toDataURL()`);
    await until(`document.querySelectorAll('canvas')[1].toDataURL() !== ${JSON.stringify(before)}`);
    assert.strictEqual((await evaluate(LABELS)).length, 6);
    // Nothing is faint, nothing sticks out, everything that can be focused has a name.
    assert.deepStrictEqual(await evaluate(FAINT), []);
    assert.ok(await evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const { nodes } = await call('Accessibility.getFullAXTree');
    const nameless = nodes
      .filter(({ ignored }) => !ignored)
      .filter(({ role }) => /^(?:button|link|image|img|region|table|heading)$/.test(role.value))
      .filter(({ name }) => !name?.value);
    assert.deepStrictEqual(nameless, []);
    // By keyboard: the first stop leads to the numbers, the next one pauses.
    const press = async (key, text) => {
      for (const type of ['keyDown', 'keyUp'])
        await call('Input.dispatchKeyEvent', {
          ...{ type, key, code: key, windowsVirtualKeyCode: key === 'Tab' ? 9 : 13 },
          ...(type === 'keyDown' && text ? { text } : {}),
        });
    };
    await press('Tab');
    assert.match(await evaluate('document.activeElement.textContent'), /^Skip/);
    await press('Tab');
    await press('Enter', '\r');
    assert.strictEqual(await evaluate(`document.querySelector('#status').textContent`), 'paused');
    // No complaint, and no request to anybody else.
    const bad = events.filter(
      ({ method, params }) =>
        method === 'Runtime.exceptionThrown' ||
        method === 'Runtime.consoleAPICalled' ||
        (method === 'Log.entryAdded' && params.entry.level !== 'info'),
    );
    assert.deepStrictEqual(bad, []);
    const asked = events.filter(({ method }) => method === 'Network.requestWillBeSent');
    for (const { params } of asked)
      assert.match(params.request.url, new RegExp(`^(?:data:|${page.origin}/)`));
  });

test('what is no address is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--dashboard=nowhere:1', '-e', '1']);
  assert.strictEqual(status, 2);
  assert.match(String(stderr), /--dashboard must be a port, or an IP address and a port/);
});
