/** Seeded randomness for demo data and load: the same seed gives the same choices on every machine. Not for secrets. */

/** A source of choices. */
export interface Random {
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of a list that is not empty; throws RangeError when it is. */
  pick<T extends string | number | object>(list: readonly T[]): T;
  /** `count` different ones of a list, all of it when it is shorter; none for a count below 1. */
  sample<T>(list: readonly T[], count: number): T[];
}

/** Numbers from 0 to below 1 that follow from the seed alone (mulberry32: 32 bits of state, plenty for varied orders). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A source of choices that follows from the seed alone. */
export function seededRandom(seed: number): Random {
  const next = seededNumbers(seed);
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    whole,
    chance: (probability) => next() < probability,
    pick(list) {
      const picked = list[whole(0, list.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    sample(list, count) {
      const rest = [...list];
      return Array.from({ length: Math.max(0, Math.min(count, rest.length)) }, () =>
        rest.splice(whole(0, rest.length - 1), 1),
      ).flat();
    },
  };
}
