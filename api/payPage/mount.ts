/**
 * The page where customers pay, on the app: under a policy of its own that allows scripts of this origin and of the gateway
 * only, never kept and never indexed, and telling nobody where it was left from. Tries are counted by order.
 */
import { readFileSync } from 'node:fs';
import helmet from 'helmet';
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import rateLimit from 'express-rate-limit';
import { FAILURES, type FailureCode } from '../../domain/failures.ts';
import type { PayPageSettings, Services } from '../deps.ts';
import { codeOfUnexpected, Refusal } from '../problems.ts';
import { noPayPage, payPage } from './html.ts';
import { orderOfLink, payOrder, showPayState } from './state.ts';
import { readLink } from './token.ts';

/** Tries to pay, and looks at the state, of one order in a window. A page that polls asks about 40 times a minute at most. */
const TRIES = { windowMs: 10 * 60_000, limit: 10 };
const LOOKS = { windowMs: 60_000, limit: 120 };

/** Limits what one order's links are used for: cards and codes must not be tried out here. Comes before the routes. */
export function limitPayPage(app: Express, masterKey: Buffer): void {
  const limited = (bounds: typeof TRIES): RequestHandler => {
    const orderOf = (request: Request) => {
      const read = readLink(masterKey, String(request.params['token']), Date.now());
      return read.kind === 'good' ? read.link.orderId : undefined;
    };
    return rateLimit({
      ...bounds,
      standardHeaders: false,
      legacyHeaders: false,
      // A token that is none is refused without a look at the database.
      skip: (request) => orderOf(request) === undefined,
      keyGenerator: (request) => orderOf(request) ?? '',
      handler: () => {
        const seconds = Math.ceil(bounds.windowMs / 1000);
        throw new Refusal('rate_limited', { headers: { 'Retry-After': String(seconds) } });
      },
    });
  };
  app.post('/pay/:token/payments', limited(TRIES));
  app.get('/pay/:token/state', limited(LOOKS));
}

/** Mounts the page and its two files. */
export function mountPayPage(app: Express, services: Services): void {
  const policy = policyOf(services.payPage);
  const safe = helmet({ contentSecurityPolicy: false, referrerPolicy: { policy: 'no-referrer' } });
  const ofPage: RequestHandler = (_request, response, next) => {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Robots-Tag', 'noindex, nofollow');
    next();
  };
  app.get('/pay/:token', safe, ofPage, (request, response, next) =>
    sendPage(services, { request, response, next }),
  );
  const file = (name: string, type: string): void => {
    const text = readFileSync(new URL(name, import.meta.url));
    app.get(`/pay-assets/${name}`, safe, (_request, response) => {
      response.setHeader('Cache-Control', 'no-cache');
      response.type(type).send(text);
    });
  };
  file('pay.js', 'text/javascript');
  file('pay.css', 'text/css');
}

async function sendPage(
  services: Services,
  { request, response, next }: { request: Request; response: Response; next: NextFunction },
): Promise<void> {
  response.type('text/html');
  try {
    const orderId = orderOfLink(services, String(request.params['token']));
    const shown = showPayState(services, await payOrder(services, orderId));
    response.send(payPage(shown, services.payPage));
  } catch (error) {
    const code = error instanceof Refusal ? error.code : codeOfUnexpected(error);
    // What nobody foresaw is logged where everything is.
    if (code === 'internal') return next(error);
    response.status(FAILURES[code].status).send(noPayPage(...wordsOf(code)));
  }
}

function wordsOf(code: FailureCode): [headline: string, text: string] {
  if (code === 'link_expired')
    return ['This link has expired', 'Please ask the shop for a new one if the order still has to be paid.'];
  if (code === 'not_found')
    return [
      'This link does not work',
      'Please check that all of it was copied, or ask the shop for a new one.',
    ];
  return ['Just a moment', 'The order can not be shown right now. Please try again in a minute.'];
}

/** Stripe's own script needs its parts' origins and its API (Stripe, "Integration security guide"); a stand-in only its own. */
function policyOf(settings: PayPageSettings | undefined): string {
  const hasCards = settings?.publishableKey !== undefined;
  const origin = hasCards ? new URL(settings.scriptUrl).origin : '';
  const isStripe = origin === 'https://js.stripe.com';
  const of = (...sources: string[]) => sources.filter((one) => one !== '').join(' ');
  const parts = isStripe ? 'https://*.js.stripe.com' : '';
  return [
    "default-src 'none'",
    `script-src ${of("'self'", origin, parts)}`,
    `frame-src ${of(origin, parts, isStripe ? 'https://hooks.stripe.com' : '') || "'none'"}`,
    `connect-src ${of("'self'", isStripe ? 'https://api.stripe.com' : origin)}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
