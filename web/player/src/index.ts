/** The player for any page, all in one file: importing it defines `<leveret-player>`. */
import { define, LeveretElement } from './define';
import { kInlineParts } from './inline_parts';

export const LeveretPlayer = define(kInlineParts);
export type LeveretPlayer = LeveretElement;

export type { Assembled, Diagnostic } from './computer';
export type { PlayerEventMap, Program } from './element';
export type { LoadOptions } from './player';
export { Button, MouseButton } from './protocol';
export type { About, EngineInfo, Files, Input, Stream } from './protocol';
