/** Small helpers for the page's elements. */

export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`the page has no #${id}`);
  }
  return element as T;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<Omit<HTMLElementTagNameMap[K], 'style'>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function plainButton(text: string, label: string, act: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', className: 'plain', textContent: text, onclick: act });
  button.setAttribute('aria-label', label);
  return button;
}

/** Has the browser save a file. */
export function download(name: string, contents: Blob | Uint8Array) {
  const blob = contents instanceof Blob ? contents : new Blob([contents as BlobPart]);
  const address = URL.createObjectURL(blob);
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** As in "snake-2026-11-30-12-34-56". */
export function dated(name: string): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
  return `${name.replace(/\.(rom|tal)$/i, '') || 'program'}-${parts.map(two).join('-')}`;
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A word to the user, over everything, until it is read or has been there for a while. */
export function notice(text: string, stays = false) {
  const list = byId('notices');
  for (const old of list.children) {
    if (old.firstChild?.textContent === text) {
      old.remove();
    }
  }
  const entry = make('div', { className: 'notice' }, make('span', { textContent: text }));
  const close = make('button', { type: 'button', textContent: '×', onclick: () => entry.remove() });
  close.setAttribute('aria-label', 'Close this message');
  entry.append(close);
  list.append(entry);
  if (!stays) {
    setTimeout(() => entry.remove(), Math.max(4000, text.length * 70));
  }
}
