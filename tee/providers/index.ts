export { type ActorProvider, type ActorProviderParts, actorProviders } from './actor-providers.ts';
export { openHpke, type HpkeRecipient } from './hpke.ts';
