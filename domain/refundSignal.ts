/**
 * The signal `refundOrder` that support may send by hand: its JSON body, read without trust. A workflow can't see who sent
 * a signal, so the body names the actor; and rubbish becomes a list of problems, never an exception.
 */
import { AMOUNT_MAX_MINOR } from './money.ts';
import { REFUND_REASONS, type RefundRequest } from './refund.ts';

/** What a sound signal asks for. */
export interface SignalRefund {
  commandId: string;
  actor: string;
  note?: string;
  request: RefundRequest;
}

/** The signal as understood, or all that is wrong with it. Problems never repeat what the body says. */
export type NormalizedSignalRefund = { ok: true; refund: SignalRefund } | { ok: false; problems: string[] };

const COMMAND_ID_MAX = 100;
const ACTOR_MAX = 100;
const NOTE_MAX = 500;
const LINES_MAX = 1_000;
const UNITS_MAX = 1_000_000;
const FIELDS = [
  'commandId',
  'actor',
  'reason',
  'amount',
  'lines',
  'shipping',
  'goodwill',
  'note',
] as const satisfies readonly string[];

type Field = (typeof FIELDS)[number];

/**
 * Reads the body of a signal `refundOrder`: `{commandId, actor, reason, amount}` or `{commandId, actor, reason, lines?,
 * shipping?, goodwill?}`, amounts in minor units, with an optional `note`.
 */
export function normalizeSignalRefund(body: unknown): NormalizedSignalRefund {
  if (!isRecord(body)) return { ok: false, problems: ['the body is a JSON object'] };
  const problems = Object.keys(body).some((key) => !FIELDS.some((field) => field === key))
    ? [`the fields are ${FIELDS.join(', ')}`]
    : [];
  const read = readerOf(body, problems);
  const commandId = read.text('commandId', COMMAND_ID_MAX);
  const actor = read.text('actor', ACTOR_MAX);
  const reason = REFUND_REASONS.find((one) => one === body['reason']);
  if (reason === undefined) problems.push(`reason is one of ${REFUND_REASONS.join(', ')}`);
  const note = isGiven(body['note']) ? read.text('note', NOTE_MAX) : undefined;
  const amountMinor = read.amount('amount');
  const shippingMinor = read.amount('shipping');
  const goodwillMinor = read.amount('goodwill');
  const lines = read.lines();
  const hasParts = lines.length > 0 || shippingMinor !== undefined || goodwillMinor !== undefined;
  if (problems.length === 0 && (amountMinor !== undefined) === hasParts)
    problems.push('give either an amount, or lines, shipping or goodwill');
  if (problems.length > 0 || commandId === undefined || actor === undefined || reason === undefined)
    return { ok: false, problems };
  const request: RefundRequest = {
    reason,
    ...(amountMinor !== undefined && { amountMinor }),
    ...(lines.length > 0 && { lines }),
    ...(shippingMinor !== undefined && { shippingMinor }),
    ...(goodwillMinor !== undefined && { goodwillMinor }),
  };
  return { ok: true, refund: { commandId, actor, ...(note !== undefined && { note }), request } };
}

type Lines = NonNullable<RefundRequest['lines']>;

/** Reads single fields; what is wrong with one is added to the problems. */
function readerOf(body: Record<string, unknown>, problems: string[]) {
  return {
    text: (field: Field, max: number): string | undefined => {
      const value = body[field];
      const text = typeof value === 'string' ? value.trim() : '';
      if (text !== '' && text.length <= max) return text;
      problems.push(`${field} is a text of 1 to ${max} characters`);
      return undefined;
    },
    amount: (field: Field): number | undefined => {
      const value = body[field];
      if (!isGiven(value)) return undefined;
      if (isWhole(value, AMOUNT_MAX_MINOR)) return value;
      problems.push(`${field} is a whole number of minor units, at least 1`);
      return undefined;
    },
    lines: (): Lines => {
      const value = body['lines'];
      if (!isGiven(value)) return [];
      const lines = Array.isArray(value) && value.length <= LINES_MAX ? value.map(lineOf) : [undefined];
      const sound = lines.filter((line) => line !== undefined);
      if (sound.length < lines.length)
        problems.push('lines is a list of {"lineNo": 1, "units": 1}, of whole numbers that are at least 1');
      return sound;
    },
  };
}

function lineOf(value: unknown): Lines[number] | undefined {
  if (!isRecord(value)) return undefined;
  const { lineNo, units } = value;
  return isWhole(lineNo, UNITS_MAX) && isWhole(units, UNITS_MAX) ? { lineNo, units } : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isWhole(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= max;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
