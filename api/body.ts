/** Reads request bodies: bounded, UTF-8, JSON; raw where a signature is over the bytes. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { cardNumbersIn, unstorableIn, maskCardNumbersIn } from './check.ts';
import { Refusal } from './problems.ts';

/** Body limits in bytes. */
export const BODY_LIMITS = Object.freeze({
  standard: 1024 * 1024,
  webhook: 256 * 1024,
  /** Imports carry up to 100 orders. */
  bulk: 8 * 1024 * 1024,
});

/** Reads the whole body; throws `body_too_large` as soon as it is known to be, whatever Content-Length said. */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new Refusal('body_too_large', { detail: `at most ${limit} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      // The rest is thrown away, so that the sender gets to read the answer.
      request.removeAllListeners('data');
      request.resume();
      reject(tooLarge());
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** Refuses what is not plain JSON by its headers. */
export function requireJson(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? '';
  const mime = type.split(';', 1)[0]?.trim().toLowerCase();
  const charset = /charset="?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase();
  const encoding = request.headers['content-encoding'];
  if (mime !== 'application/json') throw new Refusal('unsupported_media_type');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new Refusal('unsupported_media_type', { detail: 'JSON is UTF-8' });
  if (encoding !== undefined && encoding !== 'identity')
    throw new Refusal('unsupported_media_type', { detail: 'a compressed body is not taken' });
}

/**
 * Parses bytes as JSON; refuses text that can't be stored, and card numbers wherever they stand, but for the places that
 * begin with `except`: what is there is answered for piece by piece.
 */
export function parseJson(bytes: Buffer, except?: string): unknown {
  const { raw, body } = parsed(bytes);
  const found = cardNumbersIn(body, raw);
  const cards = except === undefined ? found : found.filter((one) => !one.pointer.startsWith(except));
  if (cards.length > 0) throw new Refusal('card_number', { errors: cards });
  return body;
}

/** The same for a body that was signed by others and can't be refused: card numbers in its texts are masked. */
export function parseSigned(bytes: Buffer): unknown {
  const { raw, body } = parsed(bytes);
  return maskCardNumbersIn(raw, body);
}

function parsed(bytes: Buffer): { raw: string; body: unknown } {
  if (!isUtf8(bytes)) throw new Refusal('malformed_json', { detail: 'the body is not UTF-8' });
  const raw = bytes.toString();
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    throw new Refusal('malformed_json');
  }
  const errors = unstorableIn(raw, body);
  if (errors.length > 0) throw new Refusal('invalid', { errors });
  return { raw, body };
}
