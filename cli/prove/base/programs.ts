/** Proofs that other programs of the project hold: the replay tests and the benchmark, run as they are. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../stack/processes.ts';
import type { Figures } from '../figures.ts';

interface Ended {
  code: number;
  out: string;
}

function runNode(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, out }));
  });
}

const VITEST = z.looseObject({ numPassedTests: z.number(), numTotalTests: z.number() });

/** Every recorded history replays, and a workflow whose steps change places goes red. */
export async function proveReplay(figures: Figures): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-replay-'));
  const file = join(folder, 'replay.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'test/replay.test.ts'];
  await runNode([...vitest, '--reporter=json', `--outputFile=${file}`]);
  const result = VITEST.parse(JSON.parse(await readFile(file, 'utf8')));
  await rm(folder, { recursive: true });
  figures.equal('replay tests passed', result.numPassedTests, result.numTotalTests);
}

const LINES = z.array(
  z.object({ id: z.string(), figure: z.string(), value: z.string(), goal: z.string(), ok: z.boolean() }),
);

/** The benchmark's promises: events per order, and the cost of accepting. */
export async function proveBench(figures: Figures): Promise<void> {
  const { out } = await runNode(['--import', 'tsx', 'test/bench/main.ts', '--only', 'B1,B3', '--json']);
  for (const line of LINES.parse(JSON.parse(out.trim())))
    figures.judge({ name: `${line.id} ${line.figure}`, value: line.value, goal: line.goal, ok: line.ok });
}
