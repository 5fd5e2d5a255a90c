/** Cases: the queue of what people have to look at, by cause, and taking on and closing one. */
import { z } from 'zod';
import { listCases, listCauses, readCase, type CaseRow } from '../../db/reads/cases.ts';
import { noteChange } from '../../db/writes/changes.ts';
import { assignCase, closeCase, type CloseResult } from '../../db/writes/caseDesk.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { Principal } from '../auth.ts';
import { acceptedAnswer, commandRefusal, giveCommand } from '../command.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { fingerprint } from '../fingerprint.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { AssignBody, ResolveBody } from '../schemas/desk.ts';
import { CaseBody, CaseCausesBody, CaseCausesQuery, CaseListQuery } from '../schemas/feeds.ts';
import { noBody, noParams, noQuery, pageOf } from '../schemas/fields.ts';
import { CommandBody } from '../schemas/orders.ts';
import { showCase, showCause } from '../show/cases.ts';
import { sightOf } from '../sight.ts';

const CaseParams = z.strictObject({ case: z.string().min(1).max(60) });

/** Routes of cases. */
export function caseRoutes(services: Services): Route[] {
  return [...readingRoutes(services), ...workRoutes(services)];
}

function readingRoutes(services: Services): Route[] {
  const shared = { tag: 'Cases', scope: 'orders:read', params: noParams, body: noBody } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/cases',
      summary: 'What a person has to look at',
      description: 'Oldest first, unless `sort` says otherwise.',
      query: CaseListQuery,
      answers: { 200: pageOf(CaseBody) },
      problems: ['invalid_cursor'],
      handler: (call) => list(services, call),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/cases/causes',
      summary: 'Open cases by cause',
      description: 'The cause with the oldest case first.',
      query: CaseCausesQuery,
      answers: { 200: CaseCausesBody },
      problems: [],
      async handler({ principal, query }) {
        const { channel } = principal;
        const rows = await listCauses(services.db, { assignee: assigneeOf(query, principal), channel });
        return { status: 200, body: { data: rows.map(showCause) } };
      },
    }),
  ];
}

function workRoutes(services: Services): Route[] {
  const shared = {
    tag: 'Cases',
    scope: 'orders:write',
    peopleOnly: true,
    params: CaseParams,
    query: noQuery,
  } as const;
  return [
    route({
      ...shared,
      method: 'post',
      path: '/v1/cases/{case}/assign',
      summary: 'Give a case to somebody',
      description: 'To the caller, to another person’s key, or to nobody. The same again changes nothing.',
      body: AssignBody,
      answers: { 200: CaseBody },
      problems: ['case_closed'],
      handler: (call) => assign(services, call),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/cases/{case}/resolve',
      summary: 'Close a case by hand',
      description:
        'For causes that nothing in the order waits for; the others end when the cause is cured. Works for ended orders too.',
      idempotent: true,
      body: ResolveBody,
      answers: { 200: CaseBody, 202: CommandBody },
      problems: ['case_not_closable', 'case_closed'],
      handler: (call) => resolve(services, call),
    }),
  ];
}

/** Whose cases: undefined anybody's, null nobody's. */
function assigneeOf(
  query: { assignee?: string | undefined },
  principal: Principal,
): string | null | undefined {
  if (query.assignee === 'me') return principal.keyId;
  return query.assignee === 'nobody' ? null : query.assignee;
}

async function list(services: Services, call: Call<unknown, z.output<typeof CaseListQuery>, undefined>) {
  const { principal, query } = call;
  const { open, attention, code, cursor, limit = PAGE_DEFAULT } = query;
  const newestFirst = query.sort === '-openedAt';
  // A cursor leads on in its own order only.
  const name = newestFirst ? 'cases newest' : 'cases';
  const [after] = cursor === undefined ? [] : decodeCursor(name, cursor, [z.string()]);
  const assignee = assigneeOf(query, principal);
  const rows = await listCases(services.db, {
    after: after ?? null,
    limit,
    newestFirst,
    filter: { open, attention, code, assignee, channel: principal.channel },
  });
  const show = (row: CaseRow) => showCase(row, sightOf(principal));
  return { status: 200, body: pageFrom(rows, limit, { list: name, keyOf: (row) => [row.id], show }) };
}

async function answerWith(services: Services, id: string, principal: Principal): Promise<Answer> {
  const row = await readCase(services.db, id, principal.channel);
  if (!row) throw new Refusal('not_found');
  return { status: 200, body: showCase(row, sightOf(principal)) };
}

async function assign(
  services: Services,
  call: Call<{ case: string }, unknown, z.output<typeof AssignBody>>,
): Promise<Answer> {
  const { principal, params, body, requestId } = call;
  const assignee = body.assignee === 'me' ? principal.keyId : body.assignee;
  const result = await assignCase(
    services.db,
    { caseId: params.case, channel: principal.channel, assignee },
    { actor: principal.actor, requestId },
  );
  if (result === 'no_case') throw new Refusal('not_found');
  if (result === 'closed') throw new Refusal('case_closed');
  if (result === 'no_person')
    throw new Refusal('invalid', {
      errors: [{ pointer: '/assignee', detail: 'is not a valid key of role viewer, support or ops' }],
    });
  noteChange(services.db.pool);
  return answerWith(services, params.case, principal);
}

type ResolveCall = Call<{ case: string }, unknown, z.output<typeof ResolveBody>>;

/** A case of an order is closed by its workflow, which sees the order change; one without an order by us alone. */
async function resolve(services: Services, call: ResolveCall): Promise<Answer> {
  const { principal, params, body } = call;
  const found = await readCase(services.db, params.case, principal.channel);
  if (!found) throw new Refusal('not_found');
  if (found.order_id === null) return resolveAlone(services, call);
  const row = await giveCommand(services, call, {
    kind: 'resolve_case',
    order: found.order_id,
    target: found.id,
    reason: null,
    payload: { caseId: found.id, note: body.note },
    auditData: { caseId: found.id },
  });
  if (!row.applied_at) return acceptedAnswer(row, principal);
  if (!row.outcome?.applied) throw commandRefusal(row);
  noteChange(services.db.pool);
  return answerWith(services, found.id, principal);
}

const REFUSALS: Partial<Record<CloseResult, FailureCode>> = {
  key_reused: 'idempotency_key_reused',
  no_case: 'not_found',
  closed: 'case_closed',
  not_closable: 'case_not_closable',
};

async function resolveAlone(services: Services, call: ResolveCall): Promise<Answer> {
  const { principal, params, body, requestId } = call;
  const result = await closeCase(
    services.db,
    {
      caseId: params.case,
      channel: principal.channel,
      note: body.note,
      scope: principal.keyScope,
      key: call.idempotencyKey,
      fingerprint: fingerprint(body, `resolve_case ${params.case} `),
    },
    { actor: principal.actor, requestId },
  );
  const code = REFUSALS[result];
  if (code) throw new Refusal(code);
  noteChange(services.db.pool);
  return answerWith(services, params.case, principal);
}
