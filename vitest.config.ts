/**
 * Three groups of tests: `unit` (beside the code, in parallel), `stories` (whole-system, one after the other in one
 * process, so that they share one PostgreSQL, one Temporal and one set of simulators) and `browser` (the console in a
 * real Chromium). Without a Chromium the third group is left out, and a line says so and how to run it.
 */
import { defineConfig } from 'vitest/config';
import { findChromium, NO_CHROMIUM } from './cli/prove/chromium.ts';

const STORIES = ['test/lifecycle/**/*.test.ts', 'test/failures/**/*.test.ts'];
const BROWSER = ['test/browser/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**', '.holdfast/**'];

const hasBrowser = findChromium(process.env) !== undefined;
if (!hasBrowser) {
  // Where the browser tests are required, leaving them out would look like passing them.
  if (process.env['HOLDFAST_BROWSER_TESTS'] === 'required') throw new Error(NO_CHROMIUM);
  process.stderr.write(
    `\nLeft out: the browser tests of the console (test/browser). ${NO_CHROMIUM}\nThen: npm run test:browser\n\n`,
  );
}

/** The test configuration. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, ...STORIES, ...BROWSER],
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
      ...(hasBrowser
        ? [
            {
              test: {
                name: 'browser',
                include: BROWSER,
                globalSetup: ['test/global.ts', 'test/browser/build.ts'],
                exclude: NEVER,
                pool: 'forks' as const,
                maxWorkers: 1,
                fileParallelism: false,
                isolate: false,
                // After the others: a page that has to wait for two cores full of tests looks broken.
                sequence: { groupOrder: 1 },
                testTimeout: 120_000,
                hookTimeout: 240_000,
              },
            },
          ]
        : []),
    ],
  },
});
