export { busError } from './bus-error.ts';
export { connectionOptions } from './connection-options.ts';
