/**
 * What somebody has typed and not sent: kept in this tab, so that a session that ends, or a page that is left, loses
 * nothing. Kept for one person: whoever else signs in here finds none of it, and signing out removes it.
 */

/** The part of the tab's store that is used. */
export type DraftStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const ITEM = 'drafts';

interface Drafts {
  /** The key that is signed in: no personal data. */
  of: string;
  texts: Record<string, string>;
}

function parse(item: string | null, person: string): Drafts {
  const none: Drafts = { of: person, texts: {} };
  if (item === null) return none;
  const read: unknown = JSON.parse(item);
  if (typeof read !== 'object' || read === null || !('of' in read) || read.of !== person) return none;
  if (!('texts' in read) || typeof read.texts !== 'object' || read.texts === null) return none;
  const texts = Object.entries(read.texts).filter(
    (one): one is [string, string] => typeof one[1] === 'string',
  );
  return { of: person, texts: Object.fromEntries(texts) };
}

/** The drafts of a person in a store; a store that does not answer keeps nothing, and nobody is bothered with that. */
export function draftsOf(person: string, store: () => DraftStore) {
  const attempt = <T>(otherwise: T, act: (store: DraftStore) => T): T => {
    try {
      return act(store());
    } catch {
      return otherwise;
    }
  };
  return {
    /** What was typed under this name; empty when nothing was. */
    read: (name: string): string =>
      attempt('', (kept) => parse(kept.getItem(ITEM), person).texts[name] ?? ''),
    /** Keeps a text; an empty one is forgotten. Drafts of another person give way. */
    write: (name: string, text: string): void =>
      attempt(undefined, (kept) => {
        const { [name]: _before, ...others } = parse(kept.getItem(ITEM), person).texts;
        const texts = text === '' ? others : { ...others, [name]: text };
        if (Object.keys(texts).length === 0) kept.removeItem(ITEM);
        else kept.setItem(ITEM, JSON.stringify({ of: person, texts }));
      }),
  };
}

/** Removes all drafts of this tab. */
export function clearDrafts(store: () => DraftStore = () => sessionStorage): void {
  try {
    store().removeItem(ITEM);
  } catch {
    // Without a store nothing was kept.
  }
}
