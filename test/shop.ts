/** Small Shopify orders of our own making, in the shape that Shopify's webhooks have. */

/** Shopify's pair of amounts; the customer's own differ where the order is in another currency. */
export function set(shop: string, presentment = shop, currencies: [string, string] = ['USD', 'USD']) {
  return {
    shop_money: { amount: shop, currency_code: currencies[0] },
    presentment_money: { amount: presentment, currency_code: currencies[1] },
  };
}

/** An address as Shopify writes it. */
export const SHOP_ADDRESS = {
  first_name: 'Grace',
  last_name: 'Hopper',
  name: 'Grace Hopper',
  company: null,
  address1: '12 Navy Yard',
  address2: '',
  phone: '+1 555 0111',
  city: 'Arlington',
  province: 'Virginia',
  province_code: 'VA',
  zip: '22202',
  country: 'United States',
  country_code: 'US',
};

/** A paid order of 3 units, 7.50 off, 6 % tax on top, 5.00 shipping: 57.05 USD. */
export function shopOrder(id: number, changes: Record<string, unknown> = {}) {
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    email: 'grace@example.com',
    phone: null,
    currency: 'USD',
    presentment_currency: 'USD',
    financial_status: 'paid',
    fulfillment_status: null,
    cancelled_at: null,
    created_at: '2026-01-10T11:00:00-05:00',
    processed_at: '2026-01-10T11:00:01-05:00',
    taxes_included: false,
    total_price: '57.05',
    total_price_set: set('57.05'),
    subtotal_price: '48.50',
    total_tax: '3.55',
    total_discounts: '7.50',
    note: 'leave at the door',
    note_attributes: [{ name: 'gift colour', value: 'green' }],
    tags: 'VIP customer, Noël',
    source_name: 'web',
    po_number: 'PO-7',
    customer: { id: 1, first_name: 'Grace', last_name: 'Hopper', email: 'grace@example.com' },
    shipping_address: SHOP_ADDRESS,
    billing_address: { ...SHOP_ADDRESS, address1: '1 Bank St' },
    discount_applications: [{ type: 'discount_code', code: 'SAVE', target_type: 'line_item' }],
    line_items: [
      {
        id: 11,
        sku: 'mug',
        title: 'Mug',
        variant_title: 'blue',
        quantity: 2,
        price: '20.00',
        price_set: set('20.00'),
        total_discount: '0.00',
        grams: 300,
        requires_shipping: true,
        gift_card: false,
        properties: [{ name: 'Custom Engraving', value: 'Happy Birthday' }],
        discount_allocations: [{ amount: '5.00', amount_set: set('5.00'), discount_application_index: 0 }],
        tax_lines: [{ title: 'State Tax', rate: 0.06, price: '2.10', price_set: set('2.10') }],
      },
      {
        id: 12,
        sku: 'TEA',
        title: 'Tea',
        variant_title: null,
        quantity: 1,
        price: '16.00',
        price_set: set('16.00'),
        total_discount: '2.50',
        total_discount_set: set('2.50'),
        grams: 100,
        requires_shipping: true,
        properties: [],
        discount_allocations: [],
        tax_lines: [{ title: 'State Tax', rate: 0.06, price: '0.95', price_set: set('0.95') }],
      },
    ],
    shipping_lines: [
      {
        title: 'Standard',
        price: '7.00',
        price_set: set('7.00'),
        discount_allocations: [{ amount: '2.00', amount_set: set('2.00') }],
        tax_lines: [{ title: 'State Tax', rate: 0.06, price: '0.50', price_set: set('0.50') }],
      },
    ],
    refunds: [],
    fulfillments: [],
    ...changes,
  };
}
