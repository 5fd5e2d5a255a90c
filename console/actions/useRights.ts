/** What the person who is signed in may do, and which cases are theirs. */
import type { Scope } from '../../domain/access.ts';
import { useSession } from '../shell/session.ts';

const NONE: readonly Scope[] = [];

/** The rights of the person who is signed in. */
export function useScopes(): readonly Scope[] {
  return useSession()?.scopes ?? NONE;
}

/** The id of the key that is signed in: what a case names that is assigned to it. */
export function useKeyId(): string | undefined {
  return useSession()?.keyId;
}
