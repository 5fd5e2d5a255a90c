/** The part of an order's wire form (interface.md §1) that imports fill. */

export interface MoneyBody {
  amount: number;
  currency: string;
}

/** Money taken off a line, and who granted it. */
export interface DiscountBody {
  amount: MoneyBody;
  source: string;
}

/** One line on the wire; amounts in minor units. */
export interface LineBody {
  sku: string;
  quantity: number;
  name?: string;
  variant?: string;
  weightGrams?: number;
  attributes?: Record<string, string>;
  unitPrice: MoneyBody;
  discounts?: DiscountBody[];
  total: MoneyBody;
}

/** A person or company on the wire. */
export interface PartyBody {
  name: string;
  company?: string;
  email?: string;
  phone?: string;
}

/** An address on the wire; `country` is ISO 3166 alpha-2. */
export interface AddressBody {
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postalCode?: string;
  country: string;
}

/** How the order is paid, on the wire. */
export type PaymentBody =
  | { method: 'card'; token: string; number?: string }
  | { method: 'prepaid'; number: string; time: string; paid?: boolean }
  | { method: 'gift_card'; code: string }
  | { method: 'store_credit'; account: string }
  | { method: 'bank_transfer'; number?: string }
  | { method: 'invoice'; number?: string; termsDays?: number }
  | { method: 'cash_on_delivery' };

/** The body of POST /v1/orders, as far as a mapping can fill it. */
export interface ImportOrder {
  externalId: string;
  currency: string;
  placedAt?: string;
  promisedBy?: string;
  pricesIncludeTax?: boolean;
  sender?: PartyBody;
  recipient: PartyBody;
  shippingAddress: AddressBody;
  lines: LineBody[];
  shipping: { price: MoneyBody; service?: string };
  totals: { total: MoneyBody; shipping: MoneyBody };
  payment: PaymentBody;
  customerNote?: string;
  attributes?: Record<string, string>;
  metadata?: Record<string, string>;
  tags?: string[];
}
