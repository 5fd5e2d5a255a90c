/**
 * Card numbers in text, so that none gets in (PCI DSS: who never stores a card number keeps its scope small). A run of
 * digits counts when it has an issuer's beginning, one of that issuer's lengths and a right check digit (ISO/IEC 7812-1,
 * Luhn), in one piece or in groups as cards are written, with single blanks, dots or dashes of any kind between them. With
 * all of these, about one random 16-digit number in fifty is taken for a card; 13-digit numbers never are (no issuer uses
 * them any more, GTINs and shop ids have them), and 14 digits in one piece only within words: alone or in an address they
 * are a GTIN or a shop's id (Shopify numbers variants from 36… to 39…, as one card network does).
 */

interface Issuer {
  /** How its numbers begin. */
  beginning: RegExp;
  lengths: readonly number[];
}

/** Issuer identification ranges as the networks publish them. */
const ISSUERS: readonly Issuer[] = [
  { beginning: /^4/, lengths: [16, 19] },
  { beginning: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { beginning: /^3[47]/, lengths: [15] },
  { beginning: /^(6011|64[4-9]|65)/, lengths: [16, 19] },
  { beginning: /^35(2[89]|[3-8])/, lengths: [16] },
  { beginning: /^(30[0-5]|3095|36|38|39)/, lengths: [14] },
  { beginning: /^62/, lengths: [16, 19] },
  { beginning: /^(5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [16] },
];

const SHORTEST = 14;
const LONGEST = 19;
/** Enough digits in a row to look closer; cheap enough for every body. */
const MAYBE = /\d(?:[\s.\u2010-\u2015-]?\d){13}/;
const RUNS = /\d(?:[\s.\u2010-\u2015-]?\d){13,}/g;
/** UUIDs, with dashes or without: one in ten thousand would be taken for a card. */
const UUIDS = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi;
const NO_DIGIT = 'x';
const MASK = '•';

/** True when the text may hold a card number: the cheap look before `holdsCardNumber`. */
export function mayHoldCardNumber(text: string): boolean {
  return MAYBE.test(text);
}

/** True when the text holds a card number. */
export function holdsCardNumber(text: string): boolean {
  return mayHoldCardNumber(text) && spansIn(text).length > 0;
}

/** True when the text is a card number and nothing else: for keys, whose random digits would be taken for one too often. */
export function isCardNumberAlone(text: string): boolean {
  return /^\d(?:[ .-]?\d)*$/.test(text) && isCardNumber(text.replaceAll(/\D/g, ''));
}

/** The text with the digits of every card number in it replaced, but for the last four. */
export function maskCardNumbers(text: string): string {
  if (!mayHoldCardNumber(text)) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of spansIn(text)) {
    const number = text.slice(from, to);
    const keepFrom = number.length - 4;
    parts.push(
      text.slice(done, from),
      number.replaceAll(/\d/g, (digit, at: number) => (at < keepFrom ? MASK : digit)),
    );
    done = to;
  }
  return [...parts, text.slice(done)].join('');
}

interface Span {
  from: number;
  to: number;
}

function spansIn(text: string): Span[] {
  // What stands beside an id is looked at without it, in its old place.
  const bare = text.replaceAll(UUIDS, (id) => NO_DIGIT.repeat(id.length));
  const isAlone = !/\s/.test(text);
  // A plus before the first digit makes it a telephone number.
  const runs = [...bare.matchAll(RUNS)].filter(
    (run) => bare[run.index - 1] !== '+' && !(isAlone && isShopId(run[0])),
  );
  return runs.flatMap((run) => spansOfRun(run[0], run.index));
}

function isShopId(run: string): boolean {
  return /^\d{14}$/.test(run);
}

/** Card numbers within one run: they begin and end where a group of digits does, so that a part of a longer number is none. */
function spansOfRun(run: string, offset: number): Span[] {
  const groups = [...run.matchAll(/\d+/g)].map((match) => ({ digits: match[0], at: offset + match.index }));
  const spans: Span[] = [];
  for (let start = 0; start < groups.length; start += 1) {
    // More groups than a number has digits are none: a body of many digits costs no more than its length.
    for (let end = Math.min(groups.length, start + LONGEST); end > start; end -= 1) {
      const [written, from, last] = [groups.slice(start, end), groups[start]?.at ?? 0, groups[end - 1]];
      if (last === undefined || !isWrittenAsCard(written.map(({ digits }) => digits))) continue;
      spans.push({ from, to: last.at + last.digits.length });
      start = end - 1;
      break;
    }
  }
  return spans;
}

/** Groups of one length, of which the last may be shorter, or four, six and the rest, as some networks print theirs. */
function isWrittenAsCard(groups: readonly string[]): boolean {
  const number = groups.join('');
  if (number.length < SHORTEST || number.length > LONGEST) return false;
  const [first = 0, ...rest] = groups.map((group) => group.length);
  const isEven = rest.every((length, index) =>
    index < rest.length - 1 ? length === first : length <= first,
  );
  const isFourSix = rest.length === 2 && first === 4 && rest[0] === 6;
  return (isEven || isFourSix) && isCardNumber(number);
}

function isCardNumber(digits: string): boolean {
  const isIssued = ISSUERS.some(
    ({ beginning, lengths }) => lengths.includes(digits.length) && beginning.test(digits),
  );
  return isIssued && hasCheckDigit(digits);
}

/** The Luhn formula of ISO/IEC 7812-1, annex B. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
