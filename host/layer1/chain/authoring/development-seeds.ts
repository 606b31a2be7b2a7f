/** The seeds behind `//Alice` to `//Ferdie` of every Substrate chain: public knowledge, worth nothing outside of development. */
export const DEVELOPMENT_SEEDS: readonly Uint8Array[] = [
  'e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a',
  '398f0c28f98885e046333d4a41c19cee4c37368a9832c6502f6cfd182e2aef89',
  'bc1ede780f784bb6991a585e4f6e61522c14e1cae6ad0895fb57b9a205a8f938',
  '868020ae0687dda7d57565093a69090211449845a7e11453612800b663307246',
  '786ad0e2df456fe43dd1f91ebca22e235bc162e0bb8d53c633e8c85b2af68b7a',
  '42438b7883391c05512a938e36c2df0131e088b3756d6aa7a755fbff19d2f842',
].map((hex) => Uint8Array.fromHex(hex));
