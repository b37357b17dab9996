/** The start: what takes its time begins before the rest of the page is even read. */
import { message, notice } from './elements';
import { kParts, prepareParts } from './parts';
import { Storage } from './storage';

/** What this browser would need and does not have; nothing: it has all. */
function lacks(): string | null {
  const needed: [string, boolean][] = [
    ['WebAssembly', typeof WebAssembly === 'object'],
    ['Workers', typeof Worker === 'function'],
    ['custom elements', typeof customElements === 'object'],
    ['style sheets from scripts', typeof CSSStyleSheet === 'function' && 'replaceSync' in CSSStyleSheet.prototype],
  ];
  const missing = needed.filter(([, there]) => !there).map(([name]) => name);
  return missing.length === 0 ? null : missing.join(', ');
}

async function start() {
  const missing = lacks();
  if (missing !== null) {
    throw new Error(`it has no ${missing}. Any browser of 2024 or later does`);
  }
  prepareParts();
  const storage = new Storage((text) => notice(text, true));
  const { showPage } = await import('./page');
  showPage(kParts, storage);
}

start().catch((error) => {
  const place = document.getElementById('start');
  place?.classList.add('bad');
  const paragraph = place?.querySelector('p');
  if (paragraph) {
    paragraph.textContent = `This browser cannot run Leveret: ${message(error)}.`;
  }
});
