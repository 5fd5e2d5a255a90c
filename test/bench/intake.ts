/** B3: accepting alone, against a bare insert of the same order. */
import type { Bench } from './context.ts';
import { startChild } from './context.ts';
import { ANYWHERE, EAST, orderPost, WEST } from './goods.ts';
import { runCallers, type Load } from './load.ts';
import { median, percentile } from './statistics.ts';

/** One round: p50 with one caller in milliseconds, and the rate at 32 callers. */
export interface Intake {
  p50: number;
  rate: number;
}

/** Rounds of both, taken in turn. */
export interface IntakeRounds {
  ours: Intake[];
  bare: Intake[];
}

const SKUS = [ANYWHERE, EAST, WEST];

/** Measures on a stack whose relay is paused. */
export async function measureIntake(
  bench: Bench,
  options: { rounds: number; single: number; many: number },
): Promise<IntakeRounds> {
  const bare = await startChild('bare.main.ts', [bench.stack.databaseUrl]);
  try {
    const bareUrl = `http://127.0.0.1:${bare.firstLine}`;
    const rounds: IntakeRounds = { ours: [], bare: [] };
    for (const url of [bench.stack.apiUrl, bareUrl]) await measure(bench, url, { single: 50, many: 500 });
    for (let round = 0; round < options.rounds; round += 1) {
      rounds.bare.push(await measure(bench, bareUrl, options));
      rounds.ours.push(await measure(bench, bench.stack.apiUrl, options));
    }
    return rounds;
  } finally {
    await bare.stop();
  }
}

async function measure(bench: Bench, url: string, counts: { single: number; many: number }): Promise<Intake> {
  const make = () => orderPost(url, bench.apiKey, SKUS);
  const alone = accepted(await runCallers(1, counts.single, make));
  const crowd = accepted(await runCallers(32, counts.many, make));
  return {
    p50: percentile(
      alone.answers.map((answer) => answer.millis),
      0.5,
    ),
    rate: (crowd.answers.length / crowd.millis) * 1_000,
  };
}

function accepted(load: Load): Load {
  const other = load.answers.find((answer) => answer.status !== 201);
  if (other || load.errors > 0)
    throw new Error(`not all were accepted: ${load.errors} errors, ${other?.status} ${other?.text}`);
  return load;
}

/** The middle of the rounds' ratios: p50 ÷ bare, rate ÷ bare. */
export function intakeRatios(rounds: IntakeRounds): Intake {
  const ratio = (of: (intake: Intake) => number) =>
    median(rounds.ours.map((ours, round) => of(ours) / of(rounds.bare[round] ?? ours)));
  return { p50: ratio((intake) => intake.p50), rate: ratio((intake) => intake.rate) };
}
