/** Where a parcel goes to or comes from, as carriers and warehouses take it. */

/** A postal address for the label. Personal data: never logged, never in a workflow. */
export interface PostalAddress {
  name?: string;
  company?: string;
  phone?: string;
  email?: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postalCode?: string;
  country: string;
}
