/** `holdfast reconcile` and `holdfast disputes`: our money beside the payment provider's, and charges that customers dispute. */
import { setTimeout as pause } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import type { Dispute, Finding, Reconciliation } from '../../api/schemas/reconciliation.ts';
import { UsageError, type Context } from '../context.ts';
import { instant, money, orDash } from '../format.ts';
import { limit } from './inputs.ts';
import { NotWell } from './status.ts';
import type { Act } from '../run.ts';

/** Adds the commands. */
export function registerReconcile(program: Command, act: Act): void {
  program
    .command('reconcile')
    .description(
      'compares our money with the payment provider’s now and waits for the result; 1 = something differs',
    )
    .option('--since-hours <n>', 'how far back; since the last run when left out', hours)
    .option('--wait-seconds <n>', 'how long to wait for the end of the run', hours, 600)
    .option('--dry-run', 'only report: repair nothing, open no cases')
    .addHelpText('after', '\nExample:\n  holdfast reconcile --dry-run --since-hours 24')
    .action((flags: RunFlags, command: Command) => act(command, (context) => reconcile(context, flags)));
  const disputes = program.command('disputes').description('charges that customers dispute at their bank');
  addDisputes(disputes, act);
}

interface RunFlags {
  sinceHours?: number;
  waitSeconds: number;
}

const WHOLE = /^[1-9]\d{0,4}$/;

function hours(text: string): number {
  if (!WHOLE.test(text)) throw new UsageError(`${text} is not a whole number from 1`);
  return Number(text);
}

const LOOK_EVERY_MILLIS = 300;
/** The most findings that are printed; the rest are counted. */
const FINDINGS_SHOWN = 500;

const FINDING_COLUMNS = [
  { head: 'Kind', cell: (row: Finding) => row.kind },
  { head: 'Order', right: true, cell: (row: Finding) => orDash(row.orderNumber) },
  { head: 'Reference', cell: (row: Finding) => orDash(row.reference) },
  { head: 'Ours', right: true, cell: (row: Finding) => money(row.ours) },
  { head: 'Theirs', right: true, cell: (row: Finding) => money(row.theirs) },
  { head: 'Done', cell: (row: Finding) => row.action },
  { head: 'Detail', cell: (row: Finding) => row.detail },
];

async function reconcile(context: Context, flags: RunFlags): Promise<void> {
  const body = {
    ...(flags.sinceHours !== undefined && { sinceHours: flags.sinceHours }),
    ...(context.dryRun && { dryRun: true }),
  };
  const started = await context.api().call<Reconciliation>('/v1/reconciliations', { body });
  const run = await ended(context, started, flags.waitSeconds);
  const findings: Finding[] = [];
  const path = `/v1/reconciliations/${run.id}/findings`;
  for await (const one of context.api().pages<Finding>(path, {}, FINDINGS_SHOWN)) findings.push(one);
  if (context.json) context.print({ ...run, findings }, () => []);
  else show(context, run, findings);
  const found = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  if (run.endedAt === null || run.problem !== null || found > 0) throw new NotWell();
}

/** The run at its end, or as it stands when the time is up. */
async function ended(context: Context, started: Reconciliation, seconds: number): Promise<Reconciliation> {
  const until = Date.now() + seconds * 1000;
  let run = started;
  while (run.endedAt === null && Date.now() < until) {
    await pause(LOOK_EVERY_MILLIS, undefined, { signal: context.io.signal });
    run = await context.api().call<Reconciliation>(`/v1/reconciliations/${run.id}`);
  }
  return run;
}

function show(context: Context, run: Reconciliation, findings: readonly Finding[]): void {
  const { io } = context;
  const mode = run.dryRun ? ', nothing was repaired' : '';
  io.out(`${run.compared} payments since ${instant(run.since)} were compared${mode} (${run.id})`);
  if (run.settled > 0) io.out(`  ${run.settled} were paid out to the bank`);
  for (const [kind, count] of Object.entries(run.counts)) io.out(`  ${count} × ${kind}`);
  if (run.problem !== null) io.say(`The run was broken off: ${run.problem}`);
  else if (run.endedAt === null) io.say('The run goes on; its findings so far:');
  context.table(findings, FINDING_COLUMNS, 'Nothing differs.');
  if (findings.some((one) => one.action === 'case')) context.next('holdfast cases list');
}

interface DisputeFlags {
  state?: string;
  channel?: string;
  order?: string;
  limit: number;
}

const DISPUTE_COLUMNS = [
  { head: 'Dispute', cell: (row: Dispute) => row.id },
  { head: 'Order', right: true, cell: (row: Dispute) => String(row.orderNumber) },
  { head: 'Channel', cell: (row: Dispute) => row.channel },
  { head: 'Amount', right: true, cell: (row: Dispute) => money(row.amount) },
  { head: 'State', cell: (row: Dispute) => row.state },
  { head: 'Reason', cell: (row: Dispute) => orDash(row.reason) },
  { head: 'Answer until', cell: (row: Dispute) => instant(row.respondBy) },
  { head: 'Opened', cell: (row: Dispute) => instant(row.openedAt) },
];

function addDisputes(disputes: Command, act: Act): void {
  disputes
    .command('list')
    .description('newest first')
    .addOption(new Option('--state <state>', 'of one state').choices(['open', 'won', 'lost']))
    .option('--channel <id>', 'of one channel')
    .option('--order <order>', 'of one order, by number or id')
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((flags: DisputeFlags, command: Command) =>
      act(command, async (context) => {
        const { state, channel, order } = flags;
        const rows: Dispute[] = [];
        const pages = context.api().pages<Dispute>('/v1/disputes', { state, channel, order }, flags.limit);
        for await (const row of pages) rows.push(row);
        context.table(rows, DISPUTE_COLUMNS, 'No charge is disputed.');
        const first = rows[0];
        if (first) context.next(`holdfast orders show ${first.orderNumber}`);
      }),
    );
}
