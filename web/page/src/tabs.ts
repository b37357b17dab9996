/** The tools beside the screen, as tabs: arrow keys go from one to the next. */
import { byId } from './elements';

export type Tool = 'console' | 'source' | 'files' | 'states' | 'race' | 'help';

export class Tabs {
  readonly #tabs: HTMLButtonElement[];
  readonly #side = byId('side');
  readonly #toggle = byId<HTMLButtonElement>('panels');
  readonly #shown: (tool: Tool) => void;

  /** shown: is told which one comes into sight. */
  constructor(shown: (tool: Tool) => void) {
    this.#shown = shown;
    this.#tabs = [...this.#side.querySelectorAll<HTMLButtonElement>('[role=tab]')];
    for (const tab of this.#tabs) {
      tab.addEventListener('click', () => this.show(this.#toolOf(tab)));
      tab.addEventListener('keydown', (event) => this.#move(event));
    }
    this.#toggle.addEventListener('click', () => {
      if (this.#side.hidden) {
        this.show(this.#toolOf(this.#selected()), true);
      } else {
        this.hide();
      }
    });
    this.#select(this.#tabs[0]!);
  }

  show(tool: Tool, focus = false) {
    const tab = byId<HTMLButtonElement>(`tab-${tool}`);
    this.#select(tab);
    this.#side.hidden = false;
    this.#side.classList.toggle('wide', tool === 'source');
    this.#toggle.setAttribute('aria-expanded', 'true');
    if (focus) {
      tab.focus();
    }
    this.#shown(tool);
  }
  hide() {
    this.#side.hidden = true;
    this.#toggle.setAttribute('aria-expanded', 'false');
  }
  get current(): Tool | null {
    return this.#side.hidden ? null : this.#toolOf(this.#selected());
  }

  #toolOf(tab: HTMLElement): Tool {
    return tab.id.slice('tab-'.length) as Tool;
  }
  #selected(): HTMLButtonElement {
    return this.#tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? this.#tabs[0]!;
  }
  #select(selected: HTMLElement) {
    for (const tab of this.#tabs) {
      const is = tab === selected;
      tab.setAttribute('aria-selected', String(is));
      tab.tabIndex = is ? 0 : -1;
      byId(tab.getAttribute('aria-controls')!).hidden = !is;
    }
  }
  #move(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const at = this.#tabs.indexOf(event.currentTarget as HTMLButtonElement);
    const next = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length]!;
    this.show(this.#toolOf(next), true);
  }
}
