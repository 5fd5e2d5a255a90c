/** The rules of money over 100,000 cases each, made from seeds: what `npm test` does with 1,000. */
import type { Figures } from '../figures.ts';
import { moneyCase } from './moneyCase.ts';
import { refundCase } from './refundCase.ts';

const CASES = 100_000;
/** Beyond the seeds of the unit tests. */
const FIRST_SEED = 1_000_000;
const SHOWN = 5;

/** Runs all cases; a case that fails is named by the seed that makes it again. */
export function proveSequences(figures: Figures): Promise<void> {
  figures.note(`seeds ${FIRST_SEED} to ${FIRST_SEED + CASES - 1}`);
  judge(figures, 'orders whose partial refunds do not add up to what was paid', refundCase);
  judge(figures, 'sequences in which we give back more than was taken, or the books disagree', moneyCase);
  return Promise.resolve();
}

function judge(figures: Figures, name: string, run: (seed: number) => string | undefined): void {
  const wrong: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed += 1) {
    const what = run(seed);
    if (what !== undefined) wrong.push(`seed ${seed}: ${what}`);
  }
  wrong.slice(0, SHOWN).forEach((one) => figures.note(one));
  figures.equal(`${name}, of ${CASES}`, wrong.length, 0);
}
