/** Who asked for a refund or decided on it, for people. */
import { useSession } from '../shell/session.ts';
import { personWords } from './words.ts';

/** Gives the name of an actor: "you" for whoever is signed in. */
export function usePersonName(): (actor: string, name: string | null) => string {
  const own = useSession()?.actor;
  return (actor, name) => (actor === own ? 'you' : personWords(actor, name));
}
