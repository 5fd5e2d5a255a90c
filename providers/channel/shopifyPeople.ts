/** Who a Shopify order goes to and who pays for it. Shopify leaves out what it does not know, or gives it empty. */
import { z } from 'zod';
import type { Address, NewOrder, Party } from '../../domain/newOrder.ts';

const text = z.string().nullish();

/** An address of a Shopify order. */
export const ShopAddress = z.looseObject({
  name: text,
  first_name: text,
  last_name: text,
  company: text,
  phone: text,
  address1: text,
  address2: text,
  city: text,
  province: text,
  province_code: text,
  zip: text,
  country_code: text,
});

/** The customer of a Shopify order. */
export const ShopCustomer = z.looseObject({
  first_name: text,
  last_name: text,
  email: text,
  phone: text,
});

type ShopAddressGiven = z.output<typeof ShopAddress>;

interface People {
  email?: string | null | undefined;
  contact_email?: string | null | undefined;
  phone?: string | null | undefined;
  customer?: z.output<typeof ShopCustomer> | null | undefined;
  shipping_address?: ShopAddressGiven | null | undefined;
  billing_address?: ShopAddressGiven | null | undefined;
}

/** Recipient and address: the shipping address, else the billing address; undefined when neither can be used. */
export function deliveryOf(shop: People): Pick<NewOrder, 'recipient' | 'shippingAddress'> | undefined {
  const given = shop.shipping_address ?? shop.billing_address;
  const shippingAddress = given && addressOf(given);
  if (!given || !shippingAddress) return undefined;
  const recipient = partyOf(given, shop);
  return recipient && { recipient, shippingAddress };
}

/** Who pays, when Shopify says it usably. */
export function billingOf(shop: People): Pick<NewOrder, 'billing'> {
  const given = shop.billing_address;
  const address = given && addressOf(given);
  const party = given && partyOf(given, shop);
  return address && party ? { billing: { ...party, address } } : {};
}

function partyOf(given: ShopAddressGiven, shop: People): Party | undefined {
  const { customer } = shop;
  const name = first(
    given.name,
    joined(given.first_name, given.last_name),
    joined(customer?.first_name, customer?.last_name),
    given.company,
  );
  if (name === undefined) return undefined;
  const email = first(shop.email, shop.contact_email, customer?.email);
  return {
    name,
    ...optional('company', first(given.company)),
    ...(email !== undefined && /^\S+@\S+$/.test(email) && { email }),
    ...optional('phone', first(given.phone, shop.phone, customer?.phone)),
  };
}

function addressOf(given: ShopAddressGiven): Address | undefined {
  const line1 = first(given.address1);
  const city = first(given.city);
  const country = first(given.country_code)?.toUpperCase();
  if (line1 === undefined || city === undefined || country === undefined) return undefined;
  return {
    line1,
    ...optional('line2', first(given.address2)),
    city,
    ...optional('region', first(given.province_code, given.province)),
    ...optional('postalCode', first(given.zip)),
    country,
  };
}

/** The first text that is not blank. */
function first(...texts: (string | null | undefined)[]): string | undefined {
  return texts.map((one) => one?.trim()).find((one) => one !== undefined && one !== '');
}

function joined(...texts: (string | null | undefined)[]): string {
  return texts
    .map((one) => one?.trim() ?? '')
    .join(' ')
    .trim();
}

function optional<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: string });
}
