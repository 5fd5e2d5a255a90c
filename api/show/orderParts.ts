/** The parts of an order as the API shows them. */
import type {
  ContactJson,
  LineJson,
  OperationJson,
  OrderRows,
  PaymentJson,
} from '../../db/reads/orderRows.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import type { OrderDetail } from '../schemas/orders.ts';
import { maskEmail, maskPhone, maskText } from './mask.ts';

/** Money in one currency. */
export function moneyIn(currency: string) {
  return (amount: number) => ({ amount, currency });
}

function moneyOrNull(amount: number | null, currency: string) {
  return amount === null ? null : { amount, currency };
}

/** An instant out of JSON, as the wire shows it. */
export function iso(text: string): string {
  return new Date(text).toISOString();
}

/** The same, or null. */
export function isoOrNull(text: string | null): string | null {
  return text === null ? null : iso(text);
}

/** A person or company; masked unless `showsPeople`. */
export function showParty(contact: ContactJson | undefined, showsPeople: boolean): OrderDetail['sender'] {
  if (!contact) return null;
  const hide = showsPeople ? (text: string | null) => text : maskText;
  return {
    name: hide(contact.name),
    company: hide(contact.company),
    email: showsPeople ? contact.email : maskEmail(contact.email),
    phone: showsPeople ? contact.phone : maskPhone(contact.phone),
    address:
      contact.country === null
        ? null
        : {
            line1: hide(contact.line1),
            line2: hide(contact.line2),
            city: contact.city,
            region: contact.region,
            postalCode: hide(contact.postal_code),
            country: contact.country,
          },
  };
}

/** A line with its ledger. */
export function showLine(line: LineJson, currency: string): OrderDetail['lines'][number] {
  const money = moneyIn(currency);
  return {
    lineNo: line.line_no,
    sku: line.sku,
    name: line.name,
    variant: line.variant,
    gtin: line.gtin,
    quantity: line.quantity,
    unitListPrice: moneyOrNull(line.unit_list_minor, currency),
    unitNet: moneyOrNull(line.unit_net_minor, currency),
    unitGross: moneyOrNull(line.unit_gross_minor, currency),
    discounts: line.discounts,
    discount: money(line.discount_minor),
    taxLines: line.tax_lines,
    tax: money(line.tax_minor),
    total: money(line.total_minor),
    weightGrams: line.weight_grams,
    requiresShipping: line.requires_shipping,
    attributes: line.attributes,
    ledger: {
      ordered: line.quantity,
      cancelled: line.cancelled,
      allocated: line.allocated,
      fulfilled: line.fulfilled,
      shipped: line.shipped,
      delivered: line.delivered,
      returnRequested: line.return_requested,
      returnReceived: line.return_received,
      returnDismissed: line.return_dismissed,
      writtenOff: line.written_off,
    },
  };
}

/** A payment of the order. */
export function showPayment(
  payment: PaymentJson,
  currency: string,
): OrderDetail['payment']['payments'][number] {
  const money = moneyIn(currency);
  const { brand, last4 } = payment.method_details;
  return {
    id: payment.id,
    number: payment.id,
    time: iso(payment.created_at),
    method: payment.method,
    provider: payment.provider,
    reference: payment.provider_ref,
    state: payment.state,
    amount: money(payment.amount_minor),
    authorized: money(payment.authorized_minor),
    captured: money(payment.captured_minor),
    refunded: money(payment.refunded_minor),
    voided: money(payment.voided_minor),
    card: brand || last4 ? { brand: brand ?? null, last4: last4 ?? null } : null,
    failureCode: payment.failure_code,
    fulfillmentId: payment.fulfillment_id,
    tender: payment.tender,
    attempt: payment.attempt,
    settledAt: isoOrNull(payment.settled_at),
    payoutId: payment.payout_id,
  };
}

/** How the order is paid, without what was done yet. */
export function showTenders({
  order,
  policy,
}: Pick<OrderRows, 'order' | 'policy'>): Pick<
  OrderDetail['payment'],
  'tenders' | 'termsDays' | 'dueAt' | 'writtenOff'
> {
  const terms: Partial<Record<PaymentMethod, number>> = {
    invoice: order.payment_terms_days ?? policy.invoiceTermsDays,
    cash_on_delivery: policy.cashTermsDays,
  };
  return {
    tenders: order.tenders.map(({ amountMinor, ...tender }) => ({
      ...tender,
      amount: { amount: amountMinor, currency: order.currency },
    })),
    termsDays: terms[order.payment_method] ?? null,
    dueAt: order.payment_due_at?.toISOString() ?? null,
    writtenOff:
      order.written_off_minor > 0 ? { amount: order.written_off_minor, currency: order.currency } : null,
  };
}

/** One call to an outside system. */
export function showOperation(
  operation: OperationJson,
  currency: string,
): OrderDetail['payment']['operations'][number] {
  return {
    number: operation.key,
    time: iso(operation.first_try_at),
    kind: operation.kind,
    subject: operation.subject,
    amount: moneyOrNull(operation.amount_minor, currency),
    state: operation.state,
    reference: operation.provider_ref,
    failureCode: operation.failure_code,
    settledAt: isoOrNull(operation.settled_at),
  };
}
