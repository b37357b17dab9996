/** The programs that come with the page; the build assembles them (demos_plugin.ts). */
import programs, { launcher } from 'virtual:demos';

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

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export const kDemos: readonly Demo[] = programs.map((demo) => ({
  ...demo,
  rom: decode(demo.rom),
  icon: demo.icon === '' ? null : decode(demo.icon),
}));
export const kLauncher = decode(launcher);

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
