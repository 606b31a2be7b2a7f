export { type Gateway, type GatewayLimits, type GatewayOptions, serveGateway } from './gateway.ts';
