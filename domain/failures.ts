/**
 * Every way something can go wrong, in one table: the stable code, its HTTP status, whether trying again can help,
 * and what a person reads. Problems (RFC 9457), application failures and docs derive from it; docs/errors.md is
 * held to it by a test.
 */

interface FailureRow {
  /** HTTP status of the problem document when a caller meets it. */
  status: number;
  /** True when the same request may succeed later without a change. */
  retryable: boolean;
  title: string;
}

/** The table of failure codes. Codes are stable: a code is added, never renamed. */
export const FAILURES = {
  malformed_json: { status: 400, retryable: false, title: 'The body is not valid JSON' },
  idempotency_key_missing: {
    status: 400,
    retryable: false,
    title: 'The Idempotency-Key header is missing or unusable',
  },
  invalid_cursor: { status: 400, retryable: false, title: 'The cursor was not made by this list' },
  unauthenticated: { status: 401, retryable: false, title: 'No valid API key was given' },
  bad_signature: { status: 401, retryable: false, title: 'The signature does not match the body' },
  forbidden: { status: 403, retryable: false, title: 'The API key lacks the scope for this' },
  cross_site: { status: 403, retryable: false, title: 'The request did not come from the console itself' },
  not_found: { status: 404, retryable: false, title: 'There is nothing at this address for you' },
  method_not_allowed: { status: 405, retryable: false, title: 'This address does not take that method' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The body must be application/json' },
  body_too_large: { status: 413, retryable: false, title: 'The body is larger than the limit' },
  external_id_taken: {
    status: 409,
    retryable: false,
    title: 'Another order with this externalId exists in the channel',
  },
  already_exists: { status: 409, retryable: false, title: 'It exists already with other content' },
  refused_by_state: {
    status: 409,
    retryable: false,
    title: 'The order is in a state that does not allow this',
  },
  already_released: {
    status: 409,
    retryable: false,
    title: 'The order was released to the warehouse already',
  },
  already_ended: { status: 409, retryable: false, title: 'The order has ended already' },
  nothing_to_retry: { status: 409, retryable: false, title: 'Nothing of this order waits for a retry' },
  stock_would_be_negative: {
    status: 409,
    retryable: false,
    title: 'The adjustment would leave less than what is allocated',
  },
  case_not_closable: {
    status: 409,
    retryable: false,
    title: 'This case ends by itself when its cause is cured; it can not be closed by hand',
  },
  case_closed: { status: 409, retryable: false, title: 'The case is closed already' },
  demo_unavailable: { status: 409, retryable: false, title: 'There is no demo channel here' },
  idempotency_key_reused: {
    status: 422,
    retryable: false,
    title: 'The Idempotency-Key was used with another body',
  },
  invalid: { status: 422, retryable: false, title: 'The request does not fit its schema' },
  totals_mismatch: { status: 422, retryable: false, title: 'The totals do not add up' },
  unknown_sku: { status: 422, retryable: false, title: 'A SKU is not in the catalogue' },
  unknown_location: { status: 422, retryable: false, title: 'A location does not exist' },
  currency_not_allowed: {
    status: 422,
    retryable: false,
    title: 'The channel does not sell in this currency',
  },
  too_many_lines: {
    status: 422,
    retryable: false,
    title: 'The order has more lines than the channel allows',
  },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  internal: { status: 500, retryable: true, title: 'Something failed on our side' },
  unavailable: { status: 503, retryable: true, title: 'A part this needs is not reachable right now' },
  card_declined: { status: 402, retryable: false, title: 'The card was declined' },
  payment_refused: { status: 402, retryable: false, title: 'The payment provider refused the request' },
  capture_refused: { status: 402, retryable: false, title: 'The payment provider refused the capture' },
  warehouse_refused: { status: 422, retryable: false, title: 'The warehouse refused the request' },
  carrier_refused: { status: 422, retryable: false, title: 'The carrier refused the request' },
  provider_unavailable: { status: 503, retryable: true, title: 'An outside system did not answer in time' },
  outcome_unknown: { status: 503, retryable: true, title: 'Whether it happened is not known yet' },
  short_stock: { status: 409, retryable: false, title: 'The warehouses do not have enough' },
  refund_at_channel: {
    status: 409,
    retryable: false,
    title: 'The channel holds money for an order that ended',
  },
  unpaid_at_channel: { status: 402, retryable: false, title: 'The channel has not been paid yet' },
  parcel_lost: { status: 409, retryable: false, title: 'The carrier lost the parcel' },
  parcel_damaged: { status: 409, retryable: false, title: 'The parcel was damaged on its way' },
  parcel_returned: { status: 409, retryable: false, title: 'The parcel goes back to the sender' },
  delivery_failed: { status: 409, retryable: true, title: 'The carrier could not deliver' },
  parcel_silent: { status: 409, retryable: true, title: 'The parcel has not been scanned for too long' },
  pack_overdue: { status: 409, retryable: true, title: 'The warehouse has not packed in time' },
  unknown_signal: { status: 422, retryable: false, title: 'A signal of an unknown name arrived' },
  order_broken: {
    status: 500,
    retryable: false,
    title: 'The order could not be read or went against a rule',
  },
  refund_too_large: {
    status: 422,
    retryable: false,
    title: 'More than was taken and not given back yet',
  },
  nothing_to_refund: { status: 409, retryable: false, title: 'Nothing was taken that could be given back' },
  units_not_refundable: {
    status: 422,
    retryable: false,
    title: 'More units of a line than were sent or cancelled and not refunded yet',
  },
  shipping_not_refundable: {
    status: 422,
    retryable: false,
    title: 'More shipping than was paid and not refunded yet',
  },
  refund_unknown: { status: 404, retryable: false, title: 'The order has no such refund' },
  own_request: { status: 403, retryable: false, title: 'Who asked for a refund can not approve it' },
  refund_failed: { status: 409, retryable: false, title: 'The refund could not be moved' },
  refund_by_hand: { status: 409, retryable: false, title: 'A person has to give this money back' },
  dispute_open: { status: 409, retryable: false, title: 'The customer disputes the charge at their bank' },
  amount_mismatch: {
    status: 409,
    retryable: false,
    title: 'The gateway moved another amount than was asked for',
  },
  moved_outside: {
    status: 409,
    retryable: false,
    title: 'Money was moved at the gateway and not by Holdfast',
  },
  paid_unknown: {
    status: 409,
    retryable: false,
    title: 'The gateway holds a payment that belongs to no order',
  },
  overpaid: { status: 409, retryable: false, title: 'More came in than was owed' },
  payment_not_changeable: {
    status: 409,
    retryable: false,
    title: 'The order does not wait for another way to pay',
  },
  payments_mismatch: {
    status: 422,
    retryable: false,
    title: 'The ways to pay do not add up to the total',
  },
  credit_unknown: { status: 422, retryable: false, title: 'There is no such gift card or store credit' },
  credit_unusable: {
    status: 409,
    retryable: false,
    title: 'The gift card or store credit is disabled, expired or in another currency',
  },
  credit_short: {
    status: 402,
    retryable: false,
    title: 'The gift card or store credit does not hold enough',
  },
  payment_overdue: { status: 402, retryable: false, title: 'The money has not come in time' },
  nothing_to_write_off: {
    status: 409,
    retryable: false,
    title: 'No money of this order is owed for goods that have left',
  },
  receipt_mismatch: {
    status: 409,
    retryable: false,
    title: 'The receipt does not fit the order it names',
  },
  link_expired: { status: 410, retryable: false, title: 'The payment link has expired' },
  card_number: { status: 422, retryable: false, title: 'A card number must not stand in any field' },
  inbound_unusable: {
    status: 422,
    retryable: false,
    title: 'A rightly signed message cannot become an order',
  },
} as const satisfies Record<string, FailureRow>;

/** A stable failure code. */
export type FailureCode = keyof typeof FAILURES;
