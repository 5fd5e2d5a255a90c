/**
 * Faults are data told to a simulator: which operation, what goes wrong, how often. The dice have a seed, so a run
 * that failed can be had again.
 */
import { z } from 'zod';

/** What can go wrong. How each acts on a request stands in server.ts, on a callback in callbacks.ts. */
export const FAULT_KINDS = [
  /** The business says no; `detail` may name the provider's code. */
  'decline',
  /** A 500 of the operation; `detail: "before"` makes it one from before execution began (not stored under the key). */
  'error500',
  /** A refund is pending and ends after `seconds`; `detail`: "succeeded" (when not given), "failed", or why it fails. */
  'pending',
  /** A capture takes another amount: `detail`, in minor units. */
  'amount',
  /** Does nothing, never answers; the connection is cut after `seconds`. */
  'timeout',
  /** Does it, answers after `seconds`. */
  'late',
  /** Does it, then cuts the connection. */
  'lose_reply',
  /** The request or callback arrives twice. */
  'twice',
  /** Cuts the connection and does it after `seconds`. */
  'arrive_late',
  /** For `seconds` from now on, cuts every connection. */
  'down',
] as const;

const FAULT = z.strictObject({
  /** Name of the operation ("authorize"), or "*" for all. */
  operation: z.string().min(1).max(50),
  kind: z.enum(FAULT_KINDS),
  probability: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
  /** How often it strikes at most; for ever when not given. */
  times: z.number().int().min(1).optional(),
  /** Strikes only where this text is part of the key, the reference or the order number. */
  match: z.string().min(1).max(200).optional(),
  seconds: z.number().min(0).max(86_400).default(30),
  detail: z.string().max(200).optional(),
});

/** One fault as it is told to a simulator. */
export type Fault = z.infer<typeof FAULT>;
/** The fields a caller has to give; the rest has defaults. */
export type FaultInput = z.input<typeof FAULT>;

/** The body of POST /_faults: one fault or a list of them. */
export const FAULTS_BODY = z.union([FAULT.transform((fault) => [fault]), z.array(FAULT).max(100)]);

/** The faults that are told to one simulator now. */
export interface Faults {
  add(faults: readonly Fault[]): void;
  clear(): void;
  /** Each with how often it has struck: who tests with faults sees whether anything went wrong at all. */
  list(): (Fault & { struck: number })[];
  /** The first fault that strikes this call; it counts as used. */
  take(operation: string, subject: string): Fault | undefined;
}

interface Armed {
  fault: Fault;
  roll(): number;
  left: number;
  struck: number;
  /** End of a `down`, in milliseconds since 1970. */
  until: number;
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let armed: Armed[] = [];
  return {
    add(faults) {
      const now = Date.now();
      armed.push(
        ...faults.map((fault) => ({
          fault,
          roll: dice(fault.seed),
          left: fault.times ?? Infinity,
          struck: 0,
          until: now + fault.seconds * 1000,
        })),
      );
    },
    clear() {
      armed = [];
    },
    list: () => armed.map(({ fault, struck }) => ({ ...fault, struck })),
    take(operation, subject) {
      const struck = armed.find((one) => fits(one, operation, subject));
      if (struck === undefined) return undefined;
      struck.struck += 1;
      // What is down is down for everybody until its time is over.
      if (struck.fault.kind !== 'down') struck.left -= 1;
      armed = armed.filter((one) => one.left > 0 && !hasEnded(one));
      return struck.fault;
    },
  };
}

function hasEnded({ fault, until }: Armed): boolean {
  return fault.kind === 'down' && Date.now() >= until;
}

/** The dice are thrown only for calls that the fault is about, so other traffic does not change its sequence. */
function fits(one: Armed, operation: string, subject: string): boolean {
  const { fault } = one;
  if (fault.operation !== '*' && fault.operation !== operation) return false;
  if (fault.match !== undefined && !subject.includes(fault.match)) return false;
  return !hasEnded(one) && one.roll() < fault.probability;
}

/** A small seeded generator (xorshift32): numbers from 0 up to, not including, 1. */
function dice(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
}
