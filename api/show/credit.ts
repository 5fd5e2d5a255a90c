/** Credit accounts as the API shows them: whose they are and words of staff are for staff who see personal data. */
import type { CreditAccountRow, CreditMovementRow } from '../../db/reads/credit.ts';
import { availableMinor } from '../../domain/credit.ts';
import type { CreditAccount, CreditMovement } from '../schemas/credit.ts';
import type { Sight } from '../sight.ts';
import { moneyIn } from './orderParts.ts';

/** An account. */
export function showCredit(row: CreditAccountRow, sight: Sight): CreditAccount {
  const money = moneyIn(row.currency);
  return {
    id: row.id,
    kind: row.kind,
    currency: row.currency,
    codeLast4: row.code_last4,
    holder: sight.staffTexts ? row.holder : null,
    balance: money(row.balance_minor),
    held: money(row.held_minor),
    available: money(availableMinor({ balanceMinor: row.balance_minor, heldMinor: row.held_minor })),
    state: row.state,
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}

/** One change of an account in `currency`. */
export function showCreditMovement(row: CreditMovementRow, currency: string, sight: Sight): CreditMovement {
  const money = moneyIn(currency);
  return {
    id: row.id,
    kind: row.kind,
    balance: money(row.balance_delta),
    held: money(row.held_delta),
    orderId: row.order_id,
    orderNumber: row.order_number,
    actor: row.actor,
    reason: sight.staffTexts ? row.reason : null,
    at: row.at.toISOString(),
  };
}
