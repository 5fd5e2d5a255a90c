/** Another way to pay as a command's payload: the code of a gift card becomes the id of its account, and is kept nowhere. */
import { resolveCredit } from '../db/reads/credit.ts';
import { CREDIT_REFUSAL_WORDS } from '../domain/credit.ts';
import type { Services } from './deps.ts';
import { Refusal } from './problems.ts';
import type { ChangePaymentInput } from './schemas/newPayment.ts';

/**
 * The payload of the command `change_payment` for an order in `currency`. Refuses with `credit_unknown` and `credit_unusable`;
 * whether the account holds enough is decided when the money is set aside.
 */
export async function changePaymentPayload(
  services: Services,
  currency: string,
  body: ChangePaymentInput,
): Promise<Record<string, unknown>> {
  const payload = {
    method: body.method,
    ...(body.tender !== undefined && { tender: body.tender }),
    ...(body.method === 'invoice' && body.termsDays !== undefined && { termsDays: body.termsDays }),
  };
  if (body.method === 'card') return { ...payload, token: body.token };
  if (body.method !== 'gift_card' && body.method !== 'store_credit') return payload;
  const { method } = body;
  const named = method === 'gift_card' ? { code: body.code } : { account: body.account };
  const found = await resolveCredit(services, { method, currency, ...named });
  if ('refused' in found) throw new Refusal(found.refused, { detail: CREDIT_REFUSAL_WORDS[found.why] });
  return { ...payload, token: found.accountId };
}
