/** The programs that come with the page; the build assembles them (demos_plugin.ts). */
import programs, { launcher } from 'virtual:demos';
import { fromBase64 } from '../../player/src/base64';

export interface Demo {
  /** Of its file, without ".tal". */
  name: string;
  title: string;
  description: string;
  rom: Uint8Array;
  /** 24 by 24 pixels as the launcher draws them: nine tiles with two planes each; or null. */
  icon: Uint8Array | null;
  /** It prints, and has no use for a screen. */
  terminalOnly: boolean;
}

export const kDemos: readonly Demo[] = programs.map((demo) => ({
  ...demo,
  rom: fromBase64(demo.rom),
  icon: demo.icon === '' ? null : fromBase64(demo.icon),
}));
export const kLauncher = fromBase64(launcher);

const sources = import.meta.glob<string>('../../../roms/*.tal', { query: '?raw', import: 'default' });
const shared = import.meta.glob<string>('../../../roms/shared/*.tal', { query: '?raw', import: 'default' });

async function textOf(from: Record<string, () => Promise<string>>, ending: string): Promise<string | null> {
  const path = Object.keys(from).find((name) => name.endsWith(ending));
  return path === undefined ? null : await from[path]!();
}

export function sourceOf(name: string): Promise<string | null> {
  return textOf(sources, `/roms/${name}.tal`);
}

/** What any source in the page may include. */
export async function includes(): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const [path, read] of Object.entries(shared)) {
    found.set(path.slice(path.indexOf('shared/')), new TextEncoder().encode(await read()));
  }
  return found;
}
