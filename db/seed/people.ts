/** Made-up customers for seeded orders: names and towns by country, e-mail addresses at example.com. */
import type { Address, Party } from '../../domain/newOrder.ts';
import { seededRandom } from '../../domain/random.ts';

interface Place {
  phone: string;
  first: readonly string[];
  last: readonly string[];
  streets: readonly string[];
  /** True when the number stands before the street. */
  numberFirst: boolean;
  towns: readonly (readonly [city: string, postalCode: string, region?: string])[];
}

const ENGLISH_FIRST =
  'Ada Amir Beth Carlos Dana Eli Fay Grace Hana Ian June Kofi Lena Marcus Nora Omar Priya Ruth Sam Tess'.split(
    ' ',
  );
const ENGLISH_LAST =
  'Abbott Bell Carver Dalton Ellis Frost Grant Hughes Irwin Jennings Keane Lowell Mercer Nair Osborne Price Quinn Reyes Shaw Thornton'.split(
    ' ',
  );

const AMERICAN: Place = {
  phone: '+1 555 01',
  first: ENGLISH_FIRST,
  last: ENGLISH_LAST,
  streets: ['Maple St', 'Cedar Ave', 'Lakeview Dr', 'Mill Rd', 'Orchard Ln', 'Prospect St'],
  numberFirst: true,
  towns: [
    ['Albany', '12207', 'NY'],
    ['Tucson', '85701', 'AZ'],
    ['Madison', '53703', 'WI'],
    ['Portland', '97205', 'OR'],
    ['Austin', '78701', 'TX'],
    ['Savannah', '31401', 'GA'],
    ['Boise', '83702', 'ID'],
  ],
};
const BRITISH: Place = {
  ...AMERICAN,
  phone: '+44 20 7946 0',
  streets: ['Orchard Lane', 'Mill Court', 'Station Road', 'Church Row', 'Kiln Street'],
  towns: [
    ['Leeds', 'LS1 4AP'],
    ['Bristol', 'BS1 5TR'],
    ['York', 'YO1 7HH'],
    ['Cardiff', 'CF10 1EP'],
    ['Norwich', 'NR2 1TF'],
  ],
};
const GERMAN: Place = {
  phone: '+49 30 2312 5',
  first:
    'Anke Birgit Cem Dirk Elif Frank Greta Hanno Ines Jonas Katrin Lars Meike Nils Petra Rolf Silke Timo Ute Vera'.split(
      ' ',
    ),
  last: 'Arndt Becker Conrad Dietz Ebert Fuchs Graf Huber Jansen Keller Lindner Maier Neumann Otto Petersen Roth Seidel Vogt Winter Zimmer'.split(
    ' ',
  ),
  streets: ['Lindenweg', 'Hafengasse', 'Am Markt', 'Birkenallee', 'Mühlstraße'],
  numberFirst: false,
  towns: [
    ['Berlin', '10115'],
    ['Hamburg', '20095'],
    ['Köln', '50667'],
    ['Leipzig', '04109'],
    ['Jena', '07743'],
  ],
};

const PLACES: Readonly<Record<string, Place>> = {
  US: AMERICAN,
  CA: {
    ...AMERICAN,
    towns: [
      ['Halifax', 'B3H 1A1', 'NS'],
      ['Toronto', 'M5V 2T6', 'ON'],
      ['Victoria', 'V8W 1P6', 'BC'],
    ],
  },
  GB: BRITISH,
  IE: {
    ...BRITISH,
    phone: '+353 1 555 0',
    towns: [
      ['Dublin', 'D02 X285'],
      ['Cork', 'T12 W8KP'],
    ],
  },
  DE: GERMAN,
  AT: {
    ...GERMAN,
    phone: '+43 1 555 0',
    towns: [
      ['Wien', '1010'],
      ['Graz', '8010'],
      ['Linz', '4020'],
    ],
  },
  FR: {
    phone: '+33 1 55 50 1',
    first:
      'Aline Bastien Claire David Émilie Farid Gaël Hélène Inès Jules Karim Léa Manon Noé Pauline Rémi Sophie Théo'.split(
        ' ',
      ),
    last: 'Aubert Blanc Caron Dumas Fabre Garnier Henry Lambert Moreau Noël Olivier Perrin Rey Simon Tessier Vidal'.split(
      ' ',
    ),
    streets: ['rue des Tilleuls', 'avenue du Port', 'rue Neuve', 'impasse du Lavoir'],
    numberFirst: true,
    towns: [
      ['Lyon', '69002'],
      ['Nantes', '44000'],
      ['Lille', '59800'],
      ['Paris', '75011'],
    ],
  },
  NL: {
    phone: '+31 20 555 0',
    first: 'Anouk Bram Daan Eva Femke Joris Koen Lotte Maud Niels Roos Sanne Teun Wouter'.split(' '),
    last: 'de Boer,Bakker,Dekker,van Dijk,Hendriks,Jacobs,Kok,Mulder,Peters,Smit,Visser'.split(','),
    streets: ['Havenkade', 'Molenstraat', 'Lindelaan'],
    numberFirst: false,
    towns: [
      ['Utrecht', '3511 AX'],
      ['Leiden', '2312 HT'],
      ['Zwolle', '8011 PK'],
    ],
  },
  ES: {
    phone: '+34 91 555 0',
    first: 'Alba Bruno Carmen Diego Elena Félix Gloria Hugo Irene Javier Lola Mario Nuria Óscar'.split(' '),
    last: 'Alonso Blanco Castro Díaz Fuentes Gil Herrero Iglesias León Marín Navarro Ortega'.split(' '),
    streets: ['Calle Mayor', 'Calle del Olmo', 'Avenida del Puerto'],
    numberFirst: false,
    towns: [
      ['Valencia', '46002'],
      ['Bilbao', '48005'],
    ],
  },
  JP: {
    phone: '+81 3 5550 0',
    first: 'Aoi Daichi Emi Haruto Kaori Kenji Mei Naoki Rin Sakura Takumi Yui'.split(' '),
    last: 'Abe Endo Fujita Goto Hayashi Ito Kimura Mori Nakamura Ono Sato Tanaka'.split(' '),
    streets: ['Midoricho', 'Sakaemachi', 'Honcho'],
    numberFirst: false,
    towns: [
      ['Osaka', '540-0008'],
      ['Nagoya', '460-0008'],
      ['Sendai', '980-0811'],
    ],
  },
};

/** The customer of this number in a country, always the same person; a country without an entry gets a US-style one. */
export function seedCustomer(country: string, number: number): { party: Party; address: Address } {
  const random = seededRandom(number);
  const place = PLACES[country] ?? AMERICAN;
  const name = `${random.pick(place.first)} ${random.pick(place.last)}`;
  const local = name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.');
  const [city, postalCode, region] = place.towns[random.whole(0, place.towns.length - 1)] ?? [
    'Albany',
    '12207',
  ];
  const street = random.pick(place.streets);
  const house = random.whole(1, 180);
  return {
    party: {
      name,
      email: `${local}${number}@example.com`,
      phone: `${place.phone}${String(random.whole(100, 999))}`,
    },
    address: {
      line1: place.numberFirst ? `${house} ${street}` : `${street} ${house}`,
      city,
      postalCode,
      country,
      ...(region !== undefined && { region }),
    },
  };
}
