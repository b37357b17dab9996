/// <reference types="vite/client" />
declare module '*?url&inline' {
  const address: string;
  export default address;
}
declare module '*?url&no-inline' {
  const address: string;
  export default address;
}
