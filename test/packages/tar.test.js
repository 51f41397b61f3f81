'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { suite } = require('./harness');

const { load, test } = suite('tar');
const tar = load('tar');

for (const sync of [false, true])
  test(`files go into a compressed archive and come out of it, ${sync ? 'at once' : 'as streams'}`, async (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-tar-'));
    t.after(() => fs.rmSync(folder, { recursive: true }));
    const [from, to] = ['from', 'to'].map((name) => path.join(folder, name));
    for (const one of [from, to]) fs.mkdirSync(one);
    const large = Buffer.alloc(1 << 20, 'of some length ');
    fs.writeFileSync(path.join(from, 'small.txt'), 'small');
    fs.writeFileSync(path.join(from, 'large.bin'), large);
    const archive = path.join(folder, 'archive.tgz');
    await tar.create({ gzip: true, file: archive, cwd: from, sync }, ['.']);
    assert.ok(fs.statSync(archive).size < large.length / 10);
    await tar.extract({ file: archive, cwd: to, sync });
    assert.deepStrictEqual(fs.readdirSync(to).sort(), ['large.bin', 'small.txt']);
    assert.ok(fs.readFileSync(path.join(to, 'large.bin')).equals(large));
    fs.writeFileSync(archive, fs.readFileSync(archive).subarray(0, 100));
    const broken = async () => tar.extract({ file: archive, cwd: to, sync, strict: true });
    await assert.rejects(broken);
  });
