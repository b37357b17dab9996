/** Has the browser fetch machine and page at once, not only when a script asks for them. */
import type { Plugin } from 'vite';

export function preload(): Plugin {
  return {
    name: 'leveret-preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) =>
        Object.entries(bundle ?? {}).flatMap(([name, part]) => {
          const link = (attrs: Record<string, string | boolean>) => ({
            tag: 'link',
            attrs: { ...attrs, crossorigin: true, href: `./${name}` },
            injectTo: 'head' as const,
          });
          if (name.endsWith('.wasm')) {
            return [link({ rel: 'preload', as: 'fetch' })];
          }
          const isPage = part.type === 'chunk' && part.facadeModuleId?.endsWith('/page/src/page.ts');
          return isPage ? [link({ rel: 'modulepreload' })] : [];
        }),
    },
  };
}
