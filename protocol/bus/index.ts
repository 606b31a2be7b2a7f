export { busError } from './bus-error.ts';
export { type Ask, type BusRequest, busRequests } from './bus-requests.ts';
export { connectionOptions } from './connection-options.ts';
