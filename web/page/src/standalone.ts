/** A page that is one file and plays one program: what `leveret export web` fills in. */
import { fromBase64 } from '../../player/src/base64';
import { define } from '../../player/src/define';
import { kInlineParts } from '../../player/src/inline_parts';
import { ConsolePanel } from './console_panel';
import { byId, message, notice } from './elements';
import { keyOf, Storage } from './storage';

/** As src/app/cli/export_web.cpp writes it; contents are in base64. */
interface Exported {
  title: string;
  rom: string;
  files: Record<string, string>;
}

async function start() {
  const exported = JSON.parse(byId('program').textContent ?? 'null') as Exported | null;
  if (exported === null) {
    throw new Error('There is no program in this file: “leveret export web” makes one that has.');
  }
  const rom = fromBase64(exported.rom);
  const key = keyOf(rom);
  const player = new (define(kInlineParts))();
  player.setAttribute('label', exported.title);
  byId('start').replaceWith(player);

  const side = byId('side');
  new ConsolePanel(player);
  player.addEventListener('console', () => {
    side.hidden = false;
    // All that it does is print.
    side.classList.toggle('alone', player.blank);
    player.hidden = player.blank && player.running;
  });
  player.addEventListener('statechange', () => {
    player.hidden &&= player.running;
  });

  const storage = new Storage((text) => notice(text, true));
  player.addEventListener('file', ({ detail: { path, bytes } }) => {
    void storage.put('files', key, path, bytes);
  });
  const files = new Map<string, Uint8Array>(Object.entries(exported.files).map(([path, bytes]) => [path, fromBase64(bytes)]));
  for (const [path, bytes] of await storage.list<Uint8Array>('files', key)) {
    files.set(path, bytes);
  }
  // The player says itself what goes wrong.
  await player.load(rom, { files }).catch(() => {});
  player.focus();
}

start().catch((error) => {
  const place = document.getElementById('start');
  if (place !== null) {
    place.textContent = message(error);
  }
});
