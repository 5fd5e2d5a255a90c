/** `npm run build`: compiles to dist, copies the files that the code reads beside itself (contracts, pages), builds the console. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './console.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');
const FOLDERS = ['api', 'cli', 'db', 'providers', 'simulators', 'worker'];
// .js: scripts for browsers, which nothing compiles.
const ASSETS = new Set(['.yaml', '.json', '.html', '.css', '.svg', '.js']);

rmSync(DIST, { recursive: true, force: true });
process.exitCode = compile() || copyAssets();
if (process.exitCode === 0) await buildConsole();

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (result.error) console.error(`the compiler did not run: ${result.error.message}`);
  return result.status ?? 1;
}

function copyAssets() {
  const files = FOLDERS.map((folder) => join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && ASSETS.has(extname(entry.name)) && entry.name !== 'tsconfig.json');
  for (const file of files) {
    const from = join(file.parentPath, file.name);
    const to = join(DIST, relative(ROOT, from));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
  console.error(`dist is ready; ${files.length} files were copied beside the compiled code`);
  return 0;
}
