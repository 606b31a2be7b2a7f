export { openHpke, type HpkeRecipient } from './hpke.ts';
