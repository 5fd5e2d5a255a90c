/**
 * The console's files: built once, compressed beforehand, served on the same origin under a strict policy. index.html is
 * served for every address of the console and gets a fresh nonce for its style elements on each answer; scripts come from
 * this origin only and none stands in the page.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import helmet from 'helmet';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';

const NONCE = /__CSP_NONCE__/g;
/** What is not the console's: these addresses answer for themselves. */
const NOT_OURS = /^\/(v1|docs|openapi\.json|health|ready|metrics|assets)(\/|$)/;

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Holdfast</title></head>
<body><h1>The console is not built</h1>
<p>The API works; see <a href="/docs">/docs</a>. <code>npm start</code> builds the console by itself, <code>npm run build</code> too.</p>
</body></html>
`;

/** Mounts the console of `folder`; without one, or without an index.html in it, its addresses say that it is not built. */
export function mountConsole(app: Express, folder: string | undefined): void {
  const safe = helmet({ contentSecurityPolicy: false });
  if (folder !== undefined) app.use('/assets', safe, compressed(join(folder, 'assets')));
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isPage(request)) return next();
    safe(request, response, () => sendPage(response, { folder, isHead: request.method === 'HEAD' }));
  });
}

/**
 * Serves assets as they were compressed beforehand. Names hold a hash of their content: what is kept is never stale. The
 * folder is looked at on each request, so that a console built anew is served without a restart.
 */
function compressed(folder: string): RequestHandler[] {
  const serve = express.static(folder, {
    index: false,
    immutable: true,
    maxAge: '1y',
    redirect: false,
    acceptRanges: false,
  });
  const choose: RequestHandler = (request, response, next) => {
    response.vary('Accept-Encoding');
    // Conditions of those who write; one that does not hold would be answered by whoever handles errors.
    delete request.headers['if-match'];
    delete request.headers['if-unmodified-since'];
    const { path } = request;
    const chosen = ENCODINGS.find(
      // One after the other: asked about both, it gives the one that the browser names first, and all name gzip first.
      ({ name, ending }) => request.acceptsEncodings(name) && existsSync(join(folder, path + ending)),
    );
    if (chosen) {
      response.type(extname(path));
      response.setHeader('Content-Encoding', chosen.name);
      request.url = path + chosen.ending;
    }
    next();
  };
  const onlyAssets: RequestHandler = (request, response, next) => {
    if (isRead(request) && NAME.test(request.path)) choose(request, response, next);
    else next();
  };
  // Nothing was sent after all: whoever answers instead does not send what was promised.
  const takeBack: RequestHandler = (_request, response, next) => {
    response.removeHeader('Content-Encoding');
    response.removeHeader('Content-Type');
    next();
  };
  return [onlyAssets, serve, takeBack];
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;
/** What the build names its files: one segment, nothing that leads out of the folder. */
const NAME = /^\/[\w-]+\.(js|css|svg)$/;

function isPage(request: Request): boolean {
  if (!isRead(request)) return false;
  if (NOT_OURS.test(request.path)) return false;
  return request.path === '/' || (request.headers.accept?.includes('text/html') ?? false);
}

function sendPage(response: Response, given: { folder: string | undefined; isHead: boolean }): void {
  const nonce = randomBytes(16).toString('base64');
  const index = given.folder === undefined ? undefined : join(given.folder, 'index.html');
  const page = index !== undefined && existsSync(index) ? readFileSync(index, 'utf8') : undefined;
  const text = (page ?? NOT_BUILT).replace(NONCE, nonce);
  response.statusCode = page === undefined ? 503 : 200;
  response.setHeader('Content-Security-Policy', policy(nonce));
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(given.isHead ? undefined : text);
}

/** Mantine writes one style element for the theme, which carries the nonce, and style attributes. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
