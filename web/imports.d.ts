/// <reference types="vite/client" />
/** What the build makes of imports that are no scripts. */
declare module '*?url&no-inline' {
  const address: string;
  export default address;
}
declare module 'virtual:packed-wasm' {
  /** leveret.wasm, compressed (deflate-raw), in base64. */
  const packed: string;
  export default packed;
}
declare module 'virtual:demos' {
  interface BuiltDemo {
    name: string;
    title: string;
    description: string;
    /** Base64; of the icon, empty if there is none. */
    rom: string;
    icon: string;
    terminalOnly: boolean;
  }
  const programs: BuiltDemo[];
  export default programs;
  export const launcher: string;
}
