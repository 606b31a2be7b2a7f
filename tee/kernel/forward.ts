import { connect } from 'node:net';

/**
 * Joins its own stdin and stdout with one socket of this machine: QEMU starts it for each connection that the virtual machine opens (guestfwd), so that
 * what the machine can reach is named one by one, and nothing else of the host's network is behind its card.
 *   node forward.ts unix PATH | tcp PORT
 */
const [kind, where = ''] = process.argv.slice(2);
const socket = kind === 'unix' ? connect(where) : connect(Number(where), '127.0.0.1');
socket.setNoDelay(true);
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).pipe(socket);
process.stdout.on('error', () => process.exit(0));
socket.pipe(process.stdout);
