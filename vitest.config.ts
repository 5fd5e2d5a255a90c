/**
 * Two groups of tests: `unit` (beside the code, in parallel) and `stories` (whole-system, one after the other in one
 * process, so that they share one PostgreSQL, one Temporal and one set of simulators).
 */
import { defineConfig } from 'vitest/config';

const STORIES = ['test/lifecycle/**/*.test.ts', 'test/failures/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**', '.holdfast/**'];

/** The test configuration. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, ...STORIES],
          pool: 'forks',
          testTimeout: 15_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stories',
          include: STORIES,
          globalSetup: ['test/global.ts'],
          exclude: NEVER,
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
