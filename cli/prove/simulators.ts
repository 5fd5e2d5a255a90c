/** What a proof asks the simulators: their ledgers, which are the other side's truth, and faults to come. */
import { z } from 'zod';

const PAGE = z.object({ data: z.array(z.unknown()), next: z.number().nullable() });

const PAYMENT_ENTRY = z.looseObject({
  kind: z.string(),
  amountMinor: z.number().optional(),
  intent: z
    .looseObject({ id: z.string(), currency: z.string(), metadata: z.record(z.string(), z.string()) })
    .optional(),
});
/** One line of the payment simulator's ledger. */
export type PaymentEntry = z.infer<typeof PAYMENT_ENTRY>;

/** All entries of a simulator's ledger. */
async function readLedger(url: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: z.infer<typeof PAGE> = PAGE.parse(await getJson(`${url}/_ledger?after=${after}&limit=1000`));
    all.push(...page.data);
    after = page.next;
  }
  return all;
}

/** The payment simulator's ledger. */
export async function readPayments(url: string): Promise<PaymentEntry[]> {
  return z.array(PAYMENT_ENTRY).parse(await readLedger(url));
}

/** Count and sum of the entries of one kind. */
export function sumOf(
  entries: readonly PaymentEntry[],
  kind: string,
): { count: number; amountMinor: number } {
  const found = entries.filter((entry) => entry.kind === kind);
  return {
    count: found.length,
    amountMinor: found.reduce((sum, entry) => sum + (entry.amountMinor ?? 0), 0),
  };
}

/** A fault as POST /_faults takes it. */
export interface Fault {
  operation: string;
  kind: string;
  probability?: number;
  seed?: number;
  times?: number;
  seconds?: number;
}

/** Tells a simulator what is to go wrong from now on. */
export async function addFault(url: string, fault: Fault): Promise<void> {
  await call(`${url}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
}

const FAULTS = z.object({ data: z.array(z.object({ struck: z.number() })) });

/** How often the faults of a simulator have struck: a proof under faults that never struck would prove nothing. */
export async function countStruck(url: string): Promise<number> {
  const { data } = FAULTS.parse(await getJson(`${url}/_faults`));
  return data.reduce((sum, one) => sum + one.struck, 0);
}

/** Does by hand in the gateway's dashboard what a person would do there: a refund or a dispute that we did not start. */
export async function useDashboard(url: string, path: string, body: object): Promise<void> {
  await call(`${url}/_dashboard/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Takes all faults back. */
export async function clearFaults(url: string): Promise<void> {
  await call(`${url}/_faults`, { method: 'DELETE' });
}

async function call(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

async function getJson(url: string): Promise<unknown> {
  return (await call(url, {})).json();
}
