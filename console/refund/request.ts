/** What is typed in the refund dialog, and the request that it stands for. Pure. */
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { Refund, RefundRequestBody } from '../../api/schemas/refunds.ts';
import { FEE_KINDS } from '../../domain/refund.ts';
import { readAmount } from '../parts/amount.ts';
import { refundReasonOf, type FeeKind } from './words.ts';

/** What stands in the fields, as typed. */
export interface RefundValues {
  /** Units by line number. */
  units: Readonly<Record<number, string>>;
  shipping: string;
  goodwill: string;
  fees: Readonly<Record<FeeKind, string>>;
  reason: string;
}

/** Nothing typed yet. */
export const NO_VALUES: RefundValues = {
  units: {},
  shipping: '',
  goodwill: '',
  fees: { restocking: '', return_label: '', other: '' },
  reason: '',
};

/** What is wrong with each field, in words; the name of a field is `line 2`, `shipping`, `goodwill`, `fee other`. */
export type FieldProblems = Readonly<Record<string, string>>;

/** A line of which units can be given back. */
export interface RefundableLine {
  lineNo: number;
  name: string;
  sku: string;
  quantity: number;
  /** Sent or cancelled, and not part of a refund that counts. */
  refundable: number;
}

type Lines = Pick<OrderDetail, 'lines'> & { money: { refunds: readonly Counted[] } };
type Counted = Pick<Refund, 'state'> & {
  lines: readonly Pick<Refund['lines'][number], 'lineNo' | 'units'>[];
  attempts: readonly Pick<Refund['attempts'][number], 'state'>[];
};

/** The lines with what can still be given back of each. */
export function refundableLines(order: Lines): RefundableLine[] {
  const counted = order.money.refunds.filter(counts);
  return order.lines.map(({ lineNo, name, sku, quantity, ledger }) => {
    const refunded = counted
      .flatMap((refund) => refund.lines)
      .filter((line) => line.lineNo === lineNo)
      .reduce((sum, line) => sum + line.units, 0);
    const refundable = Math.max(0, ledger.shipped + ledger.cancelled - refunded);
    return { lineNo, name, sku, quantity, refundable };
  });
}

/** What of the shipping was paid and is not part of a refund that counts, in minor units. */
export function shippingLeft(
  order: Pick<OrderDetail, 'total'> & {
    lines: readonly Pick<OrderDetail['lines'][number], 'total'>[];
    money: { refunds: readonly (Counted & Pick<Refund, 'shipping'>)[] };
  },
): number {
  const paid = order.lines.reduce((rest, line) => rest - line.total.amount, order.total.amount);
  const refunded = order.money.refunds
    .filter(counts)
    .reduce((sum, refund) => sum + refund.shipping.amount, 0);
  return Math.max(0, paid - refunded);
}

/** Declined, withdrawn and wholly failed refunds do not count. */
function counts({ attempts }: Counted): boolean {
  return attempts.some((one) => one.state !== 'failed');
}

/** What the fields ask for: nothing yet, a request, or fields that are wrong. */
export type TypedRefund =
  | { kind: 'nothing' }
  | { kind: 'wrong'; problems: FieldProblems }
  | { kind: 'request'; request: Omit<RefundRequestBody, 'reason' | 'note'> };

/** Reads the fields. */
export function readRefund(
  values: RefundValues,
  lines: readonly RefundableLine[],
  currency: string,
): TypedRefund {
  const problems: Record<string, string> = {};
  const amount = (field: string, typed: string) => {
    const read = readAmount(typed, currency);
    if (read.kind === 'wrong') problems[field] = read.words;
    return read.kind === 'amount' && read.amountMinor > 0
      ? { amount: read.amountMinor, currency }
      : undefined;
  };
  const chosen = lines.flatMap((line) => {
    const units = readUnits(values.units[line.lineNo] ?? '', line.refundable);
    if (typeof units === 'string') problems[`line ${line.lineNo}`] = units;
    return typeof units === 'number' && units > 0 ? [{ lineNo: line.lineNo, units }] : [];
  });
  const shipping = amount('shipping', values.shipping);
  const goodwill = amount('goodwill', values.goodwill);
  const fees = FEE_KINDS.flatMap((kind) => {
    const fee = amount(`fee ${kind}`, values.fees[kind]);
    return fee ? [{ kind, amount: fee }] : [];
  });
  if (Object.keys(problems).length > 0) return { kind: 'wrong', problems };
  if (chosen.length === 0 && !shipping && !goodwill) return { kind: 'nothing' };
  return {
    kind: 'request',
    request: {
      ...(chosen.length > 0 && { lines: chosen }),
      ...(shipping && { shipping }),
      ...(goodwill && { goodwill }),
      ...(fees.length > 0 && { fees }),
    },
  };
}

function readUnits(typed: string, max: number): number | string {
  const text = typed.trim();
  if (text === '') return 0;
  if (!/^\d{1,7}$/.test(text)) return 'Write a whole number.';
  const units = Number(text);
  return units > max ? `At most ${max}.` : units;
}

/** The request with why, ready to be sent; undefined while no reason is chosen. */
export function withReason(
  request: Omit<RefundRequestBody, 'reason' | 'note'>,
  given: { reason: string; note: string },
): RefundRequestBody | undefined {
  const reason = refundReasonOf(given.reason);
  const note = given.note.trim();
  return reason && { ...request, reason, ...(note !== '' && { note }) };
}

/** The request as a preview asks for it: the reason and the note do not change the amount. */
export function forPreview(request: Omit<RefundRequestBody, 'reason' | 'note'>): RefundRequestBody {
  return { ...request, reason: 'other' };
}

/** All that can be given back of the lines: what the button "All units" fills in. */
export function allUnits(lines: readonly RefundableLine[]): Record<number, string> {
  return Object.fromEntries(
    lines.filter((line) => line.refundable > 0).map((line) => [line.lineNo, String(line.refundable)]),
  );
}
