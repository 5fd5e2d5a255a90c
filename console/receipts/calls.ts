/** Receipts as calls of the API: recorded, assigned to an order, marked as returned. */
import type { NewReceiptInput, Receipt, ReceiptResults } from '../../api/schemas/receipts.ts';
import { ApiProblem, call } from '../api/client.ts';

const BASE = '/v1/receipts';

/** The most receipts of one request. */
export const BATCH_MAX = 1_000;

/** What became of one receipt. */
export type ReceiptResult = ReceiptResults['results'][number];

/** Records receipts; one that is refused stops no other. The same number is the same receipt, so this may be repeated. */
export async function recordReceipts(
  receipts: readonly NewReceiptInput[],
  source: 'person' | 'file',
): Promise<readonly ReceiptResult[]> {
  return (await call<ReceiptResults>(BASE, { body: { receipts, source } })).results;
}

/** Records one receipt. Throws ApiProblem when it is refused. */
export async function recordReceipt(receipt: NewReceiptInput): Promise<ReceiptResult> {
  const [result] = await recordReceipts([receipt], 'person');
  if (!result) throw new Error('The answer names no receipt.');
  if (result.result !== 'refused') return result;
  const { code = 'invalid', detail = '' } = result.problem ?? {};
  throw new ApiProblem(422, { code, title: 'The receipt was refused', detail });
}

/** What a person does about a receipt that belongs to no order. */
export type ReceiptAct = { act: 'assign'; order: string } | { act: 'return'; note: string };

/** Does it. Throws ApiProblem when it is refused. */
export function actOnReceipt(id: string, { act, ...body }: ReceiptAct, key: string): Promise<Receipt> {
  return call(`${BASE}/${encodeURIComponent(id)}/${act}`, { body, idempotencyKey: key });
}
