/** What tests and benchmarks use of the command line: the same network and story that a person gets. */
export { startDemoNetwork, type DemoNetwork, type DemoNetworkOptions } from './demo/demo-network.ts';
export { playErrand } from './demo/story.ts';
export { measureMachineImage, startHost, startTee, type StartTeeOptions, type Tee } from './network.ts';
export { openScreen, type Screen } from './screen.ts';
