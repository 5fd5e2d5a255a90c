/** /openapi.json and the page at /docs: Swagger UI from the package, offline, without telemetry, under its own CSP. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import helmet from 'helmet';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<main id="docs">Loading the API's description…</main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false });
`;

/** Swagger UI writes style attributes and shows inline images; scripts come from here only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Mounts the document and its page. */
export function mountDocs(app: Express, document: object): void {
  const text = JSON.stringify(document);
  app.use(['/docs', '/openapi.json'], helmet({ contentSecurityPolicy: false }));
  const fixed = (type: string, body: string) => (_request: Request, response: Response) => {
    response.setHeader('Content-Type', `${type}; charset=utf-8`);
    response.end(body);
  };
  app.get('/openapi.json', fixed('application/json', text));
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', POLICY);
    next();
  });
  app.get('/docs', fixed('text/html', PAGE));
  app.get('/docs/start.js', fixed('text/javascript', START));
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  app.use('/docs/assets', express.static(folder, { index: false, maxAge: '1h' }));
}
