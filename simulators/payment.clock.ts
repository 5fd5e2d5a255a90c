/** What happens at the gateway by itself: authorizations that are over are given back, pending refunds end. */
import type { Draft } from './ledger.ts';
import type { Books, PaymentEntry } from './payment.books.ts';
import { expire } from './payment.operations.ts';
import { fail, succeed } from './payment.refunds.ts';
import type { Intent, Refund } from './payment.state.ts';
import type { Steps } from './steps.ts';

/** The clock of one gateway. */
export interface Clock {
  /** Arms what the entry that was just written leads to. */
  after(entry: Draft<PaymentEntry>): void;
  /** Arms everything that the books say is due; for the start. */
  resume(): void;
}

/** A clock that reads the books and writes the ledger. */
export function createClock(books: Books, steps: Steps, append: (draft: Draft<PaymentEntry>) => void): Clock {
  function armExpiry({ id, captureBefore }: Intent): void {
    if (captureBefore === null) return;
    steps.plan(`expire ${id}`, until(captureBefore * 1000), () => {
      const now = books.intents.get(id);
      if (now?.status === 'requires_capture') append(expire(now));
    });
  }

  function armEnd({ id, ends }: Refund): void {
    if (ends === null) return;
    steps.plan(`end ${id}`, until(Date.parse(ends.at)), () => {
      const now = books.refunds.get(id);
      const intent = books.intents.get(now?.intentId ?? '');
      if (now?.status !== 'pending' || intent === undefined) return;
      append(ends.failureReason === null ? succeed(now, intent) : fail(now, intent, ends.failureReason));
    });
  }

  return {
    after(entry) {
      if (entry.kind === 'authorized') armExpiry(entry.intent);
      if (entry.kind === 'refund_pending') armEnd(entry.refund);
    },
    resume() {
      for (const one of books.intents.all()) if (one.status === 'requires_capture') armExpiry(one);
      for (const one of books.refunds.all()) if (one.status === 'pending') armEnd(one);
    },
  };
}

function until(instant: number): { paces: number; seconds: number } {
  return { paces: 0, seconds: Math.max(0, instant - Date.now()) / 1000 };
}
