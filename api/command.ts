/**
 * Giving a command to an order: it is stored first, then answered by the order's workflow within about two seconds, else
 * later. Whatever happens to the message, the command's row is the answer.
 */
import { readCommand, type CommandRow } from '../db/reads/commands.ts';
import { storeCommand, type CommandKind } from '../db/writes/commands.ts';
import type { OrderRef } from '../workflows/contract.ts';
import type { Services } from './deps.ts';
import { fingerprint } from './fingerprint.ts';
import { isFailureCode, Refusal } from './problems.ts';
import type { Answer, Call } from './route.ts';
import type { Principal } from './auth.ts';
import { showCommand } from './show/order.ts';
import { sightOf } from './sight.ts';

const ANSWER_MILLIS = 2_000;

/** A command to give: to which order, and what the caller's Idempotency-Key stands for. */
export interface GivenCommand {
  /** Order id or number. */
  order: string;
  kind: CommandKind;
  /** What the command is about, so that one key can't mean two things. */
  target: string;
  /** What the command's row says for people: the code of a reason, or free text; null when it is nobody else's business. */
  reason: string | null;
  payload: Record<string, unknown>;
  auditData?: Record<string, unknown>;
}

/**
 * Stores the command and waits a bounded time for its answer. The row that comes back says what became of it; without
 * `applied_at` it is still to be taken. Refuses with `not_found` and `idempotency_key_reused`.
 */
export async function giveCommand(
  services: Services,
  call: Pick<Call<unknown, unknown, unknown>, 'idempotencyKey' | 'body' | 'requestId'> & {
    principal: Pick<Principal, 'channel' | 'keyScope' | 'actor'>;
  },
  given: GivenCommand,
): Promise<CommandRow> {
  const { target, ...command } = given;
  const { principal } = call;
  const stored = await storeCommand(services.db, {
    ...command,
    channel: principal.channel,
    scope: principal.keyScope,
    idempotencyKey: call.idempotencyKey,
    fingerprint: fingerprint(call.body, `${given.kind} ${target} `),
    actor: principal.actor,
    requestId: call.requestId,
  });
  if (stored.kind === 'no_order') throw new Refusal('not_found');
  if (stored.kind === 'reused') throw new Refusal('idempotency_key_reused');
  const row = await settle(services, stored.ref, stored.commandId);
  if (!row) throw new Error('a stored command was not found');
  return row;
}

/** Asks the workflow unless the row has its answer already; a failed or late update means: look at the row. */
async function settle(services: Services, ref: OrderRef, commandId: string): Promise<CommandRow | undefined> {
  const known = await readCommand(services.db, commandId, null);
  if (known?.applied_at || !services.lane) return known;
  await bounded(services.lane.command(ref, commandId, ANSWER_MILLIS), ANSWER_MILLIS);
  return readCommand(services.db, commandId, null);
}

/** Waits for the promise or the bound, whichever is first; a rejection only means "not answered". */
export async function bounded(promise: Promise<void>, millis: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([promise.catch(() => undefined), bound]);
  clearTimeout(timer);
}

/** The answer to a command that is stored and not taken yet, as this caller may see it. */
export function acceptedAnswer(row: CommandRow, principal: Principal): Answer {
  const body = showCommand(row, sightOf(principal));
  return { status: 202, body, headers: { Location: `/v1/commands/${row.id}` } };
}

/** The refusal that a command met. */
export function commandRefusal(row: CommandRow, extra: Readonly<Record<string, unknown>> = {}): Refusal {
  const code = row.outcome?.code;
  return new Refusal(isFailureCode(code) ? code : 'refused_by_state', {
    detail: row.outcome?.detail,
    extra: { ...extra, commandId: row.id },
  });
}
