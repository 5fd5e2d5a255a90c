/** A refusal or failure as RFC 9457 says it, with a stable code. */
import { z } from 'zod';
import { FAILURES, type FailureCode } from '../../domain/failures.ts';

const CODES = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];

/** The body of every answer from 400 up. */
export const ProblemBody = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.enum(CODES),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({
        description:
          'Each place that is wrong, as a JSON pointer into the body or `?name` for a query parameter.',
      }),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem; `code` is stable, texts may change.' });

/** A problem for clients. */
export type Problem = z.output<typeof ProblemBody>;
