/**
 * How the console is built: one entry, a chunk for charts that only the reports and the home page load, a placeholder for
 * the nonce of the page's styles that the API fills in on every answer, and no inline script.
 */
import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';

/** The build's configuration; `outDir` is set by scripts/console.mjs. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // Browsers that know light-dark(): for older ones it is rewritten to variables that nothing here sets.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
