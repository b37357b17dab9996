/** The page's side of the launcher, a program that lists programs: docs/launcher.md has the files. */

export interface Entry {
  title: string;
  description: string;
  icon: Uint8Array | null;
  terminalOnly: boolean;
}

export interface List {
  /** What to call it. */
  name: string;
  entries: Entry[];
}

const kProgram = 1;
const kTerminalOnly = 2;
const kHasIcon = 4;
const kIconBytes = 144;

/** What the program has letters for; 7f stands for anything else. */
function ascii(text: string): string {
  return [...text].map((letter) => (letter >= ' ' && letter < '\x7f' ? letter : '\x7f')).join('');
}

/** A text in `size` bytes, the 00 at its end included. */
function fixed(text: string, size: number): number[] {
  let letters = ascii(text);
  if (letters.length > size - 1) {
    letters = `${letters.slice(0, size - 3)}..`;
  }
  const bytes = [...letters].map((letter) => letter.charCodeAt(0));
  return [...bytes, ...new Array<number>(size - bytes.length).fill(0)];
}

function short(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

function record(entry: Entry): Uint8Array {
  const flags = (entry.terminalOnly ? kTerminalOnly : 0) | (entry.icon ? kHasIcon : 0);
  return Uint8Array.from([
    kProgram,
    flags,
    ...fixed(entry.title, 0x2e),
    ...fixed('', 0x20),
    ...fixed(entry.description, 0x40),
    ...(entry.icon ?? new Uint8Array(kIconBytes)),
  ]);
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** begin: the number of the list to begin with. Room: 0 by 0 is as much as it likes. */
export function launcherFiles(lists: List[], begin: number): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([['begin', Uint8Array.from([begin, ...short(0), ...short(0)])]]);
  lists.forEach(({ name, entries }, number) => {
    const folder = hex(number, 2);
    files.set(`${folder}/about`, Uint8Array.from([...short(entries.length), ...short(0), ...fixed(name, 0x1c)]));
    files.set(
      `${folder}/letters`,
      Uint8Array.from(entries.map(({ title }) => ascii(title).toLowerCase().charCodeAt(0) || 0x7f)),
    );
    entries.forEach((entry, index) => files.set(`${folder}/${hex(index, 4)}`, record(entry)));
  });
  return files;
}

/** What was written into `choice`: the number of a list, and of an entry in it. */
export function choiceIn(bytes: Uint8Array): { list: number; entry: number } | null {
  return bytes.length === 3 ? { list: bytes[0]!, entry: bytes[1]! * 0x100 + bytes[2]! } : null;
}
