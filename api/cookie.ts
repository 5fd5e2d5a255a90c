/**
 * The session's cookie: HttpOnly and SameSite=Strict; Secure and bound to the host (`__Host-`) where people reach the
 * console by https. Requests that change something by a cookie must come from the console's own pages: browsers say so in
 * Sec-Fetch-Site, older ones in Origin.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './problems.ts';

/** What a session's id looks like. */
const FORM = /^[A-Za-z0-9_-]{43}$/;
const PLAIN = 'holdfast_session';
const SECURE = `__Host-${PLAIN}`;

/**
 * The id of the session that the request brings; undefined without exactly one of the right form. Only the name that
 * `sessionCookie` gives it counts, and two under that name count as none: a neighbour on the same domain can plant a
 * second one, but not under `__Host-`.
 */
export function sessionIdOf(headers: IncomingHttpHeaders, publicUrl: string | undefined): string | undefined {
  if (headers.cookie === undefined) return undefined;
  const start = `${isHttps(publicUrl) ? SECURE : PLAIN}=`;
  const [id, second] = headers.cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start))
    .map((pair) => pair.slice(start.length));
  return second === undefined && id !== undefined && FORM.test(id) ? id : undefined;
}

function isHttps(publicUrl: string | undefined): boolean {
  return publicUrl?.startsWith('https:') ?? false;
}

/** The Set-Cookie header of a session that lasts `seconds`; 0 takes it away. */
export function sessionCookie(id: string, seconds: number, publicUrl: string | undefined): string {
  const isSecure = isHttps(publicUrl);
  const parts = [
    `${isSecure ? SECURE : PLAIN}=${id}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${seconds}`,
  ];
  return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
}

/** Refuses with `cross_site` what does not come from the console's own pages. */
export function requireSameSite(headers: IncomingHttpHeaders, publicUrl: string | undefined): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    // `none` is a person at the address bar or a bookmark: no other page can make a browser send it.
    if (site === 'same-origin' || site === 'none') return;
    throw new Refusal('cross_site');
  }
  if (!isOwnOrigin(headers, publicUrl)) throw new Refusal('cross_site');
}

/** Browsers send Sec-Fetch-Site to https and to this machine only: people who come by http from elsewhere are told by Origin. */
function isOwnOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  // A browser's Origin is nothing but an origin.
  if (from.origin !== origin) return false;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true;
  return from.host === host && (!isHttps(publicUrl) || from.protocol === 'https:');
}
