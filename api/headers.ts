/**
 * The safe headers of every JSON answer: helmet's, computed once at the start instead of on every request (a tenth of
 * what intake costs in this process). The pages at /docs use helmet as it is, with their own policy.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

function computed(): readonly string[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // What only matters to pages, or to browsers long gone, is not sent with every answer.
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })(request, response, () => undefined);
  const headers = Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
  return Object.freeze(headers);
}

const SAFE = computed();

/** Names and values in turn, as `writeHead` takes them. */
export const SAFE_HEADERS: readonly string[] = Object.freeze([...SAFE, 'Cache-Control', 'no-store']);

/** Those of a stream: proxies that gather or change answers before they pass them on are told not to. */
export const STREAM_HEADERS: readonly string[] = Object.freeze([
  ...SAFE,
  ...['Content-Type', 'text/event-stream'],
  ...['Cache-Control', 'no-store, no-transform'],
  ...['X-Accel-Buffering', 'no'],
]);
