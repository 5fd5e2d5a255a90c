/**
 * The filters of the list as they stand in the address: the API's own parameters, so that an address, a kept view and a
 * request say the same. Pure.
 */
import {
  ATTENTIONS,
  FULFILLMENT_STATUSES,
  LIFECYCLES,
  PAYMENT_STATUSES,
  RETURN_STATUSES,
} from '../../domain/order.ts';
import { ORDER_VIEWS } from '../../domain/orderViews.ts';
import { STAGE_WORDS, STAGES } from '../../domain/stage.ts';
import type { ListParams } from '../api/queries.ts';
import { words } from '../format.ts';
import { dayText } from './days.ts';

/** The address as the router reads it. */
export type Search = Readonly<Record<string, string | undefined>>;

/** How a filter is chosen: from words, as text, a country's two letters, or a day. */
export type FilterKind = 'choice' | 'channel' | 'text' | 'country' | 'from' | 'to';

/** One filter. */
export interface Filter {
  /** The parameter of the API. */
  name: string;
  label: string;
  kind: FilterKind;
  choices: readonly string[];
  /** False for those that come by a link only and are shown as a chip all the same. */
  isOffered: boolean;
}

const NO_CHOICES: readonly string[] = [];

/** All filters, in the order in which they are offered. */
export const FILTERS: readonly Filter[] = [
  { name: 'channel', label: 'Channel', kind: 'channel', choices: NO_CHOICES, isOffered: true },
  { name: 'stage', label: 'State', kind: 'choice', choices: STAGES, isOffered: true },
  { name: 'lifecycle', label: 'Lifecycle', kind: 'choice', choices: LIFECYCLES, isOffered: true },
  { name: 'paymentStatus', label: 'Payment', kind: 'choice', choices: PAYMENT_STATUSES, isOffered: true },
  {
    name: 'fulfillmentStatus',
    label: 'Fulfillment',
    kind: 'choice',
    choices: FULFILLMENT_STATUSES,
    isOffered: true,
  },
  { name: 'attention', label: 'Needs attention', kind: 'choice', choices: ATTENTIONS, isOffered: true },
  { name: 'country', label: 'Country', kind: 'country', choices: NO_CHOICES, isOffered: true },
  { name: 'tag', label: 'Tag', kind: 'text', choices: NO_CHOICES, isOffered: true },
  { name: 'placedAfter', label: 'Placed from', kind: 'from', choices: NO_CHOICES, isOffered: true },
  { name: 'placedBefore', label: 'Placed until', kind: 'to', choices: NO_CHOICES, isOffered: true },
  { name: 'returnStatus', label: 'Returns', kind: 'choice', choices: RETURN_STATUSES, isOffered: false },
  { name: 'createdAfter', label: 'Received from', kind: 'from', choices: NO_CHOICES, isOffered: false },
  { name: 'createdBefore', label: 'Received until', kind: 'to', choices: NO_CHOICES, isOffered: false },
  { name: 'sku', label: 'SKU', kind: 'text', choices: NO_CHOICES, isOffered: false },
  { name: 'externalId', label: 'External id', kind: 'text', choices: NO_CHOICES, isOffered: false },
];

const FILTER_NAMES = FILTERS.map(({ name }) => name);
/** What a view is made of: where one is on its pages is not part of it. */
const VIEW_NAMES = ['view', 'q', ...FILTER_NAMES, 'sort'];

/** How many orders a page shows. */
export const PAGE_SIZE = 50;

/** The address without a view and choices that do not exist: a mistyped link still shows orders. */
export function knownSearch(search: Search): Search {
  return Object.fromEntries(
    Object.entries(search).filter(([name, value]) => value === undefined || isKnown(name, value)),
  );
}

function isKnown(name: string, value: string): boolean {
  if (name === 'view') return ORDER_VIEWS.some((view) => view === value);
  const filter = FILTERS.find((one) => one.name === name);
  return filter?.kind !== 'choice' || filter.choices.includes(value);
}

/** The parameters of the request. */
export function listParams(search: Search): ListParams {
  return { ...picked(search, [...VIEW_NAMES, 'cursor']), limit: String(PAGE_SIZE) };
}

/** One filter that is set. */
export interface Chip {
  name: string;
  label: string;
  text: string;
}

/** The filters that are set, each with its value in words. */
export function chipsOf(search: Search): Chip[] {
  return FILTERS.flatMap(({ name, label, kind }) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, label, text: valueText(name, kind, value) }];
  });
}

function valueText(name: string, kind: FilterKind, value: string): string {
  if (kind === 'from' || kind === 'to') return dayText(kind, value);
  if (kind === 'choice') return choiceText(name, value);
  return kind === 'country' ? value.toUpperCase() : value;
}

/** A choice in words. */
export function choiceText(name: string, value: string): string {
  const stage = name === 'stage' ? STAGES.find((one) => one === value) : undefined;
  return stage === undefined ? words(value) : STAGE_WORDS[stage].name;
}

/** True when something narrows the list besides the view. */
export function isNarrowed(search: Search): boolean {
  return search['q'] !== undefined || chipsOf(search).length > 0;
}

/** What takes all filters and the search away, and keeps the view. */
export function cleared(): Search {
  return Object.fromEntries(['q', ...FILTER_NAMES, 'cursor'].map((name) => [name, undefined]));
}

/** The address without where one is on its pages, to be kept as a view; always written the same way. */
export function viewQuery(search: Search): string {
  return new URLSearchParams(picked(search, VIEW_NAMES)).toString();
}

/** The address of a view that was kept. */
export function searchOfView(query: string): Record<string, string> {
  return picked(Object.fromEntries(new URLSearchParams(query)), VIEW_NAMES);
}

function picked(search: Search, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
