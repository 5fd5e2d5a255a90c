/**
 * Builds the console into dist/console unless what is there was made of the same sources and packages: a stamp beside it
 * holds their hash. Also writes .br and .gz beside every file, which the API serves as they are. Plain JavaScript,
 * because it runs before `npm start` and in the image's build.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = join(ROOT, 'dist', 'console');
const STAMP = join(OUT, '.sources');
/** The console reads these folders: the API's types and the pure rules. */
const SOURCES = ['console', 'domain', 'api/schemas'];
const COMPRESSED = /\.(js|css|html|svg)$/;
const WORTH_BYTES = 1024;

/** Builds when something changed; resolves to true when it built. */
export async function buildConsole({ force = false } = {}) {
  const sources = hashOfSources();
  if (!force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return false;
  // Called from a test run, NODE_ENV says "test", and React's development build would be taken: twice as slow.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({
    configFile: join(ROOT, 'console', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: OUT },
  });
  for (const file of filesBelow(OUT).filter((name) => COMPRESSED.test(name))) compress(file);
  writeFileSync(STAMP, sources);
  return true;
}

function hashOfSources() {
  const hash = createHash('sha256').update(process.version);
  const files = SOURCES.flatMap((folder) => filesBelow(join(ROOT, folder))).filter(
    (name) => !name.endsWith('.test.ts') && !name.endsWith('.test.tsx'),
  );
  for (const file of [join(ROOT, 'package-lock.json'), fileURLToPath(import.meta.url), ...files.sort()])
    hash.update(relative(ROOT, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function compress(file) {
  const bytes = readFileSync(file);
  // index.html gets a nonce on every answer, so it can't be compressed beforehand.
  if (bytes.length < WORTH_BYTES || file.endsWith('index.html')) return;
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await buildConsole({ force: process.argv.includes('--force') });
  console.error(built ? 'the console is built' : 'the console is up to date');
}
