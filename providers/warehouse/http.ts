/**
 * Any warehouse that speaks Holdfast's own HTTP contract (warehouse.openapi.yaml beside this file). A share has one
 * id for its whole life, so submitting is repeatable; callbacks are signed by Standard Webhooks.
 */
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { WAREHOUSE_REPORTS } from '../../domain/fulfillment.ts';
import { BadSignature, instantOf } from '../inbound.ts';
import type { InboundFact, WebhookHeaders } from '../inbound.ts';
import { OutcomeUnknown } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { TIMEOUT_MILLIS, retryAfterMillis, unanswered } from '../transport.ts';
import type { SubmitRequest, WarehouseProvider } from './port.ts';

/** How to reach the warehouse. */
export interface WarehouseSettings {
  /** Without one nothing can be submitted: every submit is an OutcomeUnknown that never left. */
  baseUrl?: string | undefined;
  apiKey: string;
  /** Standard Webhooks secret (whsec_…); empty refuses every callback. */
  webhookSecret: string;
  timeoutMillis?: number | undefined;
}

/** An answer is a few lines; more than this is not one. */
const ANSWER_MAX_BYTES = 65_536;

/** Makes the adapter. Refuses an unusable base URL or secret by an error, so that a slip shows at the start. */
export function createHttpWarehouse(settings: WarehouseSettings): WarehouseProvider {
  const base =
    settings.baseUrl === undefined ? undefined : new URL(`${settings.baseUrl}/`.replace(/\/+$/, '/'));
  const webhook = settings.webhookSecret === '' ? undefined : new Webhook(settings.webhookSecret);
  return {
    id: 'warehouse',
    submit: (request) => submit(settings, base, request),
    parseWebhook: (raw, headers) => parseWebhook(webhook, raw, headers),
  };
}

async function submit(
  settings: WarehouseSettings,
  base: URL | undefined,
  request: SubmitRequest,
): Promise<Outcome<Record<never, never>>> {
  const what = `warehouse submit ${request.key}`;
  if (base === undefined)
    throw new OutcomeUnknown(`${what}: no warehouse is configured (WAREHOUSE_BASE_URL)`, { sent: false });
  const { key, fulfillmentId, ...content } = request;
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(`fulfillments/${encodeURIComponent(fulfillmentId)}`, base), {
      method: 'PUT',
      redirect: 'error',
      signal: AbortSignal.timeout(settings.timeoutMillis ?? TIMEOUT_MILLIS),
      headers: {
        authorization: `Bearer ${settings.apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(content),
    });
    text = await readBounded(response);
  } catch (error) {
    throw unanswered(what, error);
  }
  return toOutcome(what, response, { text, fulfillmentId });
}

/** Reads the body up to the bound; throws RangeError above it. */
async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > ANSWER_MAX_BYTES) throw new RangeError(`the answer is larger than ${ANSWER_MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const ACCEPTED = z.object({ id: z.string() });
const PROBLEM = z.object({ code: z.string().max(100), message: z.string().max(1000).catch('') });

/** Statuses that say no for good, when the body names the reason; 409 is one here because the contract says so. */
const REFUSED = new Set([400, 409, 410, 413, 422]);

function toOutcome(
  what: string,
  response: Response,
  answer: { text: string; fulfillmentId: string },
): Outcome<Record<never, never>> {
  const body = parsed(answer.text);
  if (response.ok) {
    if (ACCEPTED.safeParse(body).data?.id === answer.fulfillmentId) return { ok: true, value: {} };
    throw new OutcomeUnknown(`${what}: ${response.status} with an answer that is not the fulfillment`, {
      sent: true,
    });
  }
  const problem = PROBLEM.safeParse(body).data;
  if (REFUSED.has(response.status) && problem !== undefined)
    return { ok: false, code: 'warehouse_refused', providerCode: problem.code, detail: problem.message };
  const wait = retryAfterMillis(response.headers.get('retry-after'), Date.now());
  // A wrong API key is a slip in the configuration, not a no to this share; nothing was done.
  throw new OutcomeUnknown(`${what}: ${response.status} ${problem?.code ?? ''}`.trim(), {
    sent: response.status !== 401 && response.status !== 403,
    ...(wait === undefined ? {} : { retryAfterMillis: wait }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const CALLBACK = z.object({
  type: z.string(),
  data: z.object({
    fulfillmentId: z.string().min(1).max(200),
    report: z.enum(WAREHOUSE_REPORTS),
    occurredAt: z.iso.datetime({ offset: true }),
    weightGrams: z.number().int().min(1).max(100_000_000).optional(),
    note: z.string().max(1000).optional(),
  }),
});

function parseWebhook(webhook: Webhook | undefined, raw: Buffer, headers: WebhookHeaders): InboundFact[] {
  if (webhook === undefined) throw new BadSignature('no warehouse webhook secret is configured');
  const sourceId = headers['webhook-id'] ?? '';
  let body: unknown;
  try {
    body = webhook.verify(raw, {
      'webhook-id': sourceId,
      'webhook-timestamp': headers['webhook-timestamp'] ?? '',
      'webhook-signature': headers['webhook-signature'] ?? '',
    });
  } catch (error) {
    throw new BadSignature('the webhook-signature does not fit the body', { cause: error });
  }
  const callback = CALLBACK.safeParse(body);
  if (!callback.success) return [];
  const { fulfillmentId, report, weightGrams, note } = callback.data.data;
  // What was packed is packed, whatever the warehouse's clock says: then the time it was sent at, which is signed, counts.
  const occurredAt =
    instantOf(callback.data.data.occurredAt) ??
    new Date(Number(headers['webhook-timestamp']) * 1000).toISOString();
  return [
    {
      kind: 'warehouse_report',
      sourceId,
      match: fulfillmentId,
      report,
      occurredAt,
      ...(weightGrams === undefined ? {} : { weightGrams }),
      ...(note === undefined ? {} : { note }),
    },
  ];
}
