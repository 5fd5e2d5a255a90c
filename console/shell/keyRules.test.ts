/** When a key is a shortcut, and which. */
import { expect, test } from 'vitest';
import { keyCaps, mayFire, meaningOf, spell, type Focus, type Press, type Scene } from './keyRules.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  defaultPrevented: false,
  ...more,
});
const focus = (tag: string, more: Partial<Focus> = {}): Focus => ({
  tag,
  type: '',
  role: '',
  isEditable: false,
  isInOverlay: false,
  ...more,
});
const scene = (at: Focus, more: Partial<Scene> = {}): Scene => ({
  focus: at,
  hasDialog: false,
  singleKeys: true,
  ...more,
});

test('keys fire on the page, on a row and on a checkbox', () => {
  expect(mayFire(press('j'), scene(focus('body')))).toBe(true);
  expect(mayFire(press('Enter'), scene(focus('tr')))).toBe(true);
  expect(mayFire(press('x'), scene(focus('input', { type: 'checkbox' })))).toBe(true);
});

test.each([
  focus('input', { type: 'text' }),
  focus('input', { type: 'search' }),
  focus('input', { type: 'date' }),
  focus('textarea'),
  focus('select'),
  focus('div', { isEditable: true }),
  focus('div', { role: 'combobox' }),
])('no key fires while somebody types into $tag $type $role', (typed) => {
  expect(mayFire(press('j'), scene(typed))).toBe(false);
  expect(mayFire(press('?'), scene(typed))).toBe(false);
  expect(mayFire(press('Escape'), scene(typed))).toBe(false);
});

test('no key fires while a dialog is open or in a menu, Ctrl-K neither', () => {
  const ctrlK = press('k', { ctrlKey: true });
  expect(mayFire(press('j'), scene(focus('body'), { hasDialog: true }))).toBe(false);
  expect(mayFire(ctrlK, scene(focus('body'), { hasDialog: true }))).toBe(false);
  expect(mayFire(press('j'), scene(focus('button', { isInOverlay: true })))).toBe(false);
  expect(mayFire(ctrlK, scene(focus('input', { type: 'search' })))).toBe(true);
});

test('Enter stays what it is on buttons and links', () => {
  expect(mayFire(press('Enter'), scene(focus('button')))).toBe(false);
  expect(mayFire(press('Enter'), scene(focus('a')))).toBe(false);
  expect(mayFire(press('Enter'), scene(focus('div', { role: 'tab' })))).toBe(false);
  expect(mayFire(press('j'), scene(focus('a')))).toBe(true);
});

test('what a page took, what is being composed and Alt are left alone', () => {
  expect(mayFire(press('j', { defaultPrevented: true }), scene(focus('body')))).toBe(false);
  expect(mayFire(press('j', { isComposing: true }), scene(focus('body')))).toBe(false);
  expect(mayFire(press('j', { altKey: true }), scene(focus('body')))).toBe(false);
});

test('single keys can be switched off; Enter, Escape and Ctrl-K stay', () => {
  const off = scene(focus('tr'), { singleKeys: false });
  expect(mayFire(press('j'), off)).toBe(false);
  expect(mayFire(press('Enter'), off)).toBe(true);
  expect(mayFire(press('Escape'), off)).toBe(true);
  expect(mayFire(press('k', { metaKey: true }), off)).toBe(true);
});

test('a press is spelled with its modifier', () => {
  expect(spell(press('k', { ctrlKey: true }))).toBe('mod+k');
  expect(spell(press('K', { metaKey: true }))).toBe('mod+k');
  expect(spell(press('X'))).toBe('X');
});

test('a pair needs both presses, and its first half may be a shortcut of nothing else', () => {
  const known = ['g o', 'g h', 'o', 'j'];
  expect(meaningOf('', 'g', known)).toEqual({ kind: 'begin', name: 'g' });
  expect(meaningOf('g', 'o', known)).toEqual({ kind: 'fire', name: 'g o' });
  expect(meaningOf('', 'o', known)).toEqual({ kind: 'fire', name: 'o' });
  expect(meaningOf('g', 'j', known)).toEqual({ kind: 'fire', name: 'j' });
  expect(meaningOf('g', 'z', known)).toEqual({ kind: 'none' });
});

test('keys are shown as they stand on the keyboard', () => {
  expect(keyCaps('mod+k')).toEqual(['Ctrl', 'K']);
  expect(keyCaps('g o')).toEqual(['G', 'O']);
  expect(keyCaps('X')).toEqual(['Shift', 'X']);
  expect(keyCaps('Escape')).toEqual(['Esc']);
  expect(keyCaps('/')).toEqual(['/']);
});
