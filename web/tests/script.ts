/** Scripts, as far as pages need them: what happens to a program, and when (docs/script.md). */
import { Button, type Input, MouseButton } from '../player/src/protocol';

/** Frames that pass, or something that happens between two of them. */
export type Step = { frames: number } | { inputs: Input[] };

const kNamed: Record<string, string> = {
  Enter: '\r', Tab: '\t', Space: ' ', Backspace: '\b', Escape: '\x1b', Delete: '\x7f',
};
const kEscapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', e: '\x1b' };

/** Words of a line, quotes and comments looked after; characters are bytes. */
function wordsOf(line: string): { text: string; quoted: boolean }[] {
  const words = [];
  for (const [, quoted, plain] of line.matchAll(/"((?:\\.|[^"\\])*)"|(#.*|[^\s"]+)/g)) {
    if (plain?.startsWith('#')) {
      break;
    }
    const text = (quoted ?? plain ?? '').replace(/\\x(..)|\\(.)/g, (_, hex?: string, one?: string) =>
      hex === undefined ? (kEscapes[one!] ?? one!) : String.fromCharCode(parseInt(hex, 16)),
    );
    words.push({ text, quoted: quoted !== undefined });
  }
  return words;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1'));
}

function keys(text: string): Input[] {
  return [...bytesOf(text)].map((byte) => ({ kind: 'key', byte }));
}

function buttons(words: string[], pad: number): Input[] {
  return words.map((word) => {
    const button = word
      .slice(1)
      .split(/[+-]/)
      .reduce((bits, name) => bits | Button[name as keyof typeof Button], 0);
    return { kind: word.startsWith('+') ? 'press' : 'release', button, pad };
  });
}

function mouse(words: string[]): Input[] {
  const inputs: Input[] = [];
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  if (numbers.length === 2) {
    inputs.push({ kind: 'mouse-move', x: numbers[0]!, y: numbers[1]! });
  }
  for (const word of words.filter((one) => /^[+-]/.test(one))) {
    const name = (word[1]!.toUpperCase() + word.slice(2)) as keyof typeof MouseButton;
    inputs.push({ kind: word.startsWith('+') ? 'mouse-press' : 'mouse-release', button: MouseButton[name] });
  }
  return inputs;
}

/** Errors: a command that pages have no use for. */
export function parseScript(script: string): Step[] {
  const steps: Step[] = [];
  for (const line of script.split('\n')) {
    const [command, ...rest] = wordsOf(line);
    const words = rest.map(({ text }) => text);
    switch (command?.text) {
      case undefined:
        break;
      case 'wait':
        steps.push({ frames: Number(words[0] ?? 1) });
        break;
      case 'key':
        steps.push({ inputs: rest.flatMap(({ text, quoted }) => keys((quoted ? undefined : kNamed[text]) ?? text)) });
        break;
      case 'text':
        steps.push({ inputs: words.flatMap(keys) });
        break;
      case 'button':
        steps.push({ inputs: buttons(words, 0) });
        break;
      case 'pad':
        steps.push({ inputs: buttons(words.slice(1), Number(words[0]) - 1) });
        break;
      case 'mouse':
        steps.push({ inputs: mouse(words) });
        break;
      case 'scroll':
        steps.push({ inputs: [{ kind: 'scroll', x: Number(words[0]), y: Number(words[1]) }] });
        break;
      case 'console':
        steps.push({ inputs: [{ kind: 'input', bytes: bytesOf(`${words[0]}\n`) }] });
        break;
      default:
        throw new Error(`no command for pages: ${command!.text}`);
    }
  }
  return steps;
}
