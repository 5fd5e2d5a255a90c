/** A seeded file of invoices with all odd rows; the generator is shared with `npm run prove`. */
export { generateRetail, type RetailFile, type RetailOptions } from '../../cli/prove/retail.ts';
