import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderConfig } from '@tea/host-nats';
import { BUS_USERS, inboxPrefix, SUBJECTS, TEA_ERROR_CODES } from '@tea/protocol';
import { GATEWAY_ERRORS } from '@tea/protocol/layer1';

const ROOT = join(import.meta.dirname, '..');
const page = readFileSync(join(ROOT, 'docs/nats-protocol.md'), 'utf8');

/** Cells of the table below a heading or line, without its two head rows. */
function tableAfter(marker: string): string[][] {
  const lines = page.slice(page.indexOf(marker)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const bare = (cell = ''): string => cell.replaceAll('`', '');
const names = (cell = ''): string[] =>
  cell
    .split(',')
    .map((name) => name.trim())
    .toSorted();

test('the protocol document’s table is the subject table: who asks, who serves, how many answers, what for', () => {
  const documented = tableAfter('## Subjects').map(([subject, publish, subscribe, answers, purpose]) => ({
    subject: bare(subject),
    publish: names(publish),
    subscribe: names(subscribe),
    answers,
    purpose,
  }));
  const actual = SUBJECTS.map(({ subject, publish, subscribe, answers, purpose }) => ({
    subject,
    publish: publish.toSorted(),
    subscribe: subscribe.toSorted(),
    answers: `${answers.atMost}, ${answers.withinSeconds} s`,
    purpose,
  }));
  assert.deepEqual(documented, actual);
});

test('the server’s generated permissions are the document’s, user by user, and nothing beside', () => {
  const rows = tableAfter('## Subjects');
  const users = tableAfter('## Users').map(([user, , prefix]) => ({ user: bare(user), prefix: bare(prefix) }));
  assert.deepEqual(
    users,
    BUS_USERS.map((user) => ({ user, prefix: inboxPrefix(user) })),
  );
  const config = renderConfig({ host: '127.0.0.1', port: -1, users: BUS_USERS });
  for (const { user, prefix } of users) {
    const line = config.split('\n').find((each) => each.includes(`{ user: ${user},`)) ?? '';
    const granted = (kind: string): string[] => {
      const list = new RegExp(`\\b${kind}: \\{ allow: (\\[[^\\]]*\\])`).exec(line)?.[1];
      return list === undefined ? [] : (JSON.parse(list) as string[]).toSorted();
    };
    const asks = rows.filter(([, publish]) => names(publish).includes(user)).map(([subject]) => bare(subject));
    const serves = rows.filter(([, , subscribe]) => names(subscribe).includes(user)).map(([subject]) => bare(subject));
    assert.deepEqual(granted('publish'), asks.toSorted(), `${user} publishes`);
    assert.deepEqual(granted('subscribe'), [...serves, ...(asks.length > 0 ? [`${prefix}.>`] : [])].toSorted(), `${user} subscribes`);
  }
});

test('no source names a subject that the document doesn’t', () => {
  const known = tableAfter('## Subjects').map(([subject]) => bare(subject).split('.').slice(0, 2).join('.'));
  const sources = globSync('{protocol,platform,attestation,host,tee,client}/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules/**', '**/target/**'] });
  assert.ok(sources.length > 100);
  for (const source of sources) {
    // A subject is a quoted text that begins with `tea.` and a lowercase token; the event log's content types are the others of that form.
    for (const [, name = ''] of readFileSync(join(ROOT, source), 'utf8').matchAll(
      /['"`](tea\.(?:layer1|ipfs|node|net|bus)\.[a-z0-9.*${}()A-Za-z]*)['"`]/g,
    )) {
      assert.ok(known.includes(name.split('.').slice(0, 2).join('.')), `${source} names ${name}`);
    }
  }
});

test('the documented limits and error codes are the code’s', () => {
  const codes = tableAfter('| error code').map(([code]) => Number(code));
  assert.deepEqual(
    codes.toSorted((a, b) => a - b),
    Object.values(GATEWAY_ERRORS).toSorted((a, b) => a - b),
  );
  const refusals = tableAfter('| subject | request').flatMap(([, , , cell]) =>
    Array.from((cell ?? '').matchAll(/`([a-zA-Z]+)`/g), ([, code = '']) => code),
  );
  for (const code of refusals) assert.ok((TEA_ERROR_CODES as readonly string[]).includes(code), code);
  assert.match(renderConfig({ host: '127.0.0.1', port: -1, users: [] }), /max_payload: 4194304\n.*\nmax_connections: 1024\nmax_subscriptions: 4096/);
});
