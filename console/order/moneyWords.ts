/** What happens to money, in words. Pure. */
import type { OrderMoney } from '../../api/schemas/refunds.ts';
import { words } from '../format.ts';

type MoneyKind = OrderMoney['operations'][number]['kind'];

/** What each kind of row is called. */
export const MONEY_KIND_WORDS: Readonly<Record<MoneyKind, string>> = Object.freeze({
  authorization: 'Authorize',
  adjustment: 'Authorization changed',
  charge: 'Capture',
  refund: 'Refund',
  refund_reverse: 'Refund came back',
  cancel: 'Void',
  charge_back: 'Taken back by the bank',
  charge_back_reverse: 'Won back from the bank',
  info: 'Remark',
});

const SOURCES: Readonly<Record<string, string>> = {
  gateway: 'reported by the payment provider',
  person: 'recorded by a person',
  channel: 'reported by the channel',
  file: 'taken from a file',
  before: 'from before this was written down',
};

/** Who said so; undefined for Holdfast's own calls, which need no word. */
export function sourceWords(source: string): string | undefined {
  return source === 'operation' ? undefined : (SOURCES[source] ?? words(source).toLowerCase());
}
