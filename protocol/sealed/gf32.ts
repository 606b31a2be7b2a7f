/** Arithmetic in GF(2⁵) modulo x⁵ + x² + 1, which is primitive: the powers of 2 are all 31 non-zero elements. */
const REDUCTION = 0b100101;

export function gf32Multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 5; bit++) if ((b >>> bit) & 1) product ^= a << bit;
  for (let degree = 8; degree >= 5; degree--) if ((product >>> degree) & 1) product ^= REDUCTION << (degree - 5);
  return product;
}

/** 2 to the `exponent`, 0 or more. */
export function gf32Power(exponent: number): number {
  let power = 1;
  for (let step = 0; step < exponent; step++) power = gf32Multiply(power, 2);
  return power;
}
