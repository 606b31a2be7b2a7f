import { developmentAccount } from '@tea/sdk';

/** 10^12 plancks. */
export const TEA = 1_000_000_000_000n;
export const PRICES = { code: 2n * TEA, data: TEA, gasPerMillion: TEA / 1_000n, ceiling: 20n * TEA };

/** The people of the story, on the development chain's well-known accounts. */
export const PEOPLE = {
  developer: developmentAccount('Alice'),
  hospital: developmentAccount('Bob'),
  operator: developmentAccount('Charlie'),
  host: developmentAccount('Dave'),
};
