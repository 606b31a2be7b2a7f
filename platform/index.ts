export { type Child, type ChildExit, type ChildOptions, describeExit, spawnChild } from './child.ts';
export { exitWhenParentGone, sayReady, startLine, stopSignal } from './parent.ts';
export { freePort } from './free-port.ts';
export { runProcess } from './process.ts';
export { readyLine, type ReadyLineOptions } from './ready-line.ts';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
export { findTool, requireTool } from './tools.ts';
