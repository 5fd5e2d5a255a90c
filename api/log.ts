/**
 * One line a request, made of what is allowed in it: ids, method, route, status, time. Never a body, a query or a name;
 * of a database error only its class and place, because its message may quote values.
 */
import type { Services } from './deps.ts';

/** What is known of a request. */
export interface RequestNote {
  id: string;
  startedAt: number;
  method: string;
  path: string;
  /** The route's pattern, `none` until one was found. */
  route: string;
  keyId: string | undefined;
  /** What was thrown and not foreseen. */
  failure: unknown;
}

/** Counts the request and the time it took to answer it. */
export function countRequest(services: Services, note: RequestNote, status: number): void {
  const { method, route } = note;
  const seconds = (performance.now() - note.startedAt) / 1000;
  services.metrics.requests.observe({ method, route, status }, seconds);
}

/** Writes the line, once the request is over. */
export function logRequest(services: Services, note: RequestNote, status: number): void {
  const millis = performance.now() - note.startedAt;
  const { method, route } = note;
  const line = {
    requestId: note.id,
    method,
    route,
    status,
    millis: Math.round(millis * 10) / 10,
    keyId: note.keyId,
  };
  if (note.failure !== undefined)
    services.logger.error({ ...line, failure: describeFailure(note.failure) }, 'request failed');
  else services.logger.info(line, 'request');
}

/** What of an exception may stand in a log. */
export function describeFailure(failure: unknown): Record<string, unknown> {
  if (!(failure instanceof Error)) return { name: typeof failure };
  const frames = failure.stack?.split('\n').filter((text) => text.trimStart().startsWith('at ')) ?? [];
  const state = 'code' in failure && typeof failure.code === 'string' ? failure.code : undefined;
  const isDatabase = 'severity' in failure;
  return {
    name: failure.name,
    ...(state !== undefined && { code: state }),
    ...(isDatabase && 'constraint' in failure && { constraint: failure.constraint }),
    ...(!isDatabase && { message: failure.message }),
    at: frames.slice(0, 8).map((text) => text.trim()),
  };
}
