/**
 * Requests that the simulators send: callbacks and handovers. Node's own client with kept connections costs a third
 * of the CPU of fetch, which counts when simulators, worker and database share two cores.
 */
import http from 'node:http';
import https from 'node:https';

const AGENTS = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 32 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 32 }),
};

/** Posts JSON text and resolves with the answer's status; rejects when there was none within the time. */
export function postJson(
  url: URL,
  message: { body: string; headers?: Record<string, string>; timeoutMillis: number },
): Promise<number> {
  const isPlain = url.protocol === 'http:';
  const options = {
    method: 'POST',
    agent: isPlain ? AGENTS['http:'] : AGENTS['https:'],
    signal: AbortSignal.timeout(message.timeoutMillis),
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(message.body)),
      ...message.headers,
    },
  };
  return new Promise((resolve, reject) => {
    const request = (isPlain ? http : https).request(url, options, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
      response.resume();
    });
    request.on('error', reject);
    request.end(message.body);
  });
}
