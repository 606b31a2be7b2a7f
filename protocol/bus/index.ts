export { type Bus, type BusSession, natsBus } from './bus.ts';
export { busError } from './bus-error.ts';
export { type Ask, type BusRequest, busRequests } from './bus-requests.ts';
export { connectionOptions } from './connection-options.ts';
