/**
 * `npm run prove -- AREA`: brings up a fresh stack, does what the promises of docs/promises.md say and prints each
 * figure beside its goal. Exit code 1 when any is short. It needs no file but its own: inputs are generated from a
 * seed; `--samples DIR` takes real files instead.
 */
import { parseArgs } from 'node:util';
import { startFigures, type Figures } from './figures.ts';
import { BASE } from './base/index.ts';
import { CONSOLE } from './console/index.ts';
import { MONEY } from './money/index.ts';

/** One promise: its words, and how it is shown. */
export interface Proof {
  title: string;
  run(figures: Figures, options: ProveOptions): Promise<void>;
}

/** What a proof may use besides what it generates. */
export interface ProveOptions {
  /** Folder of real input files. */
  samples: string | undefined;
}

/** The areas by name; each is a row of proofs. */
const AREAS: Readonly<Record<string, readonly Proof[]>> = { base: BASE, console: CONSOLE, money: MONEY };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { samples: { type: 'string' }, only: { type: 'string' } },
});
const area = AREAS[positionals[0] ?? ''];
if (!area || positionals.length > 1) {
  process.stderr.write(
    `usage: npm run prove -- AREA [--samples DIR] [--only WORD]\n  areas: ${Object.keys(AREAS).join(', ')}\n`,
  );
  process.exit(2);
}

const figures = startFigures();
const failed: string[] = [];
for (const proof of area) {
  if (values.only !== undefined && !proof.title.includes(values.only)) continue;
  process.stdout.write(`\n${proof.title}\n`);
  try {
    await proof.run(figures, { samples: values.samples });
  } catch (error) {
    failed.push(proof.title);
    process.stdout.write(
      `could not be shown: ${error instanceof Error ? error.message : String(error)} SHORT\n`,
    );
  }
}
const short = figures.all().filter((figure) => !figure.ok);
process.stdout.write(
  `\n${figures.all().length} figures, ${short.length} short${failed.length > 0 ? `, ${failed.length} proofs broken off` : ''}\n`,
);
process.exitCode = short.length === 0 && failed.length === 0 ? 0 : 1;
