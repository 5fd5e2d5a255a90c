/** A call of the payment gateway, understood, and what it came to. */
import type { Fault } from './faults.ts';
import type { Draft } from './ledger.ts';
import type { Effect, Settings } from './payment.books.ts';
import type { Methods } from './payment.methods.ts';
import type { Intent } from './payment.state.ts';
import type { Answer } from './server.ts';

/** Form fields with flat names ("metadata[order_id]"). */
export type Params = Readonly<Record<string, string>>;

/** What an execution came to. */
export interface Done {
  answer: Answer;
  /** What moved or was made, to be written into the ledger. */
  effect?: Draft<Effect>;
  /** Nothing moved, but execution had begun: the answer is kept under the key all the same. */
  kept?: true;
}

/** One call, executed: the intent it is about is undefined where it is about none. */
export interface Call {
  params: Params;
  id: string;
  intent: Intent | undefined;
  fault: Fault | undefined;
  settings: Settings;
  methods: Methods;
}

/** A call about an intent that exists. */
export type About = Call & { intent: Intent };

/** The names given by `expand[]`. */
export function expandOf(params: Params): string[] {
  return Object.entries(params)
    .filter(([name]) => /^expand\[\d*\]$/.test(name))
    .flatMap(([, value]) => value.split(','));
}

/** The fields given as `metadata[name]`. */
export function metadataOf(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => {
      const key = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );
}
