/** Writes the service worker that keeps the built page for when there is no network. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

export function offline(template: string): Plugin {
  let output = '';
  return {
    name: 'leveret-offline',
    apply: 'build',
    configResolved(config) {
      output = resolve(config.root, config.build.outDir);
    },
    closeBundle(error?: Error) {
      if (error !== undefined) {
        return; // which Vite says
      }
      const names = readdirSync(output, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'service_worker.js')
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const hash = createHash('sha256');
      for (const name of names) {
        hash.update(name.slice(output.length)).update(readFileSync(name));
      }
      const files = ['./', ...names.map((name) => `.${name.slice(output.length)}`)];
      const text = readFileSync(template, 'utf8')
        .replace('__VERSION__', hash.digest('hex').slice(0, 16))
        .replace('__FILES__', JSON.stringify(files));
      writeFileSync(join(output, 'service_worker.js'), text);
    },
  };
}
