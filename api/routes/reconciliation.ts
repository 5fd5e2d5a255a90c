/** Money moved from outside: disputes and payouts, and the reconciliation of our books with the payment provider's. */
import { z } from 'zod';
import {
  listDisputes,
  listFindings,
  listPayouts,
  listRuns,
  readRun,
  type TimePage,
} from '../../db/reads/reconciliation.ts';
import { newId } from '../../db/ids.ts';
import { beginRun, endRun } from '../../db/writes/reconciliation.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import {
  DisputeListQuery,
  DisputeShown,
  FindingListQuery,
  FindingShown,
  PayoutListQuery,
  PayoutShown,
  ReconciliationInputBody,
  ReconciliationListQuery,
  ReconciliationShown,
} from '../schemas/reconciliation.ts';
import { showDisputeRow, showFinding, showPayout, showRun } from '../show/reconciliation.ts';

const RunParams = z.strictObject({ run: z.string().min(1).max(60) });
/** The provider whose books ours are compared with. */
const PROVIDER = 'stripe';

/** Routes of disputes, payouts and reconciliation. */
export function reconciliationRoutes(services: Services): Route[] {
  return [...outsideRoutes(services), ...runRoutes(services), ...workRoutes(services)];
}

function outsideRoutes(services: Services): Route[] {
  const shared = { method: 'get', tag: 'Reconciliation', params: noParams, body: noBody } as const;
  return [
    route({
      ...shared,
      path: '/v1/disputes',
      scope: 'orders:read',
      summary: 'Charges that customers dispute at their bank',
      description: 'Newest first.',
      query: DisputeListQuery,
      answers: { 200: pageOf(DisputeShown) },
      problems: ['invalid_cursor'],
      handler: (call) => disputes(services, call),
    }),
    route({
      ...shared,
      path: '/v1/payouts',
      scope: 'ops:admin',
      summary: 'Transfers of the provider to the merchant’s bank',
      description: 'Newest first.',
      query: PayoutListQuery,
      answers: { 200: pageOf(PayoutShown) },
      problems: ['invalid_cursor'],
      async handler({ query }) {
        const page = timePage('payouts', query);
        const rows = await listPayouts(services.db, page);
        return {
          status: 200,
          body: pageFrom(rows, page.limit, {
            list: 'payouts',
            keyOf: (row) => [row.seen_at.toISOString(), row.id],
            show: showPayout,
          }),
        };
      },
    }),
  ];
}

async function disputes(
  services: Services,
  { query, principal }: Call<unknown, z.output<typeof DisputeListQuery>, unknown>,
): Promise<Answer> {
  if (principal.channel !== null && query.channel !== undefined && query.channel !== principal.channel)
    throw new Refusal('forbidden', { detail: 'the key sees its own channel only' });
  const page = timePage('disputes', query);
  const filter = {
    state: query.state,
    order: query.order,
    channel: principal.channel ?? query.channel ?? null,
  };
  const rows = await listDisputes(services.db, { ...page, filter });
  return {
    status: 200,
    body: pageFrom(rows, page.limit, {
      list: 'disputes',
      keyOf: (row) => [row.opened_at.toISOString(), row.id],
      show: showDisputeRow,
    }),
  };
}

function timePage(
  list: string,
  query: { limit?: number | undefined; cursor?: string | undefined },
): TimePage {
  const limit = query.limit ?? PAGE_DEFAULT;
  if (query.cursor === undefined) return { after: null, limit };
  const [at, id] = decodeCursor(list, query.cursor, [z.iso.datetime(), z.string()]);
  return { after: { at, id }, limit };
}

function idPage(
  list: string,
  query: { limit?: number | undefined; cursor?: string | undefined },
): { after: string | null; limit: number } {
  const after = query.cursor === undefined ? null : decodeCursor(list, query.cursor, [z.string()])[0];
  return { after, limit: query.limit ?? PAGE_DEFAULT };
}

function runRoutes(services: Services): Route[] {
  const shared = { tag: 'Reconciliation', scope: 'ops:admin' } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/reconciliations',
      summary: 'Runs of the reconciliation',
      description: 'Newest first. One runs every 15 minutes, and once a day over a month.',
      params: noParams,
      query: ReconciliationListQuery,
      body: noBody,
      answers: { 200: pageOf(ReconciliationShown) },
      problems: ['invalid_cursor'],
      async handler({ query }) {
        const page = idPage('reconciliations', query);
        const rows = await listRuns(services.db, { ...page, dryRun: query.dryRun });
        return {
          status: 200,
          body: pageFrom(rows, page.limit, {
            list: 'reconciliations',
            keyOf: (row) => [row.id],
            show: showRun,
          }),
        };
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/reconciliations/{run}',
      summary: 'One run of the reconciliation',
      params: RunParams,
      query: noQuery,
      body: noBody,
      answers: { 200: ReconciliationShown },
      problems: ['not_found'],
      async handler({ params }) {
        const row = await readRun(services.db, params.run);
        if (!row) throw new Refusal('not_found');
        return { status: 200, body: showRun(row) };
      },
    }),
  ];
}

function workRoutes(services: Services): Route[] {
  const shared = { tag: 'Reconciliation', scope: 'ops:admin' } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/reconciliations/{run}/findings',
      summary: 'What a run has found',
      description: 'In the order in which it was found.',
      params: RunParams,
      query: FindingListQuery,
      body: noBody,
      answers: { 200: pageOf(FindingShown) },
      problems: ['not_found', 'invalid_cursor'],
      handler: (call) => findings(services, call),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/reconciliations',
      summary: 'Compare our money with the provider’s now',
      description:
        'Starts a run and answers at once. What is safe to repair is repaired by the orders themselves; the rest opens cases. With `dryRun` it only reports.',
      params: noParams,
      query: noQuery,
      body: ReconciliationInputBody,
      answers: { 202: ReconciliationShown },
      answerHeaders: { Location: 'The run.' },
      problems: ['unavailable'],
      handler: ({ body }) => start(services, body),
    }),
  ];
}

async function findings(
  services: Services,
  { params, query }: Call<z.output<typeof RunParams>, z.output<typeof FindingListQuery>, unknown>,
): Promise<Answer> {
  if (!(await readRun(services.db, params.run))) throw new Refusal('not_found');
  const page = idPage('findings', query);
  const rows = await listFindings(services.db, { ...page, runId: params.run, kind: query.kind });
  return {
    status: 200,
    body: pageFrom(rows, page.limit, { list: 'findings', keyOf: (row) => [row.id], show: showFinding }),
  };
}

/** The run is stored before its workflow is started; one whose start failed says so and is over. */
async function start(
  services: Services,
  {
    dryRun = false,
    sinceHours = null,
  }: { dryRun?: boolean | undefined; sinceHours?: number | null | undefined },
): Promise<Answer> {
  const runId = newId('rec');
  const run = { runId, dryRun, sinceHours };
  await beginRun(services.db, { ...run, provider: PROVIDER });
  try {
    if (!services.startReconciliation) throw new Error('nothing is started here');
    await services.startReconciliation(run);
  } catch {
    await endRun(services.db, runId, 'could not be started');
    throw new Refusal('unavailable');
  }
  const row = await readRun(services.db, runId);
  if (!row) throw new Error(`run ${runId} was not stored`);
  return { status: 202, body: showRun(row), headers: { Location: `/v1/reconciliations/${runId}` } };
}
