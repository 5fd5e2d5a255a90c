/** Who did something: actors as events and audit name them, and which of them are people. */
import type { Role } from './access.ts';

/** Roles of keys that people hold; the others are systems. */
export const PERSON_ROLES: readonly Role[] = ['viewer', 'support', 'ops'];

/** Who sends a signal by hand is not proven: Temporal knows no users on its own. */
export const SIGNAL_SENDER = 'temporal-web, unverified';
