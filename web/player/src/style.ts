/** How the player looks. Colours and sizes that pages may want to change are properties on top. */
export const kStyle = `
:host {
  --_ring: var(--leveret-ring, #c9803f);
  --_ground: var(--leveret-ground, transparent);
  --_ink: var(--leveret-ink, #f3ede4);
  --_panel: var(--leveret-panel, #26221ef2);
  --_pad: var(--leveret-pad, #8a7a6a40);
  --_pad-ink: var(--leveret-pad-ink, currentColor);
  display: block;
  aspect-ratio: 8 / 5;
  container-type: size;
  font: 15px/1.4 system-ui, sans-serif;
}
:host([hidden]) { display: none; }
.frame {
  box-sizing: border-box;
  width: 100%;
  height: 100%;
  display: grid;
  grid-template: "stage stage stage" minmax(0, 1fr) / auto minmax(0, 1fr) auto;
}
.frame.pads { grid-template-rows: minmax(0, 1fr) auto; grid-template-areas: "stage stage stage" "directions keyboard buttons"; }
.stage { grid-area: stage; position: relative; min-width: 0; min-height: 0; overflow: hidden; background: var(--_ground); }
canvas { position: absolute; image-rendering: pixelated; touch-action: none; background: #000; border-radius: 2px; }
canvas.shrunk { image-rendering: auto; }
:host(:focus-within) canvas { outline: 2px solid var(--_ring); outline-offset: 1px; }
textarea {
  position: absolute; left: 0; bottom: 0; width: 1px; height: 1em; padding: 0; border: 0; margin: 0;
  opacity: 0; resize: none; pointer-events: none; font-size: 16px; overflow: hidden; white-space: pre;
}
.message {
  position: absolute; left: 50%; top: 50%; transform: translate(-50%, -50%);
  box-sizing: border-box; width: max-content; max-width: calc(100% - 16px); max-height: calc(100% - 16px); overflow: auto;
  padding: 14px 18px; border-radius: 10px; background: var(--_panel); color: var(--_ink);
  text-align: center; overflow-wrap: anywhere;
}
.message[hidden], .pad[hidden], .keyboard[hidden] { display: none; }
.message p { margin: 0 0 10px; white-space: pre-line; }
.message p:last-child { margin: 0; }
button { font: inherit; color: inherit; }
.message button {
  padding: 6px 14px; border: 1px solid currentColor; border-radius: 18px; background: none; cursor: pointer; min-height: 36px;
}
.message button:hover { background: #ffffff22; }
button:focus-visible { outline: 2px solid var(--_ring); outline-offset: 2px; }

.pad { touch-action: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; color: var(--_pad-ink); }
.pad button { border: 0; background: var(--_pad); padding: 0; pointer-events: none; font-size: 13px; font-weight: 600; }
.pad button[aria-pressed=true] { background: var(--_ring); color: #fff; }
.pad button.sticky { box-shadow: 0 0 0 3px var(--_ring); }
.directions { grid-area: directions; width: 132px; height: 132px; margin: 8px; display: grid; grid-template: repeat(3, 1fr) / repeat(3, 1fr); align-self: center; }
.directions .up { grid-area: 1 / 2; border-radius: 10px 10px 0 0; }
.directions .left { grid-area: 2 / 1; border-radius: 10px 0 0 10px; }
.directions .right { grid-area: 2 / 3; border-radius: 0 10px 10px 0; }
.directions .down { grid-area: 3 / 2; border-radius: 0 0 10px 10px; }
.directions::after { content: ""; grid-area: 2 / 2; background: var(--_pad); }
.buttons { grid-area: buttons; margin: 8px; display: grid; grid-template: 44px 1fr / 66px 66px; gap: 10px; height: 132px; align-self: center; }
.buttons button { border-radius: 999px; }
.buttons .a, .buttons .b { font-size: 20px; height: 66px; width: 66px; align-self: end; }
.keyboard { grid-area: keyboard; place-self: center; border: 0; border-radius: 999px; width: 48px; height: 48px; background: var(--_pad); color: var(--_pad-ink); font-size: 22px; cursor: pointer; touch-action: manipulation; }
@container (min-aspect-ratio: 3/2) and (max-height: 480px) {
  .frame.pads {
    grid-template: "directions stage buttons" minmax(0, 1fr) "keyboard stage buttons" auto / auto minmax(0, 1fr) auto;
  }
}
`;
