import { LeveretElement } from './element';
import type { Assets } from './player';

export { LeveretElement };

declare global {
  interface HTMLElementTagNameMap {
    'leveret-player': LeveretElement;
  }
}

/** Defines `<leveret-player>` with its parts in these places. */
export function define(assets: Assets): new () => LeveretElement {
  class LeveretPlayer extends LeveretElement {
    constructor() {
      super(assets);
    }
  }
  customElements.define('leveret-player', LeveretPlayer);
  return LeveretPlayer;
}
