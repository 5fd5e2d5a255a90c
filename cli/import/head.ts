/** Fills what an order has once: ids, times, people, addresses, payment and free fields. Pure. */
import { countryCode } from './countries.ts';
import { parseDate } from './dates.ts';
import { fillAll } from './items.ts';
import type { HistoryTimes } from '../../domain/newOrder.ts';
import type { Mapping, Moment } from './mapping.ts';
import type { AddressBody, ImportOrder, PartyBody, PaymentBody } from './order.ts';
import { fill, type Cells } from './template.ts';

/** Everything of an order but its lines and what is summed up from them. */
export type Head = Omit<ImportOrder, 'currency' | 'lines' | 'shipping' | 'totals'>;

/** The head of the order, or the first problem in it. */
export function buildHead(context: {
  cells: Cells;
  mapping: Mapping;
  externalId: string;
}): { head: Head; history: HistoryTimes } | { problem: string } {
  const { cells, mapping, externalId } = context;
  const address = buildAddress(mapping, cells);
  if ('problem' in address) return address;
  const times = readTimes(mapping, cells);
  if ('problem' in times) return times;
  const paid = buildPayment(mapping, { cells, time: times.placedAt });
  if ('problem' in paid) return paid;
  const note = mapping.customerNote === undefined ? '' : fill(mapping.customerNote, cells);
  const tags = mapping.tags.map((tag) => fill(tag, cells)).filter((tag) => tag !== '');
  const metadata = fillAll(mapping.metadata, cells);
  const attributes = fillAll(mapping.attributes, cells);
  const head: Head = {
    externalId,
    ...(times.placedAt && { placedAt: times.placedAt }),
    ...(times.promisedBy && { promisedBy: times.promisedBy }),
    ...(mapping.pricesIncludeTax && { pricesIncludeTax: true }),
    ...(mapping.sender && { sender: buildParty(mapping.sender, cells) }),
    recipient: buildParty(mapping.recipient, cells),
    shippingAddress: address.address,
    payment: paid.payment,
    ...(note !== '' && { customerNote: note }),
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
  const { shippedAt, completedAt } = times;
  return { head, history: { ...(shippedAt && { shippedAt }), ...(completedAt && { completedAt }) } };
}

function buildParty(party: Mapping['recipient'], cells: Cells): PartyBody {
  const { company, email, phone } = party;
  return { name: fill(party.name, cells), ...fillAll(defined({ company, email, phone }), cells) };
}

function buildAddress(mapping: Mapping, cells: Cells): { address: AddressBody } | { problem: string } {
  const { line1, line2, city, region, postalCode, postalCodeDigits, country } = mapping.shippingAddress;
  const name = fill(country, cells);
  const code = countryCode(name, mapping.countries);
  if (!code) return { problem: `country "${name}" is unknown; name it under countries in the mapping` };
  const optional = fillAll(defined({ line2, region, postalCode }), cells);
  if (postalCodeDigits !== undefined && /^\d+$/.test(optional['postalCode'] ?? ''))
    optional['postalCode'] = (optional['postalCode'] ?? '').padStart(postalCodeDigits, '0');
  return { address: { line1: fill(line1, cells), city: fill(city, cells), ...optional, country: code } };
}

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

interface Times {
  placedAt?: string;
  promisedBy?: string;
  shippedAt?: string;
  completedAt?: string;
}

function readTimes(mapping: Mapping, cells: Cells): Times | { problem: string } {
  const times: Times = {};
  for (const name of ['placedAt', 'promisedBy', 'shippedAt', 'completedAt'] as const) {
    const moment: Moment | undefined = mapping[name];
    const text = moment && fill(moment.value, cells);
    if (!moment || !text) continue;
    const at = parseDate(text, moment.format, moment.timeZone);
    if (at === undefined) return { problem: `${name}: "${text}" is no date of the form ${moment.format}` };
    times[name] = at;
  }
  return times;
}

function buildPayment(
  mapping: Mapping,
  { cells, time }: { cells: Cells; time: string | undefined },
): { payment: PaymentBody } | { problem: string } {
  const { payment } = mapping;
  const number = 'number' in payment && payment.number !== undefined ? fill(payment.number, cells) : '';
  const numbered = number === '' ? {} : { number };
  switch (payment.method) {
    case 'card':
      return { payment: { method: 'card', token: fill(payment.token, cells), ...numbered } };
    case 'prepaid':
      // An order that says nothing of its time is recorded as paid when 1970 began rather than at an invented moment.
      return { payment: { method: 'prepaid', number, time: time ?? new Date(0).toISOString(), paid: true } };
    case 'gift_card':
      return { payment: { method: 'gift_card', code: fill(payment.code, cells) } };
    case 'store_credit':
      return { payment: { method: 'store_credit', account: fill(payment.account, cells) } };
    case 'bank_transfer':
      return { payment: { method: 'bank_transfer', ...numbered } };
    case 'cash_on_delivery':
      return { payment: { method: 'cash_on_delivery' } };
    case 'invoice': {
      const terms = payment.termsDays === undefined ? '' : fill(payment.termsDays, cells);
      if (!/^\d{0,3}$/.test(terms)) return { problem: `termsDays: "${terms}" is no number of days` };
      return {
        payment: { method: 'invoice', ...numbered, ...(terms !== '' && { termsDays: Number(terms) }) },
      };
    }
  }
}
