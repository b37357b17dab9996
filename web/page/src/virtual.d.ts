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
