/** The source: written, assembled while it is, and run. */
import type { Assembled, Diagnostic } from '../../player/src/computer';
import { byId, download, make, message } from './elements';

const kLineHeight = 20;
const kPadding = 8;
/** After the last key. */
const kAssembleMs = 250;

export interface Assembler {
  assemble(source: string, name: string): Promise<Assembled>;
}

export class Editor {
  readonly text = byId<HTMLTextAreaElement>('source-text');
  readonly #lines = byId('source-lines');
  readonly #marks = byId('source-marks');
  readonly #errors = byId('source-errors');
  readonly #name = byId<HTMLInputElement>('source-name');
  readonly #live = byId<HTMLInputElement>('source-live');
  readonly #assembler: Assembler;
  readonly #run: (rom: Uint8Array, name: string) => void;
  readonly #changed: () => void;
  #bad: Diagnostic[] = [];
  #timer = 0;
  #round = 0;
  #tabLeaves = false;

  /** run: a program that has been assembled. changed: the text was edited. */
  constructor(assembler: Assembler, run: (rom: Uint8Array, name: string) => void, changed: () => void) {
    this.#assembler = assembler;
    this.#run = run;
    this.#changed = changed;
    this.text.addEventListener('input', () => {
      this.#number();
      this.#changed();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#check(this.#live.checked), kAssembleMs);
    });
    this.text.addEventListener('scroll', () => this.#place());
    this.text.addEventListener('keydown', (event) => this.#key(event));
    byId('source-run').addEventListener('click', () => void this.run());
    byId('source-save').addEventListener('click', () => download(this.name, new TextEncoder().encode(this.source)));
    this.#name.addEventListener('change', () => {
      this.#name.value = this.name;
      this.#changed();
    });
    this.#number();
  }

  get source(): string {
    return this.text.value;
  }
  /** Of the file; ends in .tal. */
  get name(): string {
    const name = this.#name.value.trim() || 'program';
    return /\.tal$/i.test(name) ? name : `${name}.tal`;
  }

  open(source: string, name: string) {
    this.text.value = source;
    this.#name.value = name;
    this.text.scrollTop = 0;
    this.text.setSelectionRange(0, 0);
    this.#bad = [];
    this.#errors.replaceChildren();
    this.#number();
  }

  /** Assembles and, if that succeeds, runs. */
  async run() {
    clearTimeout(this.#timer);
    await this.#check(true);
  }

  async #check(run: boolean) {
    const round = ++this.#round;
    const name = this.name;
    let assembled: Assembled;
    try {
      assembled = await this.#assembler.assemble(this.source, name);
    } catch (error) {
      this.#errors.replaceChildren(make('p', { className: 'fine', textContent: message(error) }));
      return;
    }
    if (round !== this.#round) {
      return; // something newer is under way
    }
    this.#bad = assembled.diagnostics;
    this.#number();
    this.#report(assembled, name);
    if (run && assembled.rom !== null) {
      this.#run(assembled.rom, name);
    }
  }

  #report({ rom, diagnostics }: Assembled, name: string) {
    const entries: HTMLElement[] = diagnostics.map((diagnostic) => {
      const { file, line, column, severity, hint } = diagnostic;
      const place = line === 0 ? '' : `${file === name ? '' : `${file}, `}line ${line}, column ${column}: `;
      const entry = make('button', {
        type: 'button',
        className: severity === 'error' ? 'bad' : 'doubtful',
        textContent: `${place}${severity}: ${diagnostic.message}`,
        onclick: () => file === name && this.#goTo(line, column, diagnostic.endColumn),
      });
      if (hint) {
        entry.append(make('span', { className: 'hint', textContent: hint }));
      }
      return entry;
    });
    if (rom !== null) {
      entries.push(make('p', { className: 'fine', textContent: `Assembled: ${rom.length} bytes.` }));
    }
    this.#errors.replaceChildren(...entries);
  }

  #goTo(line: number, column: number, endColumn: number) {
    const lines = this.source.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    this.text.focus();
    this.text.setSelectionRange(start + column - 1, start + Math.max(column, endColumn) - 1);
    this.text.scrollTop = Math.max(0, (line - 4) * kLineHeight);
    this.#place();
  }

  #worst(): Map<number, 'bad' | 'doubtful'> {
    const name = this.name;
    const worst = new Map<number, 'bad' | 'doubtful'>();
    for (const { file, line, severity } of this.#bad) {
      if (file === name && line > 0 && worst.get(line) !== 'bad') {
        worst.set(line, severity === 'error' ? 'bad' : 'doubtful');
      }
    }
    return worst;
  }

  #number() {
    const count = this.source.split('\n').length;
    const worst = this.#worst();
    const fragment = document.createDocumentFragment();
    let plain = '';
    for (let line = 1; line <= count; ++line) {
      const kind = worst.get(line);
      if (kind === undefined) {
        plain += `${line}\n`;
      } else {
        fragment.append(plain, make('span', { className: kind, textContent: `${line}` }), '\n');
        plain = '';
      }
    }
    fragment.append(plain, '\n\n');
    this.#lines.replaceChildren(fragment);
    this.#marks.replaceChildren(
      ...[...worst].map(([line, kind]) => {
        const mark = make('div', { className: kind });
        mark.dataset.line = String(line);
        return mark;
      }),
    );
    this.#place();
  }

  /** Numbers and marks go with the text. */
  #place() {
    this.#lines.scrollTop = this.text.scrollTop;
    for (const mark of this.#marks.children as HTMLCollectionOf<HTMLElement>) {
      mark.style.top = `${kPadding + (Number(mark.dataset.line) - 1) * kLineHeight - this.text.scrollTop}px`;
    }
  }

  #key(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.run();
    } else if (event.key === 'Tab' && !event.shiftKey && !this.#tabLeaves) {
      event.preventDefault();
      this.text.setRangeText('\t', this.text.selectionStart, this.text.selectionEnd, 'end');
      this.text.dispatchEvent(new InputEvent('input'));
    }
    this.#tabLeaves = event.key === 'Escape';
  }
}
