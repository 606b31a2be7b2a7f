/** What tests and benchmarks use of the command line: the same network and story that a person gets. */
export { playErrand, startDemoNetwork, type DemoNetwork, type DemoNetworkOptions, type DemoOptions } from './demo/story.ts';
export { openScreen, type Screen } from './screen.ts';
