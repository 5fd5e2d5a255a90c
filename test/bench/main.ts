/**
 * `npm run bench`: the figures B1 to B5, each beside its goal. Ratios are taken inside one run against a counterpart
 * measured in the same run, median of three; absolute values stand beside them for the reader.
 *
 *   npm run bench -- --only B1,B3   npm run bench -- --quick   npm run bench -- --profile
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBurst, type Burst } from './burst.ts';
import { openBench, startChild, type Bench } from './context.ts';
import { byTypeText, countEvents, middleOf, shapeOf, type EventCount } from './histories.ts';
import { intakeRatios, measureIntake } from './intake.ts';
import { median } from './statistics.ts';
import type { Shape } from './stub.workflow.ts';
import { orderRate, orderSubmitMillis, stubRate, stubSubmitMillis } from './throughput.ts';

interface Line {
  id: string;
  figure: string;
  value: string;
  goal: string;
  ok: boolean;
}

const IDS = ['B1', 'B2', 'B3', 'B4', 'B5'];
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const wanted = new Set(flags.only?.toUpperCase().split(',') ?? IDS);
const unknown = [...wanted].filter((id) => !IDS.includes(id));
const rounds = flags.quick ? 1 : 3;
const lines: Line[] = [];

function report(line: Line): void {
  lines.push(line);
  if (!flags.json)
    process.stdout.write(
      `${line.id}  ${line.figure}: ${line.value} (goal ${line.goal}) ${line.ok ? 'ok' : 'SHORT'}\n`,
    );
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** CPU profiles of the stack's own processes, written when they end in good order. */
function profileEnv(part: string): Record<string, string> {
  if (!flags.profile) return {};
  const folder = resolve('.holdfast', 'profiles', part);
  mkdirSync(folder, { recursive: true });
  tell(`profiles: ${folder}/*.cpuprofile (open in a browser's developer tools)`);
  const preload = new URL('./profiler.mjs', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${preload}`, BENCH_PROFILE_FOLDER: folder };
}

async function withBench(
  part: string,
  env: Record<string, string>,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  tell(`${part}: starting a fresh stack`);
  const bench = await openBench({ ...profileEnv(part), ...env });
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

async function reportEvents(bench: Bench): Promise<Shape> {
  const { single, double } = await countEvents(bench);
  const [one, two] = [middleOf(single), middleOf(double)];
  if (wanted.has('B1')) {
    const range = (counts: readonly EventCount[]) => counts.map((count) => count.total).join(', ');
    report({
      id: 'B1',
      figure: 'events of a 1-line order / of 3 lines in two parcels',
      value: `${one.total} / ${two.total} (of ${range(single)} / ${range(double)})`,
      goal: '≤ 48 / ≤ 78',
      ok: one.total <= 48 && two.total <= 78,
    });
    tell(`    1 line: ${byTypeText(one)}`);
    tell(`    two parcels: ${byTypeText(two)}`);
  }
  return shapeOf(one);
}

async function reportRates(bench: Bench, shape: Shape): Promise<number> {
  const count = flags.quick ? 100 : 250;
  await Promise.all([orderRate(bench, 40), stubRate(bench, shape, 40)]);
  const ours: number[] = [];
  const stubs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    stubs.push(await stubRate(bench, shape, count));
    ours.push(await orderRate(bench, count));
  }
  const ratio = median(ours.map((rate, round) => rate / (stubs[round] ?? rate)));
  const steady = median(ours);
  if (wanted.has('B2')) {
    const value = `${ratio.toFixed(2)} (${steady.toFixed(1)}/s against ${median(stubs).toFixed(1)}/s)`;
    report({ id: 'B2', figure: 'whole orders ÷ stub, 32 in flight', value, goal: '≥ 0.6', ok: ratio >= 0.6 });
  }
  return steady;
}

async function reportSubmit(bench: Bench, shape: Shape): Promise<void> {
  const count = flags.quick ? 10 : 25;
  await stubSubmitMillis(bench, shape, 3);
  const ratios: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const stub = await stubSubmitMillis(bench, shape, count);
    const order = await orderSubmitMillis(bench, count);
    ratios.push(order / stub);
    ours.push(order);
  }
  const ratio = median(ratios);
  const value = `${ratio.toFixed(2)}× (${median(ours).toFixed(0)} ms)`;
  report({
    id: 'B4',
    figure: 'POST to submitted ÷ stub, p50 at 1 caller',
    value,
    goal: '≤ 2×',
    ok: ratio <= 2,
  });
}

async function reportBurst(bench: Bench, steadyRate: number): Promise<void> {
  const orders = 1_000;
  const runs: Burst[] = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push(await measureBurst(bench, { orders, seconds: 2, units: 500 }));
  const worst = (of: (run: Burst) => number) => Math.max(...runs.map(of));
  const lost = `${worst((run) => run.lost)} / ${worst((run) => run.errors)} / ${worst((run) => run.oversold)}`;
  report({
    id: 'B5',
    figure: 'burst: lost / errors / oversold',
    value: lost,
    goal: '0 / 0 / 0',
    ok: lost === '0 / 0 / 0',
  });
  const p99 = median(runs.map((run) => run.acceptP99));
  report({
    id: 'B5',
    figure: 'burst: p99 of accept',
    value: `${p99.toFixed(0)} ms`,
    goal: '≤ 250 ms',
    ok: p99 <= 250,
  });
  const settled = median(runs.map((run) => run.settledSeconds));
  const bound = (1.3 * orders) / steadyRate;
  report({
    id: 'B5',
    figure: 'burst: all settled',
    value: `${settled.toFixed(1)} s`,
    goal: `≤ ${bound.toFixed(1)} s, 1.3 × (${orders} ÷ ${steadyRate.toFixed(1)}/s)`,
    ok: settled <= bound,
  });
}

async function measureWorkflows(bench: Bench): Promise<void> {
  const shape = await reportEvents(bench);
  if (!wanted.has('B2') && !wanted.has('B4') && !wanted.has('B5')) return;
  const stub = await startChild('stub.main.ts', [bench.stack.temporalAddress]);
  try {
    const steady = wanted.has('B2') || wanted.has('B5') ? await reportRates(bench, shape) : Number.NaN;
    if (wanted.has('B4')) await reportSubmit(bench, shape);
    if (wanted.has('B5')) await reportBurst(bench, steady);
  } finally {
    await stub.stop();
  }
}

async function reportIntake(bench: Bench): Promise<void> {
  const counts = flags.quick ? { single: 200, many: 1_500 } : { single: 400, many: 2_500 };
  // Accepting takes 2 ms: more and shorter rounds than for the others keep a neighbour's moment out of the median.
  const measured = await measureIntake(bench, { rounds: flags.quick ? 1 : 7, ...counts });
  const ratio = intakeRatios(measured);
  const ours = {
    p50: median(measured.ours.map((one) => one.p50)),
    rate: median(measured.ours.map((one) => one.rate)),
  };
  report({
    id: 'B3',
    figure: 'accept ÷ bare, p50 at 1 caller',
    value: `${ratio.p50.toFixed(2)}× (${ours.p50.toFixed(2)} ms)`,
    goal: '≤ 1.5×',
    ok: ratio.p50 <= 1.5,
  });
  report({
    id: 'B3',
    figure: 'accept ÷ bare, rate at 32 callers',
    value: `${ratio.rate.toFixed(2)}× (${ours.rate.toFixed(0)}/s)`,
    goal: '≥ 0.7×',
    ok: ratio.rate >= 0.7,
  });
}

if (unknown.length > 0) {
  tell(`there is no figure ${unknown.join(', ')}; known are ${IDS.join(', ')}`);
  process.exit(2);
}
if (['B1', 'B2', 'B4', 'B5'].some((id) => wanted.has(id))) await withBench('workflows', {}, measureWorkflows);
if (wanted.has('B3')) await withBench('intake', { HOLDFAST_RELAY: 'off' }, reportIntake);
if (flags.json) process.stdout.write(`${JSON.stringify(lines)}\n`);
const short = lines.filter((line) => !line.ok);
if (short.length > 0 && !flags.profile)
  tell(
    `short of the goal: ${[...new Set(short.map((line) => line.id))].join(', ')}; --profile writes CPU profiles`,
  );
// B1 and B3 are promises; the others are printed and watched.
process.exitCode = short.some((line) => line.id === 'B1' || line.id === 'B3') ? 1 : 0;
