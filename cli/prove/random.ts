/** A small seeded generator of random numbers, so that every generated input can be made again from its seed. */
import { seededNumbers } from '../../domain/random.ts';

/** Numbers from a seed; the same seed gives the same row. */
export interface Random {
  /** A number from 0 to below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/** Numbers that follow from the seed alone, good enough for test data. */
export function seeded(seed: number): Random {
  const next = seededNumbers(seed);
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    chance: (probability) => next() < probability,
  };
}
