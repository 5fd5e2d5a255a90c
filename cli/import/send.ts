/**
 * Sends orders to POST /v1/order-imports: in chunks, a few at a time. The answer has one result an order; a result
 * that says "later" (5xx, 429) is sent again on its own.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ApiProblem } from '../http.ts';
import { ask, describeProblem, pauseMillis, readProblem, Unreachable, type Target } from './patience.ts';

/** One order on its way: which group of the file it is, and its body. */
export interface Outgoing {
  key: string;
  externalId: string;
  rows: readonly number[];
  body: Record<string, unknown>;
}

/** What the API made of it. */
export interface Sent {
  outgoing: Outgoing;
  outcome: 'accepted' | 'replayed' | 'refused';
  reason?: string | undefined;
  detail?: string | undefined;
}

/** `live` orders are worked; `history` stores finished ones without workflow, money or stock. */
export type ImportMode = 'live' | 'history';

/** Most orders and characters of one request: small enough for the API's body limit, large enough to be quick. */
export const CHUNK_ORDERS_MAX = 50;
/** Most characters of one request. */
export const CHUNK_SIZE_MAX = 600_000;
const RETRIES_MAX = 6;

const RESULTS = z.looseObject({
  results: z.array(
    z.looseObject({
      outcome: z.enum(['accepted', 'replayed', 'refused']),
      problem: z.unknown().optional(),
    }),
  ),
});

interface SendOptions {
  mode: ImportMode;
  signal?: AbortSignal;
}

/**
 * Sends one chunk and gives one result an order, in the same order. Throws ApiProblem when the API will take nothing from
 * this caller, Unreachable when it doesn't answer usably.
 */
export async function sendChunk(
  target: Target,
  chunk: readonly Outgoing[],
  options: SendOptions,
): Promise<Sent[]> {
  const settled = new Map<Outgoing, Sent>();
  let open = [...chunk];
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt > RETRIES_MAX) throw new Unreachable('the API answered "later" for too long');
    if (attempt > 0) await pause(pauseMillis(attempt));
    const results = await postOrHalve(target, open, options);
    const later: Outgoing[] = [];
    for (const [index, outgoing] of open.entries()) {
      const sent = toSent(outgoing, results[index]);
      if (sent) settled.set(outgoing, sent);
      else later.push(outgoing);
    }
    open = later;
  }
  return chunk.flatMap((outgoing) => settled.get(outgoing) ?? []);
}

type Result = z.infer<typeof RESULTS>['results'][number];

/** Refusals of a request that one order in it can cause: text that can't be stored, too large a body. */
const ONE_ORDER_STATUSES: readonly number[] = [400, 413, 422];

/** Posts; when the request as a whole is refused because of one order, halves it until that order stands alone. */
async function postOrHalve(
  target: Target,
  chunk: readonly Outgoing[],
  options: SendOptions,
): Promise<Result[]> {
  try {
    return await post(target, chunk, options);
  } catch (error) {
    if (!(error instanceof ApiProblem) || !ONE_ORDER_STATUSES.includes(error.status)) throw error;
    if (chunk.length === 1) return [{ outcome: 'refused', problem: error.problem }];
    const middle = Math.ceil(chunk.length / 2);
    const first = await postOrHalve(target, chunk.slice(0, middle), options);
    return [...first, ...(await postOrHalve(target, chunk.slice(middle), options))];
  }
}

async function post(target: Target, chunk: readonly Outgoing[], options: SendOptions): Promise<Result[]> {
  const body = await ask(target, '/v1/order-imports', {
    body: {
      mode: options.mode,
      orders: chunk.map((outgoing) => ({ idempotencyKey: keyOf(outgoing), order: outgoing.body })),
    },
    ...(options.signal && { signal: options.signal }),
  });
  const { results } = RESULTS.parse(body);
  if (results.length !== chunk.length)
    throw new Unreachable(`the API answered ${results.length} results for ${chunk.length} orders`);
  return results;
}

/** The order's key: made of its external id alone, so that every import of the order is the same request. */
function keyOf(outgoing: Outgoing): string {
  return `import-${createHash('sha256').update(outgoing.externalId).digest('hex').slice(0, 40)}`;
}

function toSent(outgoing: Outgoing, result: Result | undefined): Sent | undefined {
  if (!result) return undefined;
  if (result.outcome !== 'refused') return { outgoing, outcome: result.outcome };
  const problem = readProblem(result.problem);
  if (problem.status >= 500 || problem.status === 429) return undefined;
  const detail = describeProblem(problem);
  return { outgoing, outcome: 'refused', reason: problem.code ?? 'unknown', detail };
}

/** Gathers orders into chunks by number and size. */
export class Chunker {
  #chunk: Outgoing[] = [];
  #size = 0;

  /** Takes an order; gives the chunk back that was full before it. */
  add(outgoing: Outgoing): Outgoing[] | undefined {
    const size = JSON.stringify(outgoing.body).length;
    const full =
      this.#chunk.length > 0 &&
      (this.#chunk.length >= CHUNK_ORDERS_MAX || this.#size + size > CHUNK_SIZE_MAX);
    const done = full ? this.flush() : undefined;
    this.#chunk.push(outgoing);
    this.#size += size;
    return done;
  }

  /** Gives what is left. */
  flush(): Outgoing[] {
    const chunk = this.#chunk;
    this.#chunk = [];
    this.#size = 0;
    return chunk;
  }
}
