#!/usr/bin/env node
/** The command `holdfast`: from source by tsx in a checkout, else the compiled program. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../cli/main.ts', import.meta.url);
const compiled = [
  new URL('../dist/cli/main.js', import.meta.url),
  new URL('../cli/main.js', import.meta.url),
];
const isThere = (url) => existsSync(fileURLToPath(url));

if (isThere(source) && isThere(new URL('../node_modules/tsx/package.json', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  const program = compiled.find(isThere);
  if (!program) {
    console.error('holdfast is not installed here yet: run `npm ci` in the project first');
    process.exit(1);
  }
  await import(program.href);
}
