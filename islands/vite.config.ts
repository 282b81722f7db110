// How the islands are bundled: hashed files with a manifest, and beside each text its compressed
// forms. The build script of `crates/assets` runs this and says where the engines lie
// (OCTO_GLUE, OCTO_STUDIO) and where the files go (OCTO_SITE); without it only the tests can run.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const glue = process.env.OCTO_GLUE ?? resolve('glue');
const studio = process.env.OCTO_STUDIO ?? resolve('studio-glue');
const site = process.env.OCTO_SITE ?? resolve('dist');

// The mark is asked for by pages, not by a script, so nothing else would carry it along.
function mark(): Plugin {
  const file = resolve('src/mark.svg');
  return {
    name: 'octo-mark',
    apply: 'build',
    buildStart() {
      if (!existsSync(file)) return;
      this.emitFile({ type: 'asset', name: 'mark.svg', originalFileName: 'src/mark.svg', source: readFileSync(file) });
    },
  };
}

// Once, as small as it gets, so that no request pays for it.
function compress(): Plugin {
  return {
    name: 'octo-compress',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(site)) {
        if (!/\.(css|js|svg|wasm)$/.test(name)) continue;
        const bytes = readFileSync(join(site, name));
        const br = brotliCompressSync(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 11,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
            // Near copies are common in compiled code: four of the nearest distances have codes of their own.
            [constants.BROTLI_PARAM_NDIRECT]: name.endsWith('.wasm') ? 4 : 0,
          },
        });
        const gz = gzipSync(bytes, { level: 9 });
        if (br.length < bytes.length) writeFileSync(join(site, `${name}.br`), br);
        if (gz.length < bytes.length) writeFileSync(join(site, `${name}.gz`), gz);
      }
    },
  };
}

// What only the studio loads says so by its name, and a test keeps its budget apart.
const ofStudio = /\/src\/studio\/|\/node_modules\/(?:svelte|@xyflow|smol-toml|uplot)\//;

function chunkName({ name, moduleIds }: { name: string; moduleIds: string[] }): string {
  const prefix = !name.startsWith('studio') && moduleIds.some((id) => ofStudio.test(id)) ? 'studio-' : '';
  return `${prefix}[name]-[hash:10].js`;
}

const named = {
  entryFileNames: '[name]-[hash:10].js',
  chunkFileNames: chunkName,
  assetFileNames: '[name]-[hash:10][extname]',
  hashCharacters: 'hex' as const,
};

// What several parts of the studio need comes with its page; what is asked for later comes in a few
// pieces by what it is for. In many small ones it would be larger, and fetched one by one.
const pieces = {
  groups: [
    // Every page has the loader, and nothing may come along with it.
    { name: 'fetch', test: /preload-helper/, priority: 4 },
    { name: 'shared', test: /\/src\/shared\//, minShareCount: 2, priority: 3 },
    { name: 'studio-base', test: ofStudio, minShareCount: 2, priority: 2 },
    { name: 'studio-watch', test: /\/src\/studio\/(?:(?:TextForm|Problems)\.svelte|run\/(?:(?:Charts?|Faults|Predict|Requests|Results|Sliders)\.svelte|(?:lines|plot|sliders)\.ts))/, priority: 1 },
    { name: 'studio-judge', test: /\/src\/studio\/(?:compare|forms|paper|verdict)\//, priority: 1 },
  ],
};

export default defineConfig({
  base: '/assets/',
  publicDir: false,
  resolve: { alias: { 'octo-engine': glue, 'octo-studio': studio, 'd3-color': resolve('src/studio/colourless.ts') } },
  plugins: [svelte(), mark(), compress()],
  worker: { format: 'es', rollupOptions: { output: named } },
  build: {
    outDir: site,
    emptyOutDir: true,
    assetsDir: '',
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: false,
    target: 'es2022',
    reportCompressedSize: false,
    rollupOptions: { input: { main: 'src/main.ts', style: 'src/style/index.css', studio: 'src/studio/studio.ts', 'studio-style': 'src/studio/style.css' }, output: { ...named, codeSplitting: pieces } },
  },
});
