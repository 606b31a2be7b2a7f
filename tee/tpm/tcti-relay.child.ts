import { connect } from 'node:net';

/** What `tcti-cmd` of the TSS starts: stands between a tool's pipes and the socket that is its only argument. */
const socket = connect(process.argv[2] ?? '');
process.stdin.pipe(socket);
socket.pipe(process.stdout);
