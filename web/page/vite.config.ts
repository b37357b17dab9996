import { join } from 'node:path';
import { defineConfig } from 'vite';
import { demos } from './demos_plugin.ts';
import { offline } from './offline_plugin.ts';
import { preload } from './preload_plugin.ts';

const root = import.meta.dirname;
const project = join(root, '../..');

export default defineConfig({
  root,
  base: './',
  plugins: [
    demos(join(project, 'roms'), join(project, 'build/web/leveret.wasm')),
    preload(),
    offline(join(root, 'service_worker.js')),
  ],
  worker: { format: 'es' },
  server: { fs: { allow: [project] } },
  build: {
    outDir: join(project, 'build/web/page'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});
