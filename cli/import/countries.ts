/**
 * Country names of files to ISO 3166 alpha-2 codes. The English names come from CLDR through Intl; a mapping adds the
 * spellings of its own file ("EIRE").
 */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
let byName: Map<string, string> | undefined;

function namesToCodes(): Map<string, string> {
  if (byName) return byName;
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  byName = new Map();
  for (const first of LETTERS) {
    for (const second of LETTERS) {
      const code = first + second;
      const name = names.of(code);
      if (name && currentCode(code) === code) byName.set(name.toLowerCase(), code);
    }
  }
  return byName;
}

/** The code that is in use now: DD, whose name is Germany too, becomes DE, and UK becomes GB. */
function currentCode(code: string): string | undefined {
  return new Intl.Locale(`und-${code}`).region;
}

/** The alpha-2 code of a code or an English name, the mapping's own spellings first; undefined when nobody knows it. */
export function countryCode(text: string, own: Readonly<Record<string, string>>): string | undefined {
  const name = text.trim();
  const fromOwn = own[name];
  if (fromOwn) return fromOwn;
  if (/^[A-Z]{2}$/.test(name)) return currentCode(name);
  return namesToCodes().get(name.toLowerCase());
}
