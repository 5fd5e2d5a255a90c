/** What the palette offers for what was typed: an order, a search, pages, views. Pure. */
import { ORDER_VIEW_WORDS, ORDER_VIEWS } from '../../domain/orderViews.ts';
import { MONEY_TABS } from '../money/tabs.ts';
import { PAGES } from './pages.ts';

/** One thing to jump to. */
export interface PaletteEntry {
  id: string;
  label: string;
  /** What kind of thing it is. */
  group: 'Order' | 'Search' | 'Page' | 'View' | 'Own view';
  to: string;
  search: Readonly<Record<string, string>>;
}

/** A view that a person keeps. */
export interface KeptView {
  id: string;
  name: string;
  query: string;
}

const ORDER_NUMBER = /^#?(\d{1,15})$/;
const ORDER_ID = /^ord_[0-9a-f]+$/;

/** Everything that fits the text, what was most likely meant first. */
export function paletteEntries(text: string, kept: readonly KeptView[]): PaletteEntry[] {
  const typed = text.trim();
  const wanted = typed.toLowerCase();
  const places = [...pages(), ...views(), ...moneyTabs(), ...kept.map(own)].filter(({ label }) =>
    label.toLowerCase().includes(wanted),
  );
  if (typed === '') return places;
  const order = ORDER_NUMBER.exec(typed)?.[1] ?? ORDER_ID.exec(typed)?.[0];
  const search: PaletteEntry = {
    id: 'search',
    label: `Search orders for “${typed}”`,
    group: 'Search',
    to: '/orders',
    search: { q: typed },
  };
  if (order === undefined) return [...places, search];
  const jump: PaletteEntry = {
    id: 'order',
    label: `Open order ${order}`,
    group: 'Order',
    to: `/orders/${order}`,
    search: {},
  };
  return [jump, search, ...places];
}

function pages(): PaletteEntry[] {
  return PAGES.map(({ to, label }) => ({ id: `page ${to}`, label, group: 'Page', to, search: {} }));
}

function moneyTabs(): PaletteEntry[] {
  return MONEY_TABS.map(({ tab, label }) => ({
    id: `money ${tab}`,
    label: `Money: ${label}`,
    group: 'Page',
    to: '/money',
    search: { tab },
  }));
}

function views(): PaletteEntry[] {
  return ORDER_VIEWS.map((view) => ({
    id: `view ${view}`,
    label: `Orders: ${ORDER_VIEW_WORDS[view].title}`,
    group: 'View',
    to: '/orders',
    search: view === 'all' ? {} : { view },
  }));
}

function own({ id, name, query }: KeptView): PaletteEntry {
  return {
    id: `own ${id}`,
    label: `Orders: ${name}`,
    group: 'Own view',
    to: '/orders',
    search: Object.fromEntries(new URLSearchParams(query)),
  };
}
