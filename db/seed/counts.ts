/** What reports count of seeded orders, added up over a batch and stored with it, as intake and the lane would. */
import type { SeedRows } from './copy.ts';
import type { SeedLife } from './life.ts';

/** One thing to count. */
export interface Counted {
  report: 'sales' | 'product' | 'cancelled' | 'stage';
  /** The instant whose day counts, in the channel's time zone. */
  at: number;
  key: string;
  units?: number;
  amountMinor?: number;
}

interface Sum {
  cells: [report: string, day: string, channel: string, country: string, currency: string, key: string];
  n: number;
  units: number;
  amountMinor: number;
}

/** No zone's offset has a finer step. */
const OFFSET_STEP_MILLIS = 900_000;
const days = new Map<string, string>();
const forms = new Map<string, Intl.DateTimeFormat>();

/** The day of an instant in a time zone, ISO. */
export function dayIn(timeZone: string, millis: number): string {
  const place = `${timeZone} ${Math.floor(millis / OFFSET_STEP_MILLIS)}`;
  const known = days.get(place);
  if (known !== undefined) return known;
  // The Swedish form is the ISO one.
  const form = forms.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  forms.set(timeZone, form);
  const day = form.format(millis);
  days.set(place, day);
  return day;
}

/** The counts of one batch. */
export class SeedCounts {
  readonly #sums = new Map<string, Sum>();

  /** Counts one thing; states have neither country nor money, as in the lane. */
  add(life: SeedLife, counted: Counted): void {
    const { channel, order } = life;
    const isPlain = counted.report === 'stage';
    const cells: Sum['cells'] = [
      counted.report,
      dayIn(channel.timeZone, counted.at),
      channel.id,
      isPlain ? '' : order.shippingAddress.country,
      isPlain ? '' : order.currency,
      counted.key,
    ];
    const place = cells.join('\t');
    const sum = this.#sums.get(place) ?? { cells, n: 0, units: 0, amountMinor: 0 };
    sum.n += 1;
    sum.units += counted.units ?? 0;
    sum.amountMinor += counted.amountMinor ?? 0;
    this.#sums.set(place, sum);
  }

  /** Hands the sums over as rows for the fold. */
  write(rows: SeedRows): void {
    for (const { cells, n, units, amountMinor } of this.#sums.values())
      rows.add('report_deltas', [...cells, n, units, amountMinor]);
  }
}
