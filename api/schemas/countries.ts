/** Country codes as CLDR knows them, through Intl: no table is kept here. */

/** Groups, private use and places reserved for others' wishes: known to CLDR, no ISO country. XK is in common use. */
const NOT_COUNTRIES = new Set('EU EZ UN QO XA XB ZZ AC CP CQ DG EA IC TA'.split(' '));

function known(): Set<string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  // A code that was replaced (UK, SU) is known by name too, but is not its own canonical form.
  const isCurrent = (code: string) => new Intl.Locale(`und-${code}`).maximize().region === code;
  return new Set(
    codes.filter((code) => names.of(code) !== undefined && isCurrent(code) && !NOT_COUNTRIES.has(code)),
  );
}

/** Every code, for the OpenAPI document. */
export const COUNTRIES: ReadonlySet<string> = known();

/** True for an ISO 3166-1 alpha-2 code in upper case. */
export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}
