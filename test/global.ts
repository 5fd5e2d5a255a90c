/**
 * Before the stories: Temporal's command line is found, or got once (built from source in about three minutes where
 * nothing else works), so that no story's own time-out has to bear it.
 */
import { sayOnStderr } from '../cli/stack/say.ts';
import { findTemporal } from '../cli/stack/temporal.ts';
import { machineWays } from '../cli/stack/temporalWays.ts';

/** Finds Temporal; fails the run when there is no way to get it. */
export default async function prepare(): Promise<void> {
  await findTemporal(machineWays(process.env), sayOnStderr());
}
