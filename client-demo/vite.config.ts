import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The server's content security policy wants everything in files of its own: nothing is inlined. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: {
    outDir: '../dist/pages',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
