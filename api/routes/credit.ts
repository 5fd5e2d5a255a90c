/** Gift cards and store credit: issue, look up, adjust, disable and enable accounts. */
import { z } from 'zod';
import {
  findCreditByCode,
  listCreditAccounts,
  listCreditMovements,
  readCreditAccount,
  type CreditAccountRow,
  type CreditListRow,
} from '../../db/reads/credit.ts';
import {
  adjustCredit,
  issueCredit,
  switchCredit,
  type CreditNotWritten,
  type CreditSwitch,
} from '../../db/writes/credit.ts';
import { CREDIT_REFUSAL_WORDS } from '../../domain/credit.ts';
import type { Principal } from '../auth.ts';
import { decodeCursor, PAGE_DEFAULT, pageFrom } from '../cursor.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import {
  CreditAccountBody,
  creditAccountId,
  CreditAccountShown,
  CreditAdjustBody,
  CreditDisableBody,
  CreditEnableBody,
  CreditIssueBody,
  CreditIssuedBody,
  CreditListQuery,
  CreditLookupBody,
  CreditMovementShown,
} from '../schemas/credit.ts';
import { noBody, noParams, noQuery, pageOf, pageQuery } from '../schemas/fields.ts';
import { showCredit, showCreditMovement } from '../show/credit.ts';
import { sightOf } from '../sight.ts';

const AccountParams = z.strictObject({ account: creditAccountId });
const MovementQuery = z.strictObject(pageQuery);
/** So many movements come with an account. */
const MOVEMENTS_WITH = 100;
const PATH = '/v1/credit-accounts';

/** Routes of credit accounts. */
export function creditRoutes(services: Services): Route[] {
  return [...readingRoutes(services), ...writingRoutes(services)];
}

function readingRoutes(services: Services): Route[] {
  const shared = { tag: 'Credit', scope: 'orders:read', query: noQuery } as const;
  const staff = { ...shared, method: 'get', peopleOnly: true, body: noBody } as const;
  return [
    route({
      ...staff,
      path: PATH,
      summary: 'Gift cards and store credit',
      description: 'Newest first.',
      params: noParams,
      query: CreditListQuery,
      answers: { 200: pageOf(CreditAccountShown) },
      problems: ['invalid_cursor'],
      handler: (call) => list(services, call),
    }),
    route({
      ...staff,
      path: `${PATH}/{account}`,
      summary: 'A credit account with its newest movements',
      params: AccountParams,
      answers: { 200: CreditAccountBody },
      problems: [],
      handler: ({ params, principal }) => detail(services, params.account, principal),
    }),
    route({
      ...staff,
      path: `${PATH}/{account}/movements`,
      summary: 'All that changed a credit account',
      description: 'Newest first.',
      params: AccountParams,
      query: MovementQuery,
      answers: { 200: pageOf(CreditMovementShown) },
      problems: ['invalid_cursor'],
      handler: (call) => movements(services, call),
    }),
    route({
      ...shared,
      method: 'post',
      path: `${PATH}/lookup`,
      summary: 'Look up a gift card by its code',
      description: 'For the shop too: whoever has the code may know what is left. Writes nothing.',
      params: noParams,
      body: CreditLookupBody,
      answers: { 200: CreditAccountShown },
      problems: ['credit_unknown'],
      async handler({ body, principal }) {
        const row = await findCreditByCode(services, body.code);
        if (!row) throw new Refusal('credit_unknown');
        return { status: 200, body: showCredit(row, sightOf(principal)) };
      },
    }),
  ];
}

function writingRoutes(services: Services): Route[] {
  const shared = {
    method: 'post',
    tag: 'Credit',
    scope: 'credit:write',
    peopleOnly: true,
    query: noQuery,
  } as const;
  const ofAccount = { ...shared, params: AccountParams, answers: { 200: CreditAccountBody } } as const;
  return [
    route({
      ...shared,
      idempotent: true,
      path: PATH,
      summary: 'Issue a gift card or store credit',
      description:
        'A gift card’s code is in this answer and never again: a repeat with the same key gets the account without it.',
      params: noParams,
      body: CreditIssueBody,
      answers: { 201: CreditIssuedBody },
      problems: [],
      handler: (call) => issue(services, call),
    }),
    route({
      ...ofAccount,
      idempotent: true,
      path: `${PATH}/{account}/adjustments`,
      summary: 'Add to an account or take from it',
      description: 'Never leaves less than is held.',
      body: CreditAdjustBody,
      problems: ['credit_short', 'credit_unusable'],
      handler: (call) => adjust(services, call),
    }),
    route({
      ...ofAccount,
      path: `${PATH}/{account}/disable`,
      summary: 'Disable an account',
      description:
        'Nothing new can be paid with it; what is held can still be taken, released and given back.',
      body: CreditDisableBody,
      problems: [],
      handler: (call) => turn(services, call, { state: 'disabled', reason: call.body.reason }),
    }),
    route({
      ...ofAccount,
      path: `${PATH}/{account}/enable`,
      summary: 'Enable an account, or prolong it',
      body: CreditEnableBody,
      problems: [],
      handler: (call) => {
        const { expiresAt } = call.body;
        const end = typeof expiresAt === 'string' ? futureOf(expiresAt) : expiresAt;
        return turn(services, call, { state: 'active', expiresAt: end });
      },
    }),
  ];
}

/** An end that lies ahead; refused otherwise, since nobody could pay with the account. */
function futureOf(expiresAt: string): Date {
  const end = new Date(expiresAt);
  if (end.getTime() > Date.now()) return end;
  throw new Refusal('invalid', { errors: [{ pointer: '/expiresAt', detail: 'must lie in the future' }] });
}

async function rowOf(services: Services, id: string): Promise<CreditAccountRow> {
  const row = await readCreditAccount(services.db, id);
  if (!row) throw new Refusal('not_found');
  return row;
}

async function detail(services: Services, id: string, principal: Principal): Promise<Answer> {
  const row = await rowOf(services, id);
  const found = await listCreditMovements(services.db, {
    accountId: id,
    before: null,
    limit: MOVEMENTS_WITH,
  });
  const sight = sightOf(principal);
  const body = {
    ...showCredit(row, sight),
    movements: found.slice(0, MOVEMENTS_WITH).map((one) => showCreditMovement(one, row.currency, sight)),
    hasMoreMovements: found.length > MOVEMENTS_WITH,
  };
  return { status: 200, body };
}

async function list(
  services: Services,
  { principal, query }: Call<unknown, z.output<typeof CreditListQuery>, undefined>,
): Promise<Answer> {
  const { cursor, limit = PAGE_DEFAULT, kind, holder, state } = query;
  const [createdAt, id] =
    cursor === undefined ? [] : decodeCursor('credit', cursor, [z.string().min(1), z.string()]);
  const rows = await listCreditAccounts(services.db, {
    after: createdAt === undefined || id === undefined ? null : { createdAt, id },
    limit,
    filter: { kind, holder, state },
  });
  const page = pageFrom(rows, limit, {
    list: 'credit',
    keyOf: (row: CreditListRow) => [row.created_key, row.id],
    show: (row: CreditListRow) => showCredit(row, sightOf(principal)),
  });
  return { status: 200, body: page };
}

async function movements(
  services: Services,
  { principal, params, query }: Call<{ account: string }, z.output<typeof MovementQuery>, undefined>,
): Promise<Answer> {
  const { cursor, limit = PAGE_DEFAULT } = query;
  const [before] = cursor === undefined ? [] : decodeCursor('credit-movements', cursor, [z.int().min(0)]);
  const { id, currency } = await rowOf(services, params.account);
  const rows = await listCreditMovements(services.db, { accountId: id, before: before ?? null, limit });
  const page = pageFrom(rows, limit, {
    list: 'credit-movements',
    keyOf: (row) => [row.id],
    show: (row) => showCreditMovement(row, currency, sightOf(principal)),
  });
  return { status: 200, body: page };
}

async function issue(
  services: Services,
  call: Call<unknown, unknown, z.output<typeof CreditIssueBody>>,
): Promise<Answer> {
  const { principal, body, idempotencyKey: key, fingerprint, requestId } = call;
  const { kind, amount, holder, reason } = body;
  const expiresAt = body.expiresAt === undefined ? undefined : futureOf(body.expiresAt);
  const result = await issueCredit(
    services,
    { scope: principal.keyScope, key, fingerprint, credit: { kind, amount, holder, reason, expiresAt } },
    { actor: principal.actor, requestId },
  );
  if (result.kind !== 'done' && result.kind !== 'replayed') throw refusalOf(result);
  const shown = showCredit(await rowOf(services, result.accountId), sightOf(principal));
  const code = result.kind === 'done' ? result.more.code : null;
  return { status: 201, body: { ...shown, code }, ...replayed(result.kind) };
}

async function adjust(
  services: Services,
  call: Call<{ account: string }, unknown, z.output<typeof CreditAdjustBody>>,
): Promise<Answer> {
  const { principal, params, body, idempotencyKey: key, fingerprint, requestId } = call;
  const result = await adjustCredit(
    services.db,
    { scope: principal.keyScope, key, fingerprint, adjustment: { accountId: params.account, ...body } },
    { actor: principal.actor, requestId },
  );
  if (result.kind !== 'done' && result.kind !== 'replayed') throw refusalOf(result);
  return { ...(await detail(services, params.account, principal)), ...replayed(result.kind) };
}

function replayed(kind: 'done' | 'replayed'): Pick<Answer, 'headers'> {
  return kind === 'replayed' ? { headers: { 'Idempotency-Replayed': 'true' } } : {};
}

function refusalOf(result: CreditNotWritten): Refusal {
  if (result.kind === 'not_found') return new Refusal('not_found');
  if (result.kind === 'key_reused') return new Refusal('idempotency_key_reused');
  const detailText = CREDIT_REFUSAL_WORDS[result.why];
  if (result.code !== 'invalid') return new Refusal(result.code, { detail: detailText });
  return new Refusal('invalid', { errors: [{ pointer: '/amount/amount', detail: detailText }] });
}

async function turn(
  services: Services,
  { params, principal, requestId }: Call<{ account: string }, unknown, unknown>,
  wanted: Omit<CreditSwitch, 'accountId'>,
): Promise<Answer> {
  const by = { actor: principal.actor, requestId };
  if (!(await switchCredit(services.db, { accountId: params.account, ...wanted }, by)))
    throw new Refusal('not_found');
  return detail(services, params.account, principal);
}
