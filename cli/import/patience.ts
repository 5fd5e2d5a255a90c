/**
 * The command line's way to the API, for long jobs: what met a network failure, 429 or 5xx is sent again with growing
 * pauses, because every request of an import may be repeated without harm.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ApiProblem, ApiUnreachable, openApi, type Problem, type Sending } from '../http.ts';

/** Where the API is and who asks. */
export interface Target {
  url: string;
  apiKey: string;
}

/** The API could not be reached, or went on failing, for all tries. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const TRIES_MAX = 8;
const PAUSE_MAX_MILLIS = 20_000;

/** Sends until a usable answer comes and gives its body. Throws ApiProblem for a refusal, Unreachable after 8 tries (about 70 s). */
export async function ask(target: Target, path: string, sending: Sending = {}): Promise<unknown> {
  const api = openApi({ url: target.url, key: target.apiKey });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.call<unknown>(path, sending);
    } catch (error) {
      if (sending.signal?.aborted || !mayPass(error)) throw error;
      const said = error instanceof Error ? error.message : String(error);
      if (attempt === TRIES_MAX)
        throw new Unreachable(
          `${target.url} did not answer usably in ${TRIES_MAX} tries: ${said}. Run the same command again to go on`,
        );
    }
    await pause(pauseMillis(attempt));
  }
}

/** The pause after a failed try, in milliseconds. */
export function pauseMillis(attempt: number): number {
  return Math.min(PAUSE_MAX_MILLIS, 250 * 2 ** attempt);
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiUnreachable) return true;
  return error instanceof ApiProblem && (error.status >= 500 || error.status === 429);
}

const PROBLEM = z.looseObject({
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.looseObject({ pointer: z.string().optional(), detail: z.string() })).optional(),
});

/** Reads a problem that stands inside an answer; what is none counts as an unknown refusal. */
export function readProblem(value: unknown): Problem {
  const result = PROBLEM.safeParse(value);
  if (!result.success) return { title: 'an answer that is no problem', status: 422 };
  const { title, status, detail, code, errors } = result.data;
  return {
    ...{ title, status },
    ...(detail !== undefined && { detail }),
    ...(code !== undefined && { code }),
    ...(errors && {
      errors: errors.map((error) => ({
        detail: error.detail,
        ...(error.pointer !== undefined && { pointer: error.pointer }),
      })),
    }),
  };
}

/** One line for the rejects file: the detail and the first places that are wrong. */
export function describeProblem(problem: Problem): string {
  const errors = problem.errors ?? [];
  const places = errors.slice(0, 3).map((error) => `${error.pointer ?? ''} ${error.detail}`.trim());
  const more = errors.length > 3 ? [`and ${errors.length - 3} more`] : [];
  return [problem.detail ?? problem.title, ...places, ...more].join('; ');
}
