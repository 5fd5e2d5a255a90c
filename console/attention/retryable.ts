/** Which causes a retry can cure: it is not offered for the others, whose orders would only refuse it. */
import type { CaseCode } from '../../domain/cases.ts';

/** Causes of which a step, stock or a payment waits: what a retry tries again (domain/lifecycle.ts). */
export const RETRYABLE = [
  'short_stock',
  'card_declined',
  'payment_refused',
  'capture_refused',
  'provider_unavailable',
  'outcome_unknown',
  'amount_mismatch',
  'warehouse_refused',
  'carrier_refused',
] as const satisfies readonly CaseCode[];

/** True when trying the order again can end a case of this cause. */
export function isRetryable(code: string): boolean {
  return RETRYABLE.some((one) => one === code);
}
