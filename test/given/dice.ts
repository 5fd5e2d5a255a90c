/** Chance that can be had again: the same seed throws the same, on every machine. */

/** What a test asks chance for. */
export interface Dice {
  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the list; throws when it is empty. */
  pick<T>(list: readonly T[]): T;
}

/** Dice of a seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    below,
    chance: (probability) => next() < probability,
    pick(list) {
      const [one] = list.slice(below(list.length));
      if (one === undefined) throw new RangeError('nothing to pick from');
      return one;
    },
  };
}
