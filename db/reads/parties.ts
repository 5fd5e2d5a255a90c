/** What the outside systems need to know of people and places for one share: addresses and lines, read when needed and never kept. */
import type pg from 'pg';
import type { PostalAddress } from '../../domain/address.ts';

/** One share with what a warehouse or carrier needs for it. */
export interface ShareForShipping {
  location: string;
  weightGrams: number;
  shipTo: PostalAddress;
  shipFrom: PostalAddress;
  lines: { lineNo: number; sku: string; name: string; quantity: number }[];
  customerNote: string | null;
  service: string | null;
}

type Columns = Record<string, string | null>;

function address(columns: Columns): PostalAddress {
  const given = Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== null && value !== ''),
  );
  return { line1: '', city: '', country: '', ...given };
}

/** Reads the share; undefined when it does not exist. Personal data: hand it on, never log or store it. */
export async function readShareForShipping(
  pool: Pick<pg.Pool, 'query'>,
  shareId: string,
): Promise<ShareForShipping | undefined> {
  const { rows } = await pool.query<{
    location: string;
    weightGrams: number;
    to: Columns;
    from: Columns;
    locationName: string;
    lines: ShareForShipping['lines'];
    customerNote: string | null;
    service: string | null;
  }>(
    `select f.location, f.weight_grams as "weightGrams", o.customer_note as "customerNote", o.carrier_wishes->>'service' as service,
       l.name as "locationName", l.address as "from",
       (select json_build_object('name', c.name, 'company', c.company, 'phone', c.phone, 'email', c.email, 'line1', c.line1, 'line2', c.line2,
          'city', c.city, 'region', c.region, 'postalCode', c.postal_code, 'country', c.country)
        from contacts c where c.id = o.recipient_contact) as "to",
       (select json_agg(json_build_object('lineNo', fl.line_no, 'sku', fl.sku, 'name', ol.name, 'quantity', fl.quantity) order by fl.line_no)
        from fulfillment_lines fl join order_lines ol on ol.order_id = f.order_id and ol.line_no = fl.line_no
        where fl.fulfillment_id = f.id) as lines
     from fulfillment_orders f join orders o on o.id = f.order_id join locations l on l.id = f.location where f.id = $1`,
    [shareId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { to, from, locationName, ...rest } = row;
  return { ...rest, shipTo: address(to ?? {}), shipFrom: { name: locationName, ...address(from) } };
}
