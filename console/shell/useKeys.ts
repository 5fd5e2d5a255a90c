/**
 * Shortcuts of the keyboard. A page says its keys with what each does; the same table answers the presses and fills the
 * help that `?` opens, so that the help never says what is not so.
 *
 *     useKeys({ j: { does: 'Next order', run: next }, Enter: { does: 'Open it', run: open } });
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { mayFire, meaningOf, spell, type Focus } from './keyRules.ts';

/** What a key does, in words for the help, and how. */
export interface Key {
  does: string;
  run(this: void, event: KeyboardEvent): void;
}

/** Keys as keyRules.ts spells them: `j`, `X` (with Shift), `Enter`, `mod+k`, `g o` (one after the other). */
export type Keys = Readonly<Record<string, Key>>;

/** A part of the help. */
export interface KeyGroup {
  scope: string;
  keys: readonly { name: string; does: string }[];
}

/** The scope of keys that work on every page; a page's own come first. */
export const EVERYWHERE = 'Everywhere';
const PAIR_MILLIS = 1_200;
const STORED_AS = 'holdfast.singleKeys';

interface Layer {
  scope: string;
  keys: Keys;
}

const layers = new Set<Layer>();
const watchers = new Set<() => void>();
let groups: readonly KeyGroup[] = [];
let begun = { name: '', atMillis: 0 };

function changed(): void {
  const sorted = [...layers].toSorted(
    (a, b) => Number(a.scope === EVERYWHERE) - Number(b.scope === EVERYWHERE),
  );
  groups = sorted.map(({ scope, keys }) => ({
    scope,
    keys: Object.entries(keys).map(([name, { does }]) => ({ name, does })),
  }));
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Has the keys answer as long as the component is there. */
export function useKeys(keys: Keys, scope = 'This page'): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  const said = JSON.stringify(Object.entries(keys).map(([name, { does }]) => [name, does]));
  useEffect(() => {
    // What a key does at the time of the press: handlers of the last render, not of the one that registered them.
    const fresh = Object.fromEntries(
      Object.entries(now.current).map(([name, { does }]) => [
        name,
        { does, run: (event: KeyboardEvent) => now.current[name]?.run(event) },
      ]),
    );
    const layer = { scope, keys: fresh };
    if (layers.size === 0) document.addEventListener('keydown', onKeyDown);
    layers.add(layer);
    changed();
    return () => {
      layers.delete(layer);
      if (layers.size === 0) document.removeEventListener('keydown', onKeyDown);
      changed();
    };
  }, [scope, said]);
}

/** All keys that work now, the page's own first. */
export function useKeyGroups(): readonly KeyGroup[] {
  return useSyncExternalStore(watch, () => groups);
}

let singleKeys = readSingleKeys();

function readSingleKeys(): boolean {
  try {
    return localStorage.getItem(STORED_AS) !== 'off';
  } catch {
    return true;
  }
}

/** Whether keys without Ctrl work, and the switch for it: with speech input or a tremor single keys do harm. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(watch, () => singleKeys);
  return [on, setSingleKeys];
}

function setSingleKeys(on: boolean): void {
  singleKeys = on;
  try {
    localStorage.setItem(STORED_AS, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  for (const watcher of watchers) watcher();
}

const OVERLAYS = '[role="menu"], [role="listbox"], [role="dialog"], [role="alertdialog"]';

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement))
    return { tag: '', type: '', role: '', isEditable: false, isInOverlay: false };
  return {
    tag: target.tagName.toLowerCase(),
    type: target instanceof HTMLInputElement ? target.type : '',
    role: target.getAttribute('role') ?? '',
    isEditable: target.isContentEditable,
    isInOverlay: target.closest(OVERLAYS) !== null,
  };
}

function onKeyDown(event: KeyboardEvent): void {
  const scene = {
    focus: focusOf(event.target),
    hasDialog: document.querySelector('[role="dialog"][aria-modal="true"]') !== null,
    singleKeys,
  };
  if (event.repeat && event.key.length > 1) return;
  if (!mayFire(event, scene)) return;
  const before = event.timeStamp - begun.atMillis < PAIR_MILLIS ? begun.name : '';
  const known = groups.flatMap(({ keys }) => keys.map(({ name }) => name));
  const meaning = meaningOf(before, spell(event), known);
  begun = { name: meaning.kind === 'begin' ? meaning.name : '', atMillis: event.timeStamp };
  if (meaning.kind !== 'fire') return;
  event.preventDefault();
  findKey(meaning.name)?.run(event);
}

function findKey(name: string): Key | undefined {
  let everywhere: Key | undefined;
  for (const { scope, keys } of layers) {
    const key = keys[name];
    if (key && scope !== EVERYWHERE) return key;
    everywhere ??= key;
  }
  return everywhere;
}
