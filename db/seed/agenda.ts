/** What is going to happen to one seeded order: its trouble, if any, and moments in time. */
import type { Random } from '../../domain/random.ts';
import type { SeedLife } from './life.ts';

/** Milliseconds. */
export const SECOND = 1_000;
/** Milliseconds. */
export const MINUTE = 60 * SECOND;
/** Milliseconds. */
export const HOUR = 60 * MINUTE;
/** Milliseconds. */
export const DAY = 24 * HOUR;

/** What an order meets, with its chance in 1,000. */
export const TROUBLES = [
  ['none', 904],
  ['declined', 15],
  ['shortStock', 12],
  ['unpaid', 8],
  ['cancelled', 28],
  ['warehouseAway', 4],
  ['slowPacking', 8],
  ['labelRefused', 4],
  ['silent', 4],
  ['failedDelivery', 8],
  ['lost', 2],
  ['damaged', 1],
  ['returned', 2],
] as const;
/** What an order can meet. */
export type Trouble = (typeof TROUBLES)[number][0];

/** Something that will happen at an instant, if that is not after the end. */
interface Moment {
  at: number;
  act(): void;
}

/** The rest of a life, in the order in which it was drawn. */
export class Agenda {
  readonly #moments: Moment[] = [];
  readonly random: Random;
  readonly trouble: Trouble;
  /** From how many warehouses the order is sent. */
  shares = 1;
  constructor(random: Random, trouble: Trouble) {
    this.random = random;
    this.trouble = trouble;
  }
  /** Notes that something happens then. */
  at(instant: number, act: (now: number) => void): void {
    this.#moments.push({ at: instant, act: () => act(instant) });
  }
  /** Lets everything happen that lies before the end, in the order of time, unless the order has ended. */
  play(life: SeedLife): void {
    const { untilMillis } = life.world;
    for (const moment of this.#moments.toSorted((a, b) => a.at - b.at)) {
      if (moment.at > untilMillis) return;
      moment.act();
    }
  }
  /** A duration between the two, in milliseconds. */
  between(from: number, to: number): number {
    return this.random.whole(from, to);
  }
  /** A duration that is mostly near the typical one and now and then several times as long. */
  about(typical: number): number {
    const spread =
      (this.random.whole(1, 1000) + this.random.whole(1, 1000) + this.random.whole(1, 1000)) / 1500 - 1;
    return Math.round(typical * 2 ** (spread * 1.6));
  }
}
