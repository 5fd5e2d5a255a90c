/**
 * When a key pressed belongs to the console's shortcuts, and which one it is: pure rules. A shortcut never fires while
 * somebody types, while a dialog or a menu is open, or in place of what a button or a link does by itself.
 */

/** What has to be known of a key press. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
}

/** What has to be known of the element that has the focus. */
export interface Focus {
  /** In lower case: `input`, `button`, `tr`. */
  tag: string;
  /** The type of an input, in lower case; empty for other elements. */
  type: string;
  role: string;
  isEditable: boolean;
  /** True inside an open menu, list of options or other thing laid over the page. */
  isInOverlay: boolean;
}

const NOT_TYPED_INTO: readonly string[] = ['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range'];
const TYPED_INTO_ROLES: readonly string[] = ['textbox', 'searchbox', 'combobox', 'spinbutton'];
const PRESSED_TAGS: readonly string[] = ['a', 'button', 'summary', 'input', 'select', 'textarea'];
const PRESSED_ROLES: readonly string[] = [
  'button',
  'link',
  'tab',
  'menuitem',
  'option',
  'switch',
  'checkbox',
];

/** True when what is typed goes into the element. */
export function isTypedInto({ tag, type, role, isEditable }: Focus): boolean {
  if (isEditable || tag === 'textarea' || tag === 'select') return true;
  if (tag === 'input') return !NOT_TYPED_INTO.includes(type);
  return TYPED_INTO_ROLES.includes(role);
}

/** True when Enter and Space do something by themselves on the element. */
export function isPressable({ tag, role }: Focus): boolean {
  return PRESSED_TAGS.includes(tag) || PRESSED_ROLES.includes(role);
}

/** How a press is written in a table of keys: `j`, `X` (with Shift), `Enter`, `mod+k` (Ctrl or Command). */
export function spell({ key, ctrlKey, metaKey }: Press): string {
  return ctrlKey || metaKey ? `mod+${key.toLowerCase()}` : key;
}

/** Where a press finds the page. */
export interface Scene {
  focus: Focus;
  /** True while a dialog is open. */
  hasDialog: boolean;
  /** False when the person switched single keys off; those with Ctrl or Command stay. */
  singleKeys: boolean;
}

/** True when a press may be a shortcut at all. */
export function mayFire(press: Press, { focus, hasDialog, singleKeys }: Scene): boolean {
  if (press.defaultPrevented || press.isComposing || press.altKey) return false;
  if (hasDialog || focus.isInOverlay) return false;
  // Ctrl-K types nothing, so it works in the search box too.
  if (press.ctrlKey || press.metaKey) return true;
  if (isTypedInto(focus)) return false;
  if (press.key === 'Enter' || press.key === ' ') return !isPressable(focus);
  return singleKeys || press.key.length > 1;
}

/** What a press means after the one before it (`''` for none): a shortcut, the first half of one, or nothing. */
export type Meaning = { kind: 'fire'; name: string } | { kind: 'begin'; name: string } | { kind: 'none' };

/** Finds the shortcut among those known; a pair such as `g o` is two presses. */
export function meaningOf(before: string, spelled: string, known: readonly string[]): Meaning {
  const pair = `${before} ${spelled}`;
  if (before !== '' && known.includes(pair)) return { kind: 'fire', name: pair };
  if (known.includes(spelled)) return { kind: 'fire', name: spelled };
  if (known.some((name) => name.startsWith(`${spelled} `))) return { kind: 'begin', name: spelled };
  return { kind: 'none' };
}

const NAMES: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
};

/** The keys of a shortcut as they stand in the help: `mod+k` is Ctrl K, `X` is Shift X. */
export function keyCaps(name: string): string[] {
  const parts = name === ' ' ? [name] : name.split(/[+ ]/);
  return parts.flatMap((part) => {
    if (/^[A-Z]$/.test(part)) return ['Shift', part];
    return [NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)];
  });
}
