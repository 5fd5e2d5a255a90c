/** Sign-in of people: an API key of a person's role for a session that only the browser holds. */
import { z } from 'zod';
import { ROLES, SCOPES } from '../../domain/access.ts';
import { at } from './fields.ts';

/** The body of a sign-in. */
export const SignInBody = z
  .strictObject({
    apiKey: z.string().min(1).max(200).meta({ description: 'A key of role viewer, support or ops.' }),
  })
  .meta({ id: 'SignIn' });

/** Who is signed in. */
export const SessionBody = z
  .strictObject({
    keyId: z.string(),
    name: z.string().meta({ description: 'The name of the key: what others see beside what was done.' }),
    actor: z.string().meta({ description: 'As events and audit name it.' }),
    role: z.enum(ROLES),
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: at,
  })
  .meta({ id: 'Session' });

/** Types for clients. */
export type Session = z.output<typeof SessionBody>;
