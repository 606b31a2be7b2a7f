/** tee/wit/actor/actor.wit as TypeScript sees it. */
declare module 'tea:actor/host@0.1.0' {
  export function log(message: string): void;
  export function now(): number;
  export function random(): number;
  export function answer(request: number, answer: Uint8Array): void;
  export function refuse(request: number, why: string): void;
  export function wake(afterMs: number): void;
}
declare module 'tea:actor/layer1@0.1.0' {
  export function activeNodes(call: number): void;
}
declare module 'tea:actor/net@0.1.0' {
  export function ping(call: number, node: Uint8Array): void;
}
declare module 'tea:actor/tpm@0.1.0' {
  export function signActiveList(call: number, forRequest: number, block: number, entries: Uint8Array): void;
}
