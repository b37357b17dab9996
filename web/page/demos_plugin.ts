/** Assembles the programs of the folder roms for the page, with Leveret's own assembler. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { Computer } from '../player/src/computer.ts';

const kName = 'virtual:demos';
const kIconBytes = 144;
const kIconId = 0x83;
const kDevicesId = 0x41;
const kScreenDevice = 2;

/** What the extensions in a ROM's metadata say: docs/launcher.md has the use of it. */
function extensions(rom: Uint8Array): Map<number, number> {
  const found = new Map<number, number>();
  // By custom a ROM begins with LIT2 address LIT METADATA-PORT DEO2.
  if (rom[0] !== 0xa0 || rom[3] !== 0x80 || rom[4] !== 0x06 || rom[5] !== 0x37) {
    return found;
  }
  let at = rom[1]! * 0x100 + rom[2]! - 0x100 + 1;
  while (at < rom.length && rom[at] !== 0) {
    ++at;
  }
  const count = rom[++at] ?? 0;
  for (let i = 0; i < count; ++i) {
    const [id = 0, high = 0, low = 0] = rom.subarray(at + 1 + 3 * i);
    found.set(id, high * 0x100 + low);
  }
  return found;
}

export function demos(roms: string, wasm: string): Plugin {
  return {
    name: 'leveret-demos',
    resolveId: (id) => (id === kName ? `\0${kName}` : null),
    async load(id) {
      if (id !== `\0${kName}`) {
        return null;
      }
      const files = new Map<string, Uint8Array>();
      for (const name of readdirSync(roms, { recursive: true, encoding: 'utf8' }).sort()) {
        if (name.endsWith('.tal')) {
          this.addWatchFile(join(roms, name));
          files.set(name, readFileSync(join(roms, name)));
        }
      }
      const computer = await Computer.create(readFileSync(wasm), { console: () => {}, fileChanged: () => {} });
      let launcher = '';
      const programs = [];
      for (const name of files.keys()) {
        if (name.includes('/')) {
          continue;
        }
        const assembled = computer.assemble(files, name);
        if (assembled.rom === null) {
          this.error(assembled.text);
        }
        const rom = assembled.rom.slice();
        const base64 = Buffer.from(rom).toString('base64');
        if (name === 'launcher.tal') {
          launcher = base64;
          continue;
        }
        const about = computer.metadata(rom);
        const known = extensions(rom);
        const icon = known.get(kIconId);
        const devices = known.get(kDevicesId);
        programs.push({
          name: name.slice(0, -'.tal'.length),
          title: about?.name || name,
          description: about?.description ?? '',
          rom: base64,
          icon:
            icon === undefined
              ? ''
              : Buffer.from(rom.subarray(icon - 0x100, icon - 0x100 + kIconBytes)).toString('base64'),
          terminalOnly: devices !== undefined && ((devices >> kScreenDevice) & 1) === 0,
        });
      }
      return `export default ${JSON.stringify(programs)};\nexport const launcher = '${launcher}';\n`;
    },
  };
}
