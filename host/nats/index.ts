export { connectNats, type ConnectOptions } from './connect-nats.ts';
export { type NatsServer, startNats, type StartNatsOptions } from './start-nats.ts';
export { renderConfig, type ServerConfig } from './server-config.ts';
