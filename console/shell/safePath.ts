/** Where to go after the sign-in: a page of this console, whatever the address says. */

const NOBODY = 'http://console.invalid';

/** The path if it is one of this origin, else the home page: an address must not send anybody elsewhere. */
export function safePath(next: string | undefined): string {
  // `//host` and `/\host` are other hosts to a browser; control characters are left out of addresses by it.
  if (next === undefined || !/^\/(?![/\\])/.test(next) || hasControls(next)) return '/';
  const url = URL.parse(next, NOBODY);
  if (url?.origin !== NOBODY || url.pathname === '/sign-in' || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

function hasControls(text: string): boolean {
  return Array.from(text).some((char) => char < ' ' || char === '\u007f');
}
