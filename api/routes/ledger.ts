/** The books: whether they balance and are explained to the last row. */
import { checkLedger, type LedgerProblem } from '../../db/reads/ledgerCheck.ts';
import type { Services } from '../deps.ts';
import { route, type Route } from '../route.ts';
import { noBody, noParams, noQuery } from '../schemas/fields.ts';
import { LedgerVerificationBody } from '../schemas/ledger.ts';

/** Routes of the ledger. */
export function ledgerRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/ledger/verification',
      tag: 'Reconciliation',
      scope: 'ops:admin',
      summary: 'Prove the books',
      description:
        'Postings add up to zero by key, by order and in total; every event that moved money has its posting and every posting its event; every balance is the fold of its events; every credit account is the sum of its movements and agrees with its payments. Looks through all of it: seconds for 100,000 orders.',
      params: noParams,
      query: noQuery,
      body: noBody,
      answers: { 200: LedgerVerificationBody },
      problems: [],
      async handler() {
        const checkedAt = new Date().toISOString();
        const { problems, ...counts } = await checkLedger(services.db.pool);
        const body = { ok: counts.wrong === 0, checkedAt, ...counts, problems: problems.map(shown) };
        return { status: 200, body };
      },
    }),
  ];
}

function shown(problem: LedgerProblem) {
  const { at, currency, expectedMinor, actualMinor, ...rest } = problem;
  return {
    ...rest,
    at: at?.toISOString() ?? null,
    expected: { amount: expectedMinor, currency },
    actual: { amount: actualMinor, currency },
  };
}
