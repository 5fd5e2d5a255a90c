/** What Shopify lets a shop say freely (tags, note attributes, line properties), brought into our forms. */
import type { Attributes } from '../../domain/newOrder.ts';

type Named = readonly { name?: unknown; value?: unknown }[] | null | undefined;

const FIELDS_MAX = 40;

/** Line properties ("Custom Engraving": "Happy Birthday") as attributes (`custom_Engraving`); undefined when there are none. */
export function attributesOf(properties: Named): Attributes | undefined {
  const entries = named(properties).map(([name, value]) => {
    const key = identifier(name);
    return [/^[a-z]/.test(key) ? key : `${key.charAt(0).toLowerCase()}${key.slice(1)}`, value] as const;
  });
  const usable = entries.filter(([key]) => /^[a-z][A-Za-z0-9_]{0,39}$/.test(key)).slice(0, FIELDS_MAX);
  return usable.length === 0
    ? undefined
    : Object.fromEntries(usable.map(([key, value]) => [key, value.slice(0, 1000)]));
}

/** What has no place of its own in our order. */
export function metadataOf(shop: {
  name?: string | null | undefined;
  source_name?: string | null | undefined;
  po_number?: string | null | undefined;
  currency: string;
  presentment_currency?: string | null | undefined;
  note_attributes?: Named;
}): Record<string, string> {
  const own: [string, string | null | undefined][] = [
    ['shopify_name', shop.name],
    ['shopify_source', shop.source_name],
    ['shopify_po_number', shop.po_number],
    [
      'shopify_presentment_currency',
      shop.presentment_currency === shop.currency ? null : shop.presentment_currency,
    ],
  ];
  const notes = named(shop.note_attributes).map(([name, value]): [string, string] => [
    `note_${identifier(name)}`,
    value,
  ]);
  const all = [...own, ...notes.slice(0, FIELDS_MAX)].flatMap(([key, value]) =>
    value ? [[key.slice(0, 40), value.slice(0, 500)] as const] : [],
  );
  return Object.fromEntries(all);
}

/** "VIP customer, Noël" → ["VIP_customer", "Noel"]; what is left of nothing is dropped. */
export function labelsOf(tags: string | null | undefined): string[] {
  const labels = (tags ?? '')
    .split(',')
    .map((tag) => identifier(tag))
    .filter((tag) => /^[A-Za-z0-9]/.test(tag));
  return [...new Set(labels)].slice(0, 50);
}

function named(list: Named): [string, string][] {
  return (list ?? []).flatMap(({ name, value }) => {
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    return typeof name === 'string' && text !== '' ? [[name, text] as [string, string]] : [];
  });
}

/** Letters, digits and underscores; accents are dropped. At most 40 characters. */
function identifier(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
}
