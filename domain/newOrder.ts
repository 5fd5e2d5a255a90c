/**
 * An order as a channel hands it in, after its form was checked: what the API parses, what the Shopify adapter makes
 * and what intake stores. Optional fields were left out by the sender; nothing is filled in here.
 */
import type { Money } from './money.ts';

/** A person or company. Personal data. */
export interface Party {
  name: string;
  company?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
}

/** A postal address; `country` is ISO 3166 alpha-2. Personal data. */
export interface Address {
  line1: string;
  line2?: string | undefined;
  city: string;
  region?: string | undefined;
  postalCode?: string | undefined;
  country: string;
}

/** Money taken off a line, and who granted it ("coupon", "shop", "staff"). */
export interface NewDiscount {
  amount: Money;
  source: string;
  code?: string | undefined;
}

/** One tax on a line or on shipping; `rate` is a fraction (0.19), the amount is what counts. */
export interface NewTaxLine {
  name: string;
  rate: number;
  amount: Money;
  jurisdiction?: string | undefined;
}

/** Values of typed industry fields: flat, no nesting. */
export type Attributes = Record<string, string | number | boolean>;

/** One line. Name, variant, weight and whether it ships come from the catalogue where they are left out. */
export interface NewLine {
  sku: string;
  quantity: number;
  name?: string | undefined;
  variant?: string | undefined;
  gtin?: string | undefined;
  unitListPrice?: Money | undefined;
  /** Before discounts; contains the tax if the order's prices do. */
  unitPrice: Money;
  discounts?: NewDiscount[] | undefined;
  taxLines?: NewTaxLine[] | undefined;
  /** What the customer pays for the line, tax included. */
  total: Money;
  weightGrams?: number | undefined;
  requiresShipping?: boolean | undefined;
  attributes?: Attributes | undefined;
}

/**
 * One way the order is paid. Prepaid money was taken by the channel; `paid: false` waits until the channel says so. A gift card
 * is named by its code, store credit by the id of its account; the money of the offline methods is recorded when it comes.
 */
export type NewPayment =
  | { method: 'card'; token: string; number?: string | undefined; time?: string | undefined }
  | { method: 'prepaid'; number: string; time: string; paid?: boolean | undefined }
  | { method: 'gift_card'; code: string }
  | { method: 'store_credit'; account: string }
  | { method: 'bank_transfer'; number?: string | undefined }
  | { method: 'invoice'; number?: string | undefined; termsDays?: number | undefined }
  | { method: 'cash_on_delivery' };

/** One of several ways the order is paid, in the order in which they are used; the one without an amount pays the rest. */
export type NewTender = NewPayment & { amount?: Money | undefined };

/** The whole order. Instants are ISO 8601 with an offset. */
export interface NewOrder {
  externalId: string;
  currency: string;
  placedAt?: string | undefined;
  promisedBy?: string | undefined;
  pricesIncludeTax?: boolean | undefined;
  sender?: Party | undefined;
  recipient: Party;
  shippingAddress: Address;
  billing?: (Party & { address: Address }) | undefined;
  lines: NewLine[];
  shipping?: { price: Money; service?: string | undefined; taxLines?: NewTaxLine[] | undefined } | undefined;
  totals: {
    total: Money;
    subtotal?: Money | undefined;
    discount?: Money | undefined;
    shipping?: Money | undefined;
    tax?: Money | undefined;
  };
  /** Either this or `payments`. */
  payment?: NewPayment | undefined;
  payments?: NewTender[] | undefined;
  customerNote?: string | undefined;
  attributes?: Attributes | undefined;
  metadata?: Record<string, string> | undefined;
  tags?: string[] | undefined;
  flags?: string[] | undefined;
  carrier?:
    | {
        service?: string | undefined;
        instructions?: string | undefined;
        signatureRequired?: boolean | undefined;
      }
    | undefined;
}

/** What a finished order of the past says in addition. */
export interface HistoryTimes {
  shippedAt?: string | undefined;
  completedAt?: string | undefined;
}
