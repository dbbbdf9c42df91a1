// What a program with imapflow does; the rest of its story is in imapflow_story.py.
// node imapflow_story.cjs HOST IMAP IMAPS USER PASSWORD, with imapflow where NODE_PATH says.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { ImapFlow } = require('imapflow');

const [host, imap, imaps, user, pass] = process.argv.slice(2);
const BOX = 'Flow/Bücher & mehr';
const RENAMED = 'Flow/Gelesen 📚';
const ASIDE = 'Flow/Beiseite';
const PATIENCE = 60_000;

const message = (n, subject) =>
    [
        'From: sender@example.test',
        'To: reader@example.test',
        `Subject: ${subject}`,
        `Message-ID: <flow-${n}@example.test>`,
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=C3=BC=C3=9Fe ' + n,
        '--b',
        `Content-Type: application/octet-stream; name="${n}.bin"`,
        `Content-Disposition: attachment; filename="${n}.bin"`,
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.alloc(3000, n + 1).toString('base64').replace(/.{76}/g, '$&\r\n'),
        '--b--',
        ''
    ].join('\r\n');

async function session(secure) {
    const client = new ImapFlow({
        host,
        port: Number(secure ? imaps : imap),
        secure,
        servername: 'localhost',
        auth: { user, pass },
        tls: { rejectUnauthorized: false },
        logger: false,
        qresync: true,
        disableAutoIdle: true
    });
    await client.connect();
    return client;
}

/** The next event of this name for which the condition holds. */
async function event(client, name, wanted = () => true) {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
        const [value] = await once(client, name, { signal });
        if (wanted(value)) {
            return value;
        }
    }
}

async function read(stream) {
    const chunks = [];
    for await (const chunk of stream) {
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

async function folders(client) {
    for (const path of [BOX, ASIDE]) {
        assert.equal((await client.mailboxCreate(path)).created, true);
    }
    await client.mailboxSubscribe(BOX);
    const listed = (await client.list({ statusQuery: { messages: true, highestModseq: true } })).filter(box => box.path.startsWith('Flow/'));
    assert.deepEqual(listed.map(box => box.path).sort(), [ASIDE, BOX].sort());
    assert.equal(listed.find(box => box.path === BOX).subscribed, true);
    assert.equal(listed[0].status.messages, 0);
}

async function mail(client) {
    const uids = [];
    for (let n = 0; n < 10; n++) {
        const done = await client.append(BOX, message(n, n === 3 ? '=?utf-8?q?B=C3=BCcher?=' : `Number ${n}`), n % 2 ? ['\\Seen'] : [], new Date('2024-01-02T03:04:05Z'));
        uids.push(done.uid);
    }
    const lock = await client.getMailboxLock(BOX);
    try {
        assert.equal(client.mailbox.exists, 10);
        const all = await client.fetchAll('1:*', { envelope: true, bodyStructure: true, flags: true, size: true, internalDate: true, source: true });
        assert.deepEqual(all.map(m => m.uid), uids);
        assert.equal(all[3].envelope.subject, 'Bücher');
        assert.equal(all[3].envelope.messageId, '<flow-3@example.test>');
        assert.equal(all[5].bodyStructure.childNodes[1].dispositionParameters.filename, '5.bin');
        assert.equal(all[5].source.toString(), message(5, 'Number 5'));
        assert.equal(new Date(all[5].internalDate).toISOString(), '2024-01-02T03:04:05.000Z');
        assert.deepEqual([...all[5].flags], ['\\Seen']);
        const text = await client.download(String(uids[4]), '1', { uid: true });
        assert.equal((await read(text.content)).toString(), 'Grüße 4');
        const attachment = await client.download(String(uids[4]), '2', { uid: true });
        assert.deepEqual(await read(attachment.content), Buffer.alloc(3000, 5));
        assert.deepEqual(await client.search({ seen: false, subject: 'Number' }, { uid: true }), [0, 2, 4, 6, 8].map(n => uids[n]));
        assert.deepEqual(await client.search({ subject: 'bücher' }, { uid: true }), [uids[3]]);
        assert.equal(await client.messageFlagsAdd({ uid: `${uids[0]}:${uids[2]}` }, ['\\Flagged', '$Read']), true);
        const moved = await client.messageMove(String(uids[9]), ASIDE, { uid: true });
        assert.equal(moved.destination, ASIDE);
        assert.ok(moved.uidMap.get(uids[9]));
        const copied = await client.messageCopy(String(uids[0]), ASIDE, { uid: true });
        assert.ok(copied.uidMap.get(uids[0]));
        assert.equal(await client.messageDelete(String(uids[8]), { uid: true }), true);
        assert.equal(client.mailbox.exists, 8);
    } finally {
        lock.release();
    }
    const quota = await client.getQuota(BOX);
    assert.equal(quota.path, BOX);
    return uids;
}

/** What another session does is told while this one idles. */
async function watch(client, other, uids) {
    const box = await client.mailboxOpen(BOX);
    await other.mailboxOpen(BOX);
    const steps = [
        ['exists', () => other.append(BOX, message(20, 'While idle')), e => e.count === 9],
        ['flags', () => other.messageFlagsAdd(String(uids[7]), ['\\Answered'], { uid: true }), e => e.flags.has('\\Answered')],
        ['expunge', () => other.messageDelete(String(uids[6]), { uid: true }), e => e.uid === uids[6] && e.vanished]
    ];
    for (const [name, act, wanted] of steps) {
        const idle = client.idle();
        const [told] = await Promise.all([event(client, name, wanted), act()]);
        assert.equal(told.path, BOX);
        // Any command ends IDLE.
        await client.noop();
        await idle;
    }
    return box;
}

/** A later session hears of what has changed since it knew the mailbox. */
async function resync(client, other, uids) {
    await client.mailboxOpen(BOX);
    const known = { uidValidity: client.mailbox.uidValidity, changedSince: client.mailbox.highestModseq };
    await client.mailboxClose();
    await other.messageFlagsAdd(String(uids[5]), ['\\Flagged'], { uid: true });
    await other.messageDelete(String(uids[4]), { uid: true });
    const events = Promise.all([
        event(client, 'flags', e => e.uid === uids[5] && e.flags.has('\\Flagged')),
        event(client, 'expunge', e => e.uid === uids[4] && e.vanished && e.earlier)
    ]);
    await client.mailboxOpen(BOX, known);
    await events;
    assert.equal(client.mailbox.exists, 7);
    await client.mailboxClose();
}

async function renames(client, other) {
    await client.mailboxOpen(ASIDE);
    const renamed = await client.mailboxRename(BOX, RENAMED);
    assert.equal(renamed.newPath, RENAMED);
    assert.deepEqual((await client.list()).map(box => box.path).filter(path => path.startsWith('Flow/')).sort(), [ASIDE, RENAMED].sort());
    await other.noop();
    assert.equal((await other.status(RENAMED, { messages: true })).messages, 7);
}

async function main() {
    const client = await session(false);
    const other = await session(true);
    assert.ok(client.enabled.has('QRESYNC'), 'QRESYNC is not enabled');
    await folders(client);
    const uids = await mail(client);
    await watch(client, other, uids);
    await client.mailboxClose();
    await resync(client, other, uids);
    await renames(client, other);
    await client.logout();
    await other.logout();
    console.log('done');
}

main().catch(failure => {
    console.error(failure);
    process.exit(1);
});
