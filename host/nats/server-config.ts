import { type BusUser, inboxPrefix, SUBJECTS, type SubjectRule } from '@tea/protocol';

export type ServerConfig = {
  readonly host: string;
  /** -1: the server picks a free one. */
  readonly port: number;
  readonly users: readonly BusUser[];
};

/** Large enough for a chain's metadata in one JSON-RPC frame. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** The environment variable that holds a user's password, so that none is ever in a file or an argument. */
export function passwordVariable(user: BusUser): string {
  return `TEA_NATS_${user.toUpperCase()}_PASSWORD`;
}

/** As it stands before a port: an IPv6 address in brackets (RFC 3986, 3.2.2). */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * The nats-server configuration: loopback, no monitoring port, no cluster, no JetStream, and for every user exactly what the subject table
 * says. What isn't listed is denied.
 */
export function renderConfig({ host, port, users }: ServerConfig): string {
  return [
    '# Generated at every start; changes are lost.',
    `listen: ${JSON.stringify(`${urlHost(host)}:${port}`)}`,
    'server_name: tea',
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    'max_pending: 67108864',
    'max_connections: 1024',
    'max_subscriptions: 4096',
    'write_deadline: "10s"',
    'ping_interval: "20s"',
    'ping_max: 2',
    'authorization {',
    '  timeout: 2',
    '  users: [',
    ...users.map((user) => `    ${renderUser(user)}`),
    '  ]',
    '}',
    '',
  ].join('\n');
}

function renderUser(user: BusUser): string {
  const served = SUBJECTS.filter((rule) => rule.subscribe.includes(user));
  const asked = SUBJECTS.filter((rule) => rule.publish.includes(user));
  const hears = [...served.map((rule) => rule.subject), ...(asked.length > 0 ? [`${inboxPrefix(user)}.>`] : [])];
  const permissions = [
    `publish: ${allow(asked.map((rule) => rule.subject))}`,
    `subscribe: ${allow(hears)}`,
    ...(served.length > 0 ? [`allow_responses: ${answersOf(served)}`] : []),
  ];
  return `{ user: ${user}, password: $${passwordVariable(user)}, permissions: { ${permissions.join(', ')} } }`;
}

/** An empty allow list would mean "everything" to nats-server: deny everything instead. */
function allow(subjects: readonly string[]): string {
  return subjects.length === 0 ? '{ deny: ">" }' : `{ allow: ${JSON.stringify(subjects)} }`;
}

/** nats-server grants answers per user, not per subject: the widest of what the user serves. */
function answersOf(served: readonly SubjectRule[]): string {
  const counts = served.map(({ answers }) => answers.atMost);
  const atMost = counts.includes('any') ? -1 : Math.max(...counts.filter((count) => count !== 'any'));
  return `{ max: ${atMost}, expires: "${Math.max(...served.map(({ answers }) => answers.withinSeconds))}s" }`;
}
