/** Puts scripts and styles into the HTML file that wants them, and that file where it is to be. */
import type { Plugin } from 'vite';

/** name: of the file that comes out. */
export function oneFile(name: string): Plugin {
  return {
    name: 'leveret-one-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = Object.values(bundle).find(({ fileName }) => fileName.endsWith('.html'));
      if (page?.type !== 'asset') {
        this.error('there is no page');
      }
      let html = String(page.source);
      for (const [fileName, part] of Object.entries(bundle)) {
        if (part.type === 'chunk') {
          // Inside of strings, which is where it can be, \/ is the same as /.
          const code = part.code.replaceAll('</script', '<\\/script');
          const tag = new RegExp(`<script [^>]*src="[^"]*${fileName}"[^>]*></script>`);
          // At the end: the elements have to be there.
          html = html.replace(tag, '').replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
          delete bundle[fileName];
        } else if (fileName.endsWith('.css')) {
          const tag = new RegExp(`<link [^>]*href="[^"]*${fileName}"[^>]*>`);
          html = html.replace(tag, () => `<style>${String(part.source)}</style>`);
          delete bundle[fileName];
        }
      }
      page.source = html;
      page.fileName = name;
    },
  };
}
