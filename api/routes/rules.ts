/** What must hold of the route table before the app starts: deny by default, nothing twice. */
import { SCOPES } from '../../domain/access.ts';
import type { Route } from '../route.ts';

/** Open routes and signed routes are listed by hand, so that none opens by accident. */
const PUBLIC = new Set([
  'get /health',
  'get /ready',
  'post /v1/session',
  // Whoever has a payment link; the handlers check its signature.
  'get /pay/{token}/state',
  'post /pay/{token}/payments',
]);
const SIGNED = /^\/v1\/(webhooks\/|channels\/\{channel\}\/shopify\/)/;

/** Throws when a route has no scope, is open without being listed, or stands there twice. */
export function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const route of routes) {
    const name = `${route.method.toUpperCase()} ${route.path}`;
    if (seen.has(name)) throw new Error(`${name} is declared twice`);
    seen.add(name);
    if (!isDeclared(route)) throw new Error(`${name} declares no scope`);
  }
}

function isDeclared(route: Route): boolean {
  if (route.access === 'public') return PUBLIC.has(`${route.method} ${route.path}`);
  if (route.access === 'session') return route.path === '/v1/session';
  if (route.access === 'signature') return SIGNED.test(route.path) && route.bodyKind === 'raw';
  return SCOPES.includes(route.access);
}
