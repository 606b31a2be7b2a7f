export { type Gateway, type GatewayLimits, type GatewayOptions, startGateway } from './gateway.ts';
