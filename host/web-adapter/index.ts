export { type AdapterLimits, DEFAULT_LIMITS } from './limits.ts';
export { startWebAdapter, type WebAdapter, type WebAdapterOptions } from './start-web-adapter.ts';
