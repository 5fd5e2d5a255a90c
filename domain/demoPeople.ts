/** Invented customers of the demo shop and what they write; all addresses are of their city's form, none is real. */

/** Somebody who orders. */
export interface Customer {
  name: string;
  email: string;
  phone: string;
  address: {
    line1: string;
    line2?: string;
    city: string;
    region?: string;
    postalCode: string;
    country: string;
  };
}

/** Twelve customers in eight countries. */
export const CUSTOMERS: readonly Customer[] = Object.freeze([
  person('Ada Thornton', '+1 555 0100', {
    line1: '14 Maple St',
    city: 'Albany',
    region: 'NY',
    postalCode: '12207',
    country: 'US',
  }),
  person('Marcus Bell', '+1 555 0101', {
    line1: '902 Cedar Ave',
    line2: 'Apt 4',
    city: 'Tucson',
    region: 'AZ',
    postalCode: '85701',
    country: 'US',
  }),
  person('Ines Duarte', '+1 555 0102', {
    line1: '77 Lakeview Dr',
    city: 'Madison',
    region: 'WI',
    postalCode: '53703',
    country: 'US',
  }),
  person('Jonas Keller', '+49 30 555 0103', {
    line1: 'Lindenweg 8',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  }),
  person('Lena Vogt', '+49 40 555 0104', {
    line1: 'Hafengasse 21',
    city: 'Hamburg',
    postalCode: '20095',
    country: 'DE',
  }),
  person('Claire Moreau', '+33 1 55 50 10 05', {
    line1: '5 rue des Tilleuls',
    city: 'Lyon',
    postalCode: '69002',
    country: 'FR',
  }),
  person('Owen Hughes', '+44 20 5550 0106', {
    line1: '31 Orchard Lane',
    city: 'Leeds',
    postalCode: 'LS1 4AP',
    country: 'GB',
  }),
  person('Priya Nair', '+44 20 5550 0107', {
    line1: '2 Mill Court',
    city: 'Bristol',
    postalCode: 'BS1 5TR',
    country: 'GB',
  }),
  person('Haruto Sato', '+81 3 5550 0108', {
    line1: '3-12-9 Midoricho',
    city: 'Osaka',
    postalCode: '540-0008',
    country: 'JP',
  }),
  person('Noura Al-Sabah', '+965 5550 0109', {
    line1: 'Block 4, Street 12, House 9',
    city: 'Salmiya',
    postalCode: '22004',
    country: 'KW',
  }),
  person('Sofia Lindqvist', '+46 8 555 0110', {
    line1: 'Björkgatan 17',
    city: 'Uppsala',
    postalCode: '753 20',
    country: 'SE',
  }),
  person('Tomás Ferreira', '+351 21 555 0111', {
    line1: 'Rua do Moinho 6',
    city: 'Porto',
    postalCode: '4050-367',
    country: 'PT',
  }),
]);

/** What customers write with an order. */
export const NOTES = [
  'Please ring twice, the bell is quiet.',
  'It is a present: no invoice in the parcel, please.',
  'Leave it with the neighbours at number 12 if nobody is home.',
  'Bitte nicht knicken.',
  'Call before delivery.',
] as const;

function person(name: string, phone: string, address: Customer['address']): Customer {
  const local = name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.');
  return { name, phone, email: `${local}@example.com`, address };
}
