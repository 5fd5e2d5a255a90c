/**
 * Built-in mappings for two public forms of order files. They hold no data of others, only the columns' names and
 * what the codes mean; names and addresses that the files lack are constants.
 */

/** Mappings by the name that `--preset` takes. */
export const PRESETS = {
  /** Invoices of a wholesaler: invoice, stock_code, description, quantity, invoice_date, unit_price, customer_id, country. */
  'online-retail': {
    groupBy: '{invoice}',
    externalId: '{invoice}',
    currency: 'GBP',
    placedAt: { value: '{invoice_date}', format: 'yyyy-MM-dd HH:mm:ss', timeZone: 'Europe/London' },
    recipient: { name: 'Customer {customer_id|without number}' },
    shippingAddress: {
      line1: 'Customer {customer_id|without number}',
      city: 'Goods-in',
      postalCode: '00000',
      country: '{country}',
    },
    countries: {
      EIRE: 'IE',
      USA: 'US',
      RSA: 'ZA',
      Korea: 'KR',
      'Hong Kong': 'HK',
      'Czech Republic': 'CZ',
      'Channel Islands': 'JE',
    },
    payment: { method: 'card', token: 'pm_card_visa', number: '{invoice}' },
    line: {
      sku: '{stock_code}',
      name: '{description}',
      quantity: '{quantity}',
      unitPrice: '{unit_price}',
    },
    metadata: { customerId: '{customer_id}' },
    classes: [
      { class: 'shipping', skus: ['POST', 'DOT', 'C2', 'C3', 'CARRIAGE'] },
      { class: 'discount', skus: ['D'] },
      { class: 'manual', skus: ['M'] },
      { class: 'not_merchandise', skus: ['BANK CHARGES', 'AMAZONFEE', 'ADJUST', 'ADJUST2', 'B'] },
    ],
    refuse: [{ reason: 'cancellation_of_earlier_order', value: '{invoice}', startsWith: 'C' }],
  },
  /** US orders with ship dates; each row's Sales is its total after Discount. */
  superstore: {
    groupBy: '{Order ID}',
    externalId: '{Order ID}',
    currency: 'USD',
    placedAt: { value: '{Order Date}', format: 'yyyy-MM-dd', timeZone: 'America/New_York' },
    shippedAt: { value: '{Ship Date}', format: 'yyyy-MM-dd', timeZone: 'America/New_York' },
    recipient: { name: '{Customer Name}' },
    shippingAddress: {
      line1: '{City}',
      city: '{City}',
      region: '{State}',
      postalCode: '{Postal Code}',
      postalCodeDigits: 5,
      country: '{Country}',
    },
    payment: { method: 'prepaid', number: '{Order ID}' },
    line: {
      sku: '{Product ID}',
      name: '{Product Name}',
      variant: '{Sub-Category}',
      quantity: '{Quantity}',
      total: '{Sales}',
      discountRate: '{Discount}',
    },
    shippingService: '{Ship Mode}',
    metadata: { customerId: '{Customer ID}', segment: '{Segment}' },
  },
} as const;
